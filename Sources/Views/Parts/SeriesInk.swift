import RopewalkCellGrid

/// How the lines of a chart are told apart: by colour, and by a symbol where there are none.
struct SeriesInk {
    let symbol: String
    let style: Style

    private static let symbols = ["o", "x", "+", "*", "#", "%", "@", "&"]
    /// Named colours that differ in lightness too.
    private static let colours: [UInt8] = [7, 3, 6, 5, 2, 4, 1, 8]

    static func ink(_ index: Int, look: Look, isStrong: Bool = false) -> SeriesInk {
        let place = index % symbols.count
        let attributes: Style.Attributes = isStrong ? .bold : []
        let style =
            look.depth == .none
            ? Style(attributes: attributes) : Style(foreground: .ansi(colours[place]), attributes: attributes)
        return SeriesInk(symbol: symbols[place], style: style)
    }
}

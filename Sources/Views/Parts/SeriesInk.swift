import RopewalkCellGrid

/// How the lines of a chart are told apart: by colour where there are colours, and by a symbol.
struct SeriesInk {
    let symbol: String
    let style: Style

    private static let symbols = ["o", "x", "+", "*", "#", "%", "@", "&"]

    static func ink(_ index: Int, look: Look, isStrong: Bool = false) -> SeriesInk {
        let series = look.theme.series
        var style = series[index % series.count]
        if isStrong { style.attributes.formUnion(look.theme.emphasis) }
        return SeriesInk(symbol: symbols[index % symbols.count], style: style)
    }
}

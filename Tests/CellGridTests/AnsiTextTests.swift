import RopewalkCellGrid
import TestSupport
import Testing

@Suite struct AnsiTextTests {
    static func picture() -> Grid {
        var grid = Grid(size: Size(width: 30, height: 6))
        let theme = Theme(depth: .indexed256)
        grid.box(grid.bounds, style: theme.border, title: "Map", titleStyle: theme.title, focused: true)
        let ramp = Ramp(.viridis, depth: .indexed256)
        for x in 0..<24 { grid.put(ramp.cell(upper: x, lower: 23 - x), x: 2 + x, y: 2) }
        grid.write("中文", x: 2, y: 3, style: Style(foreground: .ansi(9), attributes: [.underline, .bold]))
        return grid
    }

    @Test(arguments: ColourDepth.allCases)
    func escapesMatchTheGolden(_ depth: ColourDepth) {
        let text = AnsiText.text(Self.picture(), depth: depth).replacing("\u{1B}", with: "␛")
        let difference = Golden.difference(text, "ansi-\(depth.rawValue)")
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test func equalStylesAreSentOnceAndLinesEndPlain() {
        var grid = Grid(size: Size(width: 4, height: 2))
        grid.write("abcd", x: 0, y: 0, style: Style(foreground: .ansi(1)))
        #expect(AnsiText.text(grid, depth: .ansi8) == "\u{1B}[0;31mabcd\u{1B}[0m\n\n")
        #expect(AnsiText.text(grid, depth: .none) == "abcd\n\n")
        #expect(PlainText.text(grid) == "abcd\n\n")
    }

    @Test func stylesHaveALetterAndALegend() {
        let difference = Golden.difference(
            PlainText.text(Self.picture()) + StyleMap(Self.picture()).text, "styles")
        #expect(difference == nil, "\(difference ?? "")")
    }
}

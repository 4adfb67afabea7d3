import RopewalkCellGrid
import RopewalkPhrases

/// How the lines of a chart are told apart: by a symbol, and by dashes and colour where there are colours.
struct SeriesInk {
    /// Of the line among all.
    let index: Int
    let isStrong: Bool
    let symbol: String
    let style: Style
    /// Dots that are drawn and left out, in turn, along a line; empty: all are drawn.
    let dashes: [Int]
    /// The line as a legend shows it.
    let sample: String

    private static let symbols = ["o", "x", "+", "*", "#", "%", "@", "&", "s", "v", "k", "z", "n", "e", "w", "u"]
    private static let patterns: [(dashes: [Int], sample: String)] = [
        ([], "━"), ([6, 2], "╍"), ([2, 2], "┅"), ([8, 2, 2, 2], "┉"), ([4, 4], "╌"), ([14, 2], "┄"), ([2, 4], "┈"),
        ([6, 2, 2, 2, 2, 2], "╼"),
    ]

    static func ink(_ index: Int, look: Look, isStrong: Bool = false) -> SeriesInk {
        let series = look.theme.series
        var style = series[index % series.count]
        if isStrong { style.attributes.formUnion(look.theme.emphasis) }
        let pattern = patterns[index % patterns.count]
        let symbol = symbols[index % symbols.count]
        return SeriesInk(
            index: index, isStrong: isStrong, symbol: symbol, style: style, dashes: pattern.dashes,
            sample: look.depth == .none ? symbol : pattern.sample)
    }

    /// What stands for it in a legend: among several lines the symbol that its own line has here and there.
    func mark(among count: Int) -> String { count > 1 ? symbol : sample }

    /// Whether a dot of a column of dots is drawn.
    func isDrawn(column: Int) -> Bool {
        let length = dashes.reduce(0, +)
        guard length > 0 else { return true }
        var place = column % length
        for (index, part) in dashes.enumerated() {
            if place < part { return index % 2 == 0 }
            place -= part
        }
        return true
    }
}

/// Lines of a chart that lie on others, where only the upper one could be seen.
enum CoveredLines {
    /// "ntk, yarn: as rope": for each line that others lie on their names, in the order of the lines.
    /// - Parameter tolerance: how far apart two lines may be at any place and still be one on the screen
    static func words(_ lines: [[LineChart.Point]], names: [String], tolerance: Double) -> [String] {
        var groups: [(first: Int, others: [Int])] = []
        for (index, line) in lines.enumerated() where !line.isEmpty {
            if let place = groups.firstIndex(where: { isSame(lines[$0.first], line, tolerance) }) {
                groups[place].others.append(index)
            } else {
                groups.append((index, []))
            }
        }
        return groups.filter { !$0.others.isEmpty }.map { group in
            group.others.map { names[$0] }.joined(separator: ", ") + say(": as ") + names[group.first]
        }
    }

    private static func isSame(_ a: [LineChart.Point], _ b: [LineChart.Point], _ tolerance: Double) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { $0.x == $1.x && abs($0.y - $1.y) <= tolerance }
    }

    /// Titles without what stands behind a colon, where they are told apart by that.
    static func names(_ titles: [String]) -> [String] {
        let short = titles.map { title in title.split(separator: ":").first.map(String.init) ?? title }
        return Set(short).count == short.count ? short : titles
    }
}

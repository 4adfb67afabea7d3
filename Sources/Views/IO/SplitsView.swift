import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// How one query reads keys that are split among workers (Flash-Decoding): a softmax of each part, joined at the end.
package struct SplitsView: Sendable {
    let split: SplitDecoding
    let query: Int
    let look: Look

    package init(split: SplitDecoding, query: Int, look: Look) {
        (self.split, self.query, self.look) = (split, query, look)
    }

    /// The page whose name stands there.
    package func page(atX x: Int, y: Int, in rect: Rect) -> IOPage? {
        y == rect.y ? IOTabs(shown: .splits).tabs(in: rect).first { $0.cells.contains(x) }?.page : nil
    }

    /// What stands in the upper border.
    package var facts: [[String]] {
        let count = split.parts.count
        return [[say("\(count.grouped) \(count, one: "part", many: "parts") of the keys")]]
    }

    /// A column of the table.
    private enum Column: CaseIterable {
        case keys, seen, highest, sum, logSumExp, share, result

        var title: String {
            switch self {
            case .keys: say("keys")
            case .seen: say("seen")
            case .highest: "m"
            case .sum: "l"
            case .logSumExp: "m + ln l"
            case .share: say("share")
            case .result: "|o/l|"
            }
        }

        var width: Int { self == .keys ? 15 : 9 }

        func text(_ part: SplitDecoding.Part) -> String {
            switch self {
            case .keys: "\(part.keys.lowerBound.grouped)–\((part.keys.upperBound - 1).grouped)"
            case .seen: part.seen.grouped
            case .highest: IOFigures.number(part.state.highest)
            case .sum: IOFigures.number(part.state.sum)
            case .logSumExp: IOFigures.number(part.state.logSumExp)
            case .share: Figures.weight(part.share)
            case .result: IOFigures.number(IOFigures.length(part.state.result))
            }
        }

        static let ranking: [Column] = [.share, .logSumExp, .keys, .sum, .highest, .seen, .result]
    }

    private func columns(_ width: Int) -> [Column] {
        var room = width
        let chosen = Column.ranking.filter { column in
            guard room >= column.width else { return false }
            room -= column.width
            return true
        }
        return Column.allCases.filter(chosen.contains)
    }

    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        IOTabs(shown: .splits).draw(
            in: Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), theme: look.theme, on: &grid)
        var y = rect.y + 1
        func write(_ text: String, _ style: Style) {
            for line in Sentence.wrapped(text, width: rect.width) where y < rect.maxY {
                grid.write(line, x: rect.x, y: y, style: style, in: rect)
                y += 1
            }
        }
        write(
            say("Query \(query.grouped): every part of the keys has a softmax of its own, worked on at once."),
            look.theme.dim)
        let ending = ending.flatMap { Sentence.wrapped($0, width: rect.width) }
        let room = max(0, rect.maxY - y - ending.count)
        let columns = columns(rect.width)
        if room >= 2 {
            draw(columns.map { ($0, $0.title) }, y: y, style: look.theme.dim, in: rect, on: &grid)
            y += 1
            // The last line says how many have no room.
            let shown = split.parts.count <= room - 1 ? split.parts.count : max(0, room - 2)
            for part in split.parts.prefix(shown) {
                draw(columns.map { ($0, $0.text(part)) }, y: y, style: look.theme.text, in: rect, on: &grid)
                drawBar(part.share, after: columns.reduce(0) { $0 + $1.width } + 1, y: y, in: rect, on: &grid)
                y += 1
            }
            let rest = split.parts[shown...]
            if !rest.isEmpty {
                let share = Figures.weight(rest.reduce(0) { $0 + $1.share })
                let text = say("… \(rest.count.grouped) more \(rest.count, one: "part", many: "parts"), share \(share)")
                grid.write(text, x: rect.x, y: y, style: look.theme.dim, in: rect)
                y += 1
            }
        }
        for line in ending where y < rect.maxY {
            grid.write(line, x: rect.x, y: y, style: look.theme.text, in: rect)
            y += 1
        }
    }

    private func drawBar(_ share: Float, after x: Int, y: Int, in rect: Rect, on grid: inout Grid) {
        let width = min(24, rect.width - x - 1)
        guard width >= 4 else { return }
        grid.write(
            Bar.line(Double(share), width: width), x: rect.x + x, y: y, style: look.theme.good, in: rect)
    }

    private func draw(_ cells: [(Column, String)], y: Int, style: Style, in rect: Rect, on grid: inout Grid) {
        var x = rect.x
        for (column, text) in cells {
            grid.write(Figures.padded(text, to: column.width), x: x, y: y, style: style, in: rect)
            x += column.width
        }
    }

    /// How the parts are joined, what that gives and moves, and how far it is from the plain softmax.
    var ending: [String] {
        let number = IOFigures.number
        let merged = split.merged
        let difference = Figures.scientificOrZero(Double(split.difference))
        return [
            say(
                "Joined: m = max of all \(number(merged.highest)); l = Σ exp(m of a part − m) · l of the part = \(number(merged.sum)); the same with o; share = exp(its m + ln l − \(number(merged.logSumExp)))."
            ),
            say(
                "plain softmax: |output| \(number(IOFigures.length(split.plain))) · largest difference \(difference) · \(split.joined.grouped) numbers moved to join"
            ),
        ]
    }
}

import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension TilesView {
    /// A column of the row's table.
    private enum Column: CaseIterable {
        case keys, tileHighest, highest, factor, added, sum, output, result

        var title: String {
            switch self {
            case .keys: say("keys")
            case .tileHighest: say("max")
            case .highest: "m"
            case .factor: "a"
            case .added: "Σp"
            case .sum: "l"
            case .output: "|o|"
            case .result: "|o/l|"
            }
        }

        var width: Int { self == .keys ? 15 : 8 }

        func text(_ step: TileRow.Step) -> String {
            switch self {
            case .keys: "\(step.keys.lowerBound.grouped)–\((step.keys.upperBound - 1).grouped)"
            case .tileHighest: IOFigures.number(step.change.highest)
            case .highest: IOFigures.number(step.state.highest)
            case .factor: Figures.weight(step.change.factor)
            case .added: IOFigures.number(step.change.added)
            case .sum: IOFigures.number(step.state.sum)
            case .output: IOFigures.number(IOFigures.length(step.state.output))
            case .result: IOFigures.number(IOFigures.length(step.state.result))
            }
        }

        static let ranking: [Column] = [.highest, .sum, .result, .keys, .factor, .output, .added, .tileHighest]
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

    /// The step of the row at the tile that is being worked on, or the last one done.
    var rowStep: Int? { row?.steps.lastIndex { isDone(column: $0.column) } }

    func drawTable(in rect: Rect, on grid: inout Grid) {
        guard rect.width >= 16, rect.height >= 1 else { return }
        guard let row else {
            return grid.writeNotice(say("The row of the cursor is not known yet."), in: rect, style: look.theme.dim)
        }
        var y = rect.y
        let sentences = formulas(row).flatMap { Sentence.wrapped($0, width: rect.width) }
        let most = max(1, min(sentences.count, rect.height - 4))
        for line in sentences.prefix(most) {
            grid.write(line, x: rect.x, y: y, style: look.theme.text, in: rect)
            y += 1
        }
        let columns = columns(rect.width)
        guard rect.maxY - y >= 2 else { return }
        draw(columns.map { ($0, $0.title) }, y: y, style: look.theme.dim, in: rect, on: &grid)
        y += 1
        let hasEnd = rect.maxY - y >= 2
        let room = rect.maxY - y - (hasEnd ? 1 : 0)
        let chosen = rowStep
        let first = room > 0 ? (chosen ?? 0) / room * room : 0
        for (index, step) in row.steps.enumerated().dropFirst(first).prefix(room) {
            let style =
                index == chosen ? look.theme.selection : isDone(column: step.column) ? look.theme.text : look.theme.dim
            draw(columns.map { ($0, $0.text(step)) }, y: y, style: style, in: rect, on: &grid)
            y += 1
        }
        if hasEnd {
            grid.write(
                Sentence.fitting(ending(row), width: rect.width), x: rect.x, y: y, style: look.theme.dim, in: rect)
        }
    }

    private func draw(_ cells: [(Column, String)], y: Int, style: Style, in rect: Rect, on grid: inout Grid) {
        var x = rect.x
        for (column, text) in cells {
            grid.write(
                Figures.padded(text, to: column.width), x: x, y: y, style: style, in: rect)
            x += column.width
        }
    }

    /// The formulas with the numbers of the step.
    private func formulas(_ row: TileRow) -> [String] {
        guard let index = rowStep else {
            return [say("The cursor's row \(row.query.grouped) has not begun: m = −∞, l = 0, o = 0.")]
        }
        let (step, before) = (row.steps[index], index > 0 ? row.steps[index - 1].state : nil)
        let m = before?.highest ?? -.infinity
        let number = IOFigures.number
        return [
            say(
                "m = max(\(number(m)), \(number(step.change.highest))) = \(number(step.state.highest)); a = exp(m before − m) = \(Figures.weight(step.change.factor))"
            ),
            say(
                "l = a · \(number(before?.sum ?? 0)) + \(number(step.change.added)) = \(number(step.state.sum)); o = a · o + Σ exp(score − m) · value"
            ),
        ]
    }

    /// What the plain softmax gives, and how far the two are apart.
    private func ending(_ row: TileRow) -> [[String]] {
        let length = IOFigures.number(IOFigures.length(row.plain))
        let difference = Figures.scientificOrZero(Double(row.difference))
        var parts = [
            [say("plain softmax: |output| \(length)"), "softmax \(length)"],
            [say("largest difference \(difference)"), "Δ \(difference)"],
        ]
        if let sink = row.sink {
            parts.append([say("with the learned sink l is \(IOFigures.number(sink.state.sum))")])
        }
        return parts
    }
}

extension Figures {
    /// A difference that is rounding, or none.
    static func scientificOrZero(_ value: Double) -> String { value > 0 ? scientific(value) : "0" }
}

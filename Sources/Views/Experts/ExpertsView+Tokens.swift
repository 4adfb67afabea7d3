import Foundation
import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// The text as a ribbon: below each token the letters of its experts.
extension ExpertsView {
    struct RibbonCell: Equatable {
        let token: Int
        /// With the blank after it.
        let cells: Range<Int>
    }

    struct RibbonFrame {
        let note: Rect
        let words: Rect
        let strip: Rect
    }

    func ribbonFrame(in rect: Rect) -> RibbonFrame {
        let note = rect.height >= 3 ? 1 : 0
        let strip = rect.height >= 6 && rect.width >= 24 ? 1 : 0
        return RibbonFrame(
            note: Rect(x: rect.x, y: rect.y, width: rect.width, height: note),
            words: Rect(x: rect.x, y: rect.y + note, width: rect.width, height: max(0, rect.height - note - strip)),
            strip: Rect(x: rect.x, y: rect.maxY - strip, width: rect.width, height: strip))
    }

    /// The tokens that are shown, line by line, the cursor's among them. A line is two rows high.
    func ribbon(in rect: Rect) -> [[RibbonCell]] {
        let rows = rect.height / 2
        guard let router, rows > 0, rect.width > 0 else { return [] }
        // So that moving on a little does not move the text.
        let first = max(0, (cursor - rows * rect.width / 8) / 64 * 64)
        var lines: [[RibbonCell]] = [[]]
        var x = rect.x
        var token = first
        var here: Int?
        let tokens = router.tokens
        while token < tokens {
            let width = min(rect.width, max(CellWidth.of(word(token)), router.chosen + 1) + 1)
            if x + width - 1 > rect.maxX {
                if let here, lines.count >= rows, lines.count - here > rows / 2 { break }
                lines.append([])
                x = rect.x
            }
            lines[lines.count - 1].append(RibbonCell(token: token, cells: x..<min(rect.maxX, x + width)))
            if token == cursor { here = lines.count - 1 }
            x += width
            token += 1
        }
        let top = max(0, min((here ?? lines.count - 1) - rows / 2, lines.count - rows))
        return Array(lines.dropFirst(top).prefix(rows))
    }

    private func word(_ token: Int) -> String { CellWidth.truncated(name(token), to: 14) }

    func drawTokens(in rect: Rect, on grid: inout Grid) {
        guard let router else { return }
        let frame = ribbonFrame(in: rect)
        if frame.note.height > 0 {
            let legend = [
                [say("letters: experts, the strongest first; bar: its gate"), say("letters: experts; bar: gate")],
                [say("✗ no room"), "✗"], roomWords,
            ]
            grid.write(
                Sentence.fitting(legend, width: rect.width), x: rect.x, y: frame.note.y, style: look.theme.dim,
                in: frame.note)
        }
        for (row, line) in ribbon(in: frame.words).enumerated() {
            for cell in line { draw(cell, router, y: frame.words.y + 2 * row, in: frame.words, on: &grid) }
        }
        drawEntropy(router, in: frame.strip, on: &grid)
    }

    private func draw(_ cell: RibbonCell, _ router: RouterReading, y: Int, in rect: Rect, on grid: inout Grid) {
        let experts = router.experts(cell.token)
        let places = experts.indices.map { cell.token * router.chosen + $0 }
        let isLost = !places.isEmpty && places.allSatisfy(isDropped)
        let own = experts.first.map(style) ?? look.theme.text
        let style = cell.token == cursor ? look.cursor : isLost ? look.theme.dropped : own
        let room = rect.maxX - cell.cells.lowerBound
        grid.writeTruncated(
            word(cell.token), x: cell.cells.lowerBound, y: y, width: min(room, cell.cells.count), style: style,
            in: rect)
        guard y + 1 < rect.maxY else { return }
        var x = cell.cells.lowerBound
        for (rank, expert) in experts.enumerated() {
            let isGone = isDropped(places[rank])
            let letter = isGone ? "✗" : ExpertMarks.letter(expert)
            x = grid.write(letter, x: x, y: y + 1, style: isGone ? look.theme.dropped : self.style(expert), in: rect)
        }
        let gate = router.gates(cell.token).first.map { Float($0) / max(router.rule.scale, .leastNormalMagnitude) } ?? 0
        grid.write(
            Spark.line([min(1, gate)]), x: x, y: y + 1, style: isLost ? look.theme.dim : own, in: rect)
    }

    /// How undecided the router was, a cell a token around the cursor.
    private func drawEntropy(_ router: RouterReading, in rect: Rect, on grid: inout Grid) {
        guard rect.height > 0, let loads, !loads.entropies.isEmpty else { return }
        let highest = Float(log2(Double(max(2, router.count))))
        let label = say("entropy ")
        let here = loads.entropies.indices.contains(cursor) ? loads.entropies[cursor] : .nan
        let number =
            " " + say("\(Figures.fixed(Double(here), 2)) of \(Figures.fixed(Double(highest), 2)) bits")
        let width = rect.width - CellWidth.of(label) - CellWidth.of(number)
        guard width >= 8 else { return }
        let first = max(0, min(cursor - width / 2, loads.entropies.count - width))
        let shown = loads.entropies[first..<min(loads.entropies.count, first + width)].map { $0 / highest }
        var x = grid.write(label, x: rect.x, y: rect.y, style: look.theme.dim, in: rect)
        grid.write(Spark.line(Array(shown)), x: x, y: rect.y, style: look.theme.text, in: rect)
        if shown.indices.contains(cursor - first) {
            grid.write(
                Spark.line([shown[cursor - first]]), x: x + cursor - first, y: rect.y, style: look.cursor, in: rect)
        }
        x += shown.count
        grid.write(number, x: x, y: rect.y, style: look.theme.dim, in: rect)
    }
}

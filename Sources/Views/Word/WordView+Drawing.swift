import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension WordView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        let frame = frame(in: rect)
        if let y = frame.tabs { drawTabs(y: y, in: rect, on: &grid) }
        for (row, line) in formulaLines(width: rect.width).prefix(frame.formula.height).enumerated() {
            grid.write(
                line.text, x: rect.x + 1, y: frame.formula.y + row,
                style: line.isGeneral ? look.theme.dim : look.theme.text, in: rect)
        }
        guard step.isOfKeys else {
            let top = frame.formula.maxY
            return drawFacts(in: Rect(x: rect.x, y: top, width: rect.width, height: rect.maxY - top), on: &grid)
        }
        let columns = WordColumns(width: rect.width, step: step)
        if let y = frame.titles { drawTitles(columns, y: y, in: rect, on: &grid) }
        let page = page(height: frame.rows.height)
        for (row, index) in page.enumerated() {
            draw(
                cells(of: lines[index]), columns, y: frame.rows.y + row, isSelected: index == selected, in: rect,
                on: &grid)
        }
        if let y = frame.rest {
            draw(restCells(page, width: columns.name), columns, y: y, isSelected: false, in: rect, on: &grid)
        }
        if let y = frame.sum { draw(sumCells, columns, y: y, isSelected: false, in: rect, on: &grid) }
    }

    private func drawTabs(y: Int, in rect: Rect, on grid: inout Grid) {
        for (step, cells) in tabs(in: rect) {
            let style =
                step == self.step
                ? look.theme.selection : step.place < self.step.place ? look.theme.text : look.theme.dim
            grid.write(" \(step.title) ", x: cells.lowerBound, y: y, style: style, in: rect)
        }
    }

    private func drawTitles(_ columns: WordColumns, y: Int, in rect: Rect, on grid: inout Grid) {
        grid.writeTruncated(say("key"), x: rect.x + 1, y: y, width: columns.name - 1, style: look.theme.dim, in: rect)
        var x = rect.x + columns.name + 1
        for column in columns.columns {
            let width = columns.width(column)
            let style = column.step == step ? look.theme.title : look.theme.dim
            grid.writeRight(column.title, endX: x + width, y: y, width: width, style: style, in: rect)
            x += width + 1
        }
    }

    /// A line of the table as texts, one a column, and how it is written.
    private struct Cells {
        let name: String
        /// What sets a key apart; said where there is room.
        var kind = ""
        var style: Style?
        let texts: [WordColumns.Column: String]
        /// The share of the bar, of the highest weight.
        var bar: Float = 0
    }

    private func cells(of line: Line) -> Cells {
        switch line {
        case .key(let index): return cells(of: reading.keys[index])
        case .sink:
            guard let sink = reading.sink else { return Cells(name: "", texts: [:]) }
            return Cells(
                name: say("learned sink"), style: look.theme.warning,
                texts: [
                    .score: Figures.fixed(Double(sink.score), 2), .mask: say("none"),
                    .exponential: Figures.weight(sink.exponential), .weight: Figures.weight(sink.weight),
                    .value: say("none"),
                    .share: say("nothing"),
                ], bar: bar(sink.weight))
        }
    }

    private func cells(of key: WordReading.Key) -> Cells {
        let kind = kind(key.token)
        return Cells(
            name: name(key.token), kind: kind,
            style: key.token == reading.query ? look.cursor : kind.isEmpty ? nil : look.theme.warning,
            texts: [
                .place: key.token.grouped, .score: Figures.fixed(Double(key.score), 2),
                .mask: key.isSeen ? key.rule.mark : "−∞ " + String(key.rule.mark.prefix(5)),
                .exponential: Figures.weight(key.exponential), .weight: Figures.weight(key.weight),
                .value: Figures.fixed(Double(key.added), 3), .share: Self.percent(key.share),
            ], bar: bar(key.weight))
    }

    /// All that has no line of its own on the page.
    private func restCells(_ page: Range<Int>, width: Int) -> Cells {
        let shown = page.compactMap { index -> Int? in
            guard case .key(let place) = lines[index] else { return nil }
            return place
        }
        let rest = reading.rest(without: shown)
        let sink = page.contains { lines[$0] == .sink } ? nil : reading.sink
        // Not "204 others", which reads as token 204 where names of tokens stand above it.
        let count = rest.count.grouped
        let more = sink == nil ? "" : say(", sink")
        let names = [
            rest.count == 1 ? say("the other key") : say("all \(count) other keys"), say("+ \(count) more"),
            "+ \(count)",
        ]
        return Cells(
            name: names.map { $0 + more }.first { CellWidth.of($0) < width } ?? names[2], style: look.theme.dim,
            texts: [
                .exponential: Figures.weight(rest.exponential + (sink?.exponential ?? 0)),
                .weight: Figures.weight(rest.weight + (sink?.weight ?? 0)),
                .value: Figures.fixed(Double(rest.added), 3),
                .share: Self.percent(rest.share),
            ], bar: 0)
    }

    private var sumCells: Cells {
        let weight = reading.sum > 0 ? Float(1) : 0
        return Cells(
            name: "Σ", kind: step.place >= WordStep.value.place ? say("|w·v|: of the sum") : "",
            style: look.theme.title,
            texts: [
                .exponential: Figures.fixed(Double(reading.sum), 3), .weight: Figures.fixed(Double(weight), 2),
                .value: Figures.fixed(Double(reading.outputLength), 3),
                .share: reading.outputLength > 0 ? "100.0 %" : "0",
            ])
    }

    private func bar(_ weight: Float) -> Float {
        let highest = max(reading.keys.map(\.weight).max() ?? 0, reading.sink?.weight ?? 0)
        return highest > 0 ? weight / highest : 0
    }

    private static func percent(_ share: Float) -> String { Figures.signed(Double(share) * 100, 1) + " %" }

    private func draw(
        _ cells: Cells, _ columns: WordColumns, y: Int, isSelected: Bool, in rect: Rect, on grid: inout Grid
    ) {
        let theme = look.theme
        let plain = isSelected ? theme.selection : theme.text
        if isSelected { grid.fill(Rect(x: rect.x, y: y, width: rect.width, height: 1), style: plain) }
        let named = cells.kind.isEmpty ? cells.name : "\(cells.name) \(cells.kind)"
        let name = CellWidth.of(named) < columns.name ? named : cells.name
        grid.writeTruncated(
            name, x: rect.x + 1, y: y, width: columns.name - 1, style: isSelected ? plain : cells.style ?? plain,
            in: rect)
        var x = rect.x + columns.name + 1
        for column in columns.columns {
            let width = columns.width(column)
            defer { x += width + 1 }
            // What comes in a later step is not known yet.
            guard (column.step?.place ?? 0) <= step.place else {
                grid.writeRight(
                    "·", endX: x + width, y: y, width: width, style: isSelected ? plain : theme.dim, in: rect)
                continue
            }
            if column == .bar {
                let bar = Bar.line(Double(cells.bar), width: width)
                grid.write(bar, x: x, y: y, style: isSelected ? plain : theme.good, in: rect)
            } else {
                grid.writeRight(cells.texts[column] ?? "", endX: x + width, y: y, width: width, style: plain, in: rect)
            }
        }
    }
}

import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension MemoryStrip.Zone {
    var title: String {
        switch self {
        case .compressed: say("compressed memory")
        case .memory: say("recent memory")
        case .segment: say("own segment")
        }
    }

    /// Beside each other they differ.
    fileprivate func style(_ look: Look) -> Style {
        let series = look.theme.series
        let place = MemoryStrip.Zone.allCases.firstIndex(of: self) ?? 0
        return series.isEmpty ? look.theme.text : series[place % series.count]
    }
}

extension MemoryView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        IOTabs(shown: .segments).draw(
            in: Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), theme: look.theme, on: &grid)
        if rect.height >= 2 {
            grid.write(
                Sentence.fitting(summary, width: rect.width), x: rect.x, y: rect.y + 1, style: look.theme.dim, in: rect)
        }
        let frame = frame(in: rect)
        drawStrip(in: frame.strip, within: rect, on: &grid)
        drawList(in: frame.list, on: &grid)
    }

    private var summary: [[String]] {
        let counts = MemoryStrip.Zone.allCases.map { zone in strip.slots.count { $0.zone == zone } }
        var parts = [
            [say("the segment begins at token \(strip.start.grouped)"), say("segment from \(strip.start.grouped)")],
            [say("memory of \(counts[1].grouped) tokens"), say("memory \(counts[1].grouped)")],
        ]
        if counts[0] > 0 {
            parts.append(slotTexts(counts[0]))
        }
        return parts + [[say("reaches back \((strip.query - strip.first).grouped) tokens")]]
    }

    /// What the compressed slots are, the longest wording first.
    private func slotTexts(_ count: Int) -> [String] {
        if strip.form == .mostUsed {
            return [
                say("\(count.grouped) slots, the most used of every \(strip.rate.grouped) tokens"),
                say("\(count.grouped) slots, 1 of \(strip.rate.grouped)"),
            ]
        }
        let made = strip.form == .no ? say("their tokens, added up") : say("one state each")
        return [
            say("\(count.grouped) slots of \(strip.rate.grouped) tokens, \(made)"),
            say("\(count.grouped) slots of \(strip.rate.grouped)"),
        ]
    }

    /// What the query reads, what full attention would read, and the zones.
    private func drawStrip(in rect: Rect, within outer: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        let labels = [say("reads"), say("exact"), ""]
        let scale = Scale(kind: .logarithmic, weights: strip.slots.flatMap { [$0.weight, $0.exact] })
        for row in 0..<rect.height where rect.x > outer.x {
            grid.writeTruncated(
                labels[row], x: outer.x, y: rect.y + row, width: Self.label - 1, style: look.theme.dim, in: outer)
        }
        for cell in 0..<rect.width {
            guard let place = slot(inCell: cell, of: rect.width) else {
                grid.write("╌", x: rect.x + cell, y: rect.y, style: look.theme.dropped, in: rect)
                continue
            }
            let slot = strip.slots[place]
            let isChosen =
                selected.map { strip.slots[$0].tokens.overlaps(tokens(ofCell: cell, of: rect.width)) } ?? false
            let style = isChosen ? look.theme.selection : slot.zone.style(look)
            let values = [slot.weight, exact(inCell: cell, of: rect.width)]
            for row in 0..<min(2, rect.height) {
                let level = scale.position(of: values[row])
                grid.write(
                    level > 0 ? Spark.line([level]) : "·", x: rect.x + cell, y: rect.y + row, style: style, in: rect)
            }
        }
        if rect.height >= 3 { drawZones(in: Rect(x: rect.x, y: rect.y + 2, width: rect.width, height: 1), on: &grid) }
    }

    /// The highest that full attention gives what a cell shows.
    private func exact(inCell cell: Int, of width: Int) -> Float {
        let tokens = tokens(ofCell: cell, of: width)
        return strip.slots.reduce(0) { $1.tokens.overlaps(tokens) ? max($0, $1.exact) : $0 }
    }

    /// Under every zone its name and what it gets.
    private func drawZones(in rect: Rect, on grid: inout Grid) {
        for zone in MemoryStrip.Zone.allCases {
            let cells = (0..<rect.width).filter { cell in
                slot(inCell: cell, of: rect.width).map { strip.slots[$0].zone == zone } ?? false
            }
            guard let first = cells.first, let last = cells.last else { continue }
            let share = strip.share(zone)
            let (weight, exact) = (Figures.weight(share.weight), Figures.weight(share.exact))
            let text = Sentence.fitting(
                [["▏" + zone.title, "▏"], [say("\(weight) (exact \(exact))"), weight]], width: last - first + 1,
                separator: " ")
            grid.write(text, x: rect.x + first, y: rect.y, style: zone.style(look), in: rect)
        }
    }

    private func drawList(in rect: Rect, on grid: inout Grid) {
        guard rect.height >= 2, rect.width >= 20 else { return }
        let digits = max(6, CellWidth.of(strip.query.grouped) * 2 + 1)
        let widths = [2, min(18, max(0, rect.width - digits - 22)), digits + 1, 8, 8]
        func write(_ texts: [String], y: Int, style: Style, first: Style? = nil, on grid: inout Grid) -> Int {
            var x = rect.x
            for (place, (text, width)) in zip(texts, widths).enumerated() where width > 0 {
                let cut = CellWidth.truncated(text, to: width)
                grid.write(
                    place < 2 ? cut : Figures.padded(cut, to: width), x: x, y: y,
                    style: place == 1 ? first ?? style : style, in: rect)
                x += width
            }
            return x + 1
        }
        _ = write(
            ["", say("slot"), say("tokens"), say("weight"), say("exact")], y: rect.y, style: look.theme.dim, on: &grid)
        for (row, place) in shownLines(rect.height - 1).enumerated() {
            let (slot, y) = (strip.slots[place], rect.y + 1 + row)
            let isChosen = place == selected
            let style = isChosen ? look.theme.selection : look.theme.text
            let ends =
                slot.tokens.count == 1
                ? slot.tokens.lowerBound.grouped
                : "\(slot.tokens.lowerBound.grouped)–\((slot.tokens.upperBound - 1).grouped)"
            let x = write(
                [isChosen ? "▸" : " ", slot.zone.title, ends, Figures.weight(slot.weight), Figures.weight(slot.exact)],
                y: y, style: style, first: isChosen ? style : slot.zone.style(look), on: &grid)
            let words = slot.tokens.prefix(64).map(name).joined(separator: " ")
            grid.writeTruncated(words, x: x, y: y, width: max(0, rect.maxX - x), style: style, in: rect)
        }
    }
}

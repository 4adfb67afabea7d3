import RopewalkCellGrid

/// Where everything stands on a screen of some size.
package struct PanelLayout: Equatable, Sendable {
    /// Below this the screen says only how large it has to be.
    package static let smallest = Size(width: 40, height: 10)

    /// Whether there is one column, so that a preset takes several pages.
    static func isNarrow(_ size: Size) -> Bool { size.width < Arrangement.twoColumns }

    package let header: Rect
    package let status: Rect
    /// The panels there is room for, with their borders.
    package let panels: [Panel: Rect]
    package let isTooSmall: Bool

    /// - Parameters:
    ///   - shown: The panels that are wanted; those without room are left out, the focused one never.
    ///   - beside: What stands beside the text where there is room for one panel more and the text has the focus.
    ///   - zoomed: Whether the focused panel takes the whole screen.
    package init(size: Size, shown: Set<Panel>, focus: Panel, beside: Panel? = nil, zoomed: Bool = false) {
        header = Rect(x: 0, y: 0, width: size.width, height: min(1, size.height))
        status = Rect(x: 0, y: max(0, size.height - 1), width: size.width, height: min(1, size.height))
        isTooSmall = size.width < Self.smallest.width || size.height < Self.smallest.height
        guard !isTooSmall else {
            panels = [:]
            return
        }
        let area = Rect(x: 0, y: 1, width: size.width, height: size.height - 2)
        let wanted = zoomed || shown.isEmpty ? [focus] : Panel.allCases.filter(shown.contains)
        let arrangement = Arrangement(area: area, panels: wanted, focus: focus, beside: beside)
        panels = arrangement.rects()
    }

    /// The panel at a place of the screen.
    package func panel(atX x: Int, y: Int) -> Panel? {
        panels.first { $0.value.contains(x: x, y: y) }?.key
    }

    /// The panels from left to right, top to bottom.
    package var order: [Panel] {
        panels.sorted { ($0.value.x, $0.value.y) < ($1.value.x, $1.value.y) }.map(\.key)
    }
}

/// Distributes panels over columns, by the width there is.
private struct Arrangement {
    let area: Rect
    let panels: [Panel]
    let focus: Panel
    let beside: Panel?

    /// A panel lower than this shows nothing useful: a chart of three lines has no scale, and its legend no room. Those
    /// without room are counted in the last line.
    static let lowest = 10
    /// From these widths on there are two and three columns.
    static let twoColumns = 100
    static let threeColumns = 150

    func rects() -> [Panel: Rect] {
        let columns = area.width < Self.twoColumns ? narrow() : wide()
        let widths = widths(of: columns)
        var rects: [Panel: Rect] = [:]
        var x = area.x
        for (column, width) in zip(columns, widths) {
            let heights = share(area.height, parts: column.map { column.count > 1 ? height($0, in: column) : 1 })
            var y = area.y
            for (panel, height) in zip(column, heights) {
                rects[panel] = Rect(x: x, y: y, width: width, height: height)
                y += height
            }
            x += width
        }
        return rects
    }

    /// Cells of a word's table with all its columns.
    private static let wordTable = 80

    /// Columns of one width; the table of a word that is alone beside the text has the room that it needs.
    private func widths(of columns: [[Panel]]) -> [Int] {
        guard columns == [[.text], [.word]] else { return share(area.width, parts: columns.map { _ in 1 }) }
        let word = max(area.width / 2, min(Self.wordTable, area.width - PanelLayout.smallest.width))
        return [area.width - word, word]
    }

    /// In one column a word is explained by the table of its keys, not by more lines of its text.
    private func height(_ panel: Panel, in column: [Panel]) -> Int {
        panel == .text && column == [.text, .word] ? 7 : panel.traits.height
    }

    /// One column; the map stands beside the text, because it is square and the screen is not high, and so do two charts with
    /// their legends.
    private func narrow() -> [[Panel]] {
        let kept = chosen(among: panels, atMost: max(1, area.height / 9))
        if [[.text, .map], [.loss, .distance]].contains(kept), area.width >= 72 { return kept.map { [$0] } }
        return [kept]
    }

    /// Two or three columns, none of them empty.
    private func wide() -> [[Panel]] {
        let isWidest = area.width >= Self.threeColumns && panels.count >= 3
        var columns = PanelTraits.Column.allCases.map { column in
            panels.filter { (isWidest ? $0.traits.widest : $0.traits.wide) == column }
        }.filter { !$0.isEmpty }
        if columns.count == 1, panels.count > 1 { columns = [[panels[0]], Array(panels.dropFirst())] }
        return columns.map { chosen(among: $0, atMost: max(1, area.height / Self.lowest)) }
    }

    /// The text, the focused panel, the one beside the text, then the others in their order.
    private func chosen(among panels: [Panel], atMost count: Int) -> [Panel] {
        guard panels.count > count else { return panels }
        let ranking = count == 1 ? [focus, .text] : [.text, focus] + (beside.map { [$0] } ?? [])
        let first = ranking.filter(panels.contains)
        let ranked = first + panels.filter { !first.contains($0) }
        var seen: Set<Panel> = []
        let kept = Set(ranked.filter { seen.insert($0).inserted }.prefix(count))
        return panels.filter(kept.contains)
    }

    /// Divides `total` in proportion to `parts`, without a rest.
    private func share(_ total: Int, parts: [Int]) -> [Int] {
        let sum = max(1, parts.reduce(0, +))
        var used = 0
        var before = 0
        return parts.map { part in
            used += part
            let end = total * used / sum
            defer { before = end }
            return end - before
        }
    }
}

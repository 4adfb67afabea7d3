import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// What a query reads of earlier segments: the strip of slots in the order of the keys, and the slots that get most.
package struct MemoryView: Sendable {
    let strip: MemoryStrip
    /// A slot by its place in the strip; nil for none.
    let selected: Int?
    /// Tokens by their names.
    let name: @Sendable (Int) -> String
    let look: Look

    package init(
        strip: MemoryStrip, selected: Int?, name: @escaping @Sendable (Int) -> String, look: Look
    ) {
        (self.strip, self.name, self.look) = (strip, name, look)
        self.selected = selected.flatMap { strip.slots.indices.contains($0) ? $0 : nil }
    }

    /// The page whose name stands there.
    package func page(atX x: Int, y: Int, in rect: Rect) -> IOPage? {
        y == rect.y ? IOTabs(shown: .segments).tabs(in: rect).first { $0.cells.contains(x) }?.page : nil
    }

    /// The slot that stands there, in the strip or in the list.
    package func slot(atX x: Int, y: Int, in rect: Rect) -> Int? {
        let frame = frame(in: rect)
        if frame.strip.contains(x: x, y: y) { return slot(inCell: x - frame.strip.x, of: frame.strip.width) }
        guard frame.list.contains(x: x, y: y), y > frame.list.y else { return nil }
        let shown = shownLines(frame.list.height - 1)
        return shown.indices.contains(y - frame.list.y - 1) ? shown[y - frame.list.y - 1] : nil
    }

    /// Where everything stands in a panel's content.
    struct Frame {
        let strip: Rect
        let list: Rect
    }

    /// Cells before the strip, for what its rows are.
    static let label = 6

    func frame(in rect: Rect) -> Frame {
        let left = rect.width >= 30 ? Self.label : 0
        let rows = max(0, min(3, rect.height - 2))
        let top = rect.y + 2
        return Frame(
            strip: Rect(x: rect.x + left, y: top, width: max(0, rect.width - left), height: rows),
            list: Rect(
                x: rect.x, y: top + rows, width: rect.width, height: max(0, rect.height - 2 - rows)))
    }

    /// The tokens that a cell of the strip shows: a slot is as wide as the tokens that it stands for.
    func tokens(ofCell cell: Int, of width: Int) -> Range<Int> {
        let span = strip.query + 1 - strip.first
        let start = strip.first + cell * span / max(1, width)
        return start..<max(start + 1, strip.first + (cell + 1) * span / max(1, width))
    }

    private func slots(inCell cell: Int, of width: Int) -> [Int] {
        let tokens = tokens(ofCell: cell, of: width)
        return strip.slots.indices.filter { strip.slots[$0].tokens.overlaps(tokens) }
    }

    /// The strongest slot of a cell; nil where there is a gap.
    func slot(inCell cell: Int, of width: Int) -> Int? {
        slots(inCell: cell, of: width).max { strip.slots[$0].weight < strip.slots[$1].weight }
    }

    /// The lines of the list that have room, the selected one among them.
    func shownLines(_ height: Int) -> [Int] {
        let all = strip.ranked
        guard height > 0 else { return [] }
        let place = selected.flatMap { all.firstIndex(of: $0) } ?? 0
        let first = place < height ? 0 : place - height + 1
        return Array(all.dropFirst(first).prefix(height))
    }

    /// What stands in the upper border, the longest wording first.
    package var facts: [[String]] {
        let error = Figures.fixed(Double(strip.outputError), 2)
        let lost = Figures.fixed(Double(strip.lost) * 100, 1)
        return [
            [say("≈ output error \(error) of this row"), say("≈ error \(error)"), "≈ \(error)"],
            [say("\(lost) % of the exact row is on tokens without a slot"), say("lost \(lost) %")],
        ]
    }
}

import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

/// The list of actions: what is typed, a line an action, and all about the selected one.
struct FinderBox {
    let finder: ActionFinder
    let size: Size

    private static let widest = 180
    /// Lines for what the selected action means, and why it is not possible.
    private static let details = 2

    /// With its border: always as high as the screen, so that it does not move while letters are typed.
    var rect: Rect {
        let width = min(size.width, Self.widest)
        return Rect(x: (size.width - width) / 2, y: 1, width: width, height: max(0, size.height - 2))
    }

    private var list: Rect {
        let inner = rect.inset()
        return Rect(x: inner.x, y: inner.y + 1, width: inner.width, height: max(0, inner.height - 2 - Self.details))
    }

    private var firstRow: Int {
        min(max(0, finder.selected - list.height / 2), max(0, finder.found.count - list.height))
    }

    /// The entry at a place of the screen.
    func entry(atX x: Int, y: Int) -> Int? {
        let index = firstRow + y - list.y
        return list.contains(x: x, y: y) && finder.found.indices.contains(index) ? index : nil
    }

    func draw(on grid: inout Grid, theme: Theme) {
        let (inner, list) = (rect.inset(), list)
        grid.fill(rect)
        let more = finder.found.count - firstRow - list.height
        let count = say("\(finder.found.count) of \(finder.count)")
        grid.box(
            rect, style: theme.focusedBorder, title: say("Actions"),
            titleRight: more > 0 ? (rect.width < 60 ? "" : count + " · ") + say("\(more) more below") : count,
            footer: say("Enter do it   ↑ ↓ choose   Esc close"), focused: true)
        drawLine(in: inner, on: &grid, theme: theme)
        for (row, entry) in finder.found.dropFirst(firstRow).prefix(list.height).enumerated() {
            draw(entry, y: list.y + row, isSelected: firstRow + row == finder.selected, on: &grid, theme: theme)
        }
        guard inner.height > Self.details + 2 else { return }
        let rule = String(repeating: "╌", count: inner.width)
        grid.write(rule, x: inner.x, y: list.maxY, style: theme.border, in: inner)
        drawDetails(y: list.maxY + 1, in: inner, on: &grid, theme: theme)
    }

    /// What is typed, with the place of typing in reverse.
    private func drawLine(in inner: Rect, on grid: inout Grid, theme: Theme) {
        var x = grid.write("> ", x: inner.x + 1, y: inner.y, style: theme.key, in: inner)
        x = grid.write(finder.line.before, x: x, y: inner.y, style: theme.text, in: inner)
        let after = finder.line.after
        grid.write(after.isEmpty ? " " : after, x: x, y: inner.y, style: theme.text, in: inner)
        grid.restyle(row: inner.y, columns: x..<x + 1) { $0.attributes.insert(.reverse) }
        if finder.line.text.isEmpty {
            let hint = say("letters of what it is called or means, or its key")
            grid.writeTruncated(
                hint, x: x + 2, y: inner.y, width: inner.maxX - x - 3, style: theme.dim, in: inner)
        }
    }

    private var keyWidth: Int { min(14, list.width / 5) }
    private var nameWidth: Int { min(28, list.width * 2 / 5) }

    /// What stands at the right of a line: how things stand, or that nothing can be done.
    private func note(of entry: FinderEntry) -> String {
        entry.obstacle == nil ? (entry.isSo ? "" : entry.standing) : say("not now")
    }

    /// What the selected line has no room for: its meaning, what it takes, how things stand, why it is not possible now.
    private func details(of entry: FinderEntry, width: Int, _ theme: Theme) -> [(String, Style)] {
        let note = min(CellWidth.of(note(of: entry)), list.width / 4)
        let room = list.width - 4 - keyWidth - nameWidth - note
        let isCut = CellWidth.of(entry.meaning) > room || CellWidth.of(entry.name) > nameWidth - 4
        let isStandingCut = entry.obstacle == nil && CellWidth.of(entry.standing) > list.width / 4
        let parts = [
            isCut ? (CellWidth.of(entry.name) > nameWidth - 4 ? "\(entry.name): \(entry.meaning)" : entry.meaning) : "",
            entry.action == nil ? say("takes \(entry.takes)") : "",
            isStandingCut ? say("it stands at \(entry.standing)") : "",
        ]
        let what = Sentence.wrapped(parts.filter { !$0.isEmpty }.joined(separator: " · "), width: max(1, width))
        guard let obstacle = entry.obstacle else { return what.map { ($0, theme.text) } }
        let why = Sentence.wrapped(say("not now: ") + obstacle, width: max(1, width)).map { ($0, theme.warning) }
        return why.count < Self.details
            ? Array(what.prefix(Self.details - why.count)).map { ($0, theme.text) } + why : why
    }

    private func draw(_ entry: FinderEntry, y: Int, isSelected: Bool, on grid: inout Grid, theme: Theme) {
        let style = isSelected ? theme.selection : entry.obstacle == nil ? theme.text : theme.dim
        let quiet = isSelected ? theme.selection : theme.dim
        if isSelected { grid.fill(Rect(x: list.x, y: y, width: list.width, height: 1), style: style) }
        let (keyWidth, nameWidth) = (keyWidth, nameWidth)
        grid.writeTruncated(
            entry.keys, x: list.x + 1, y: y, width: keyWidth - 1, style: isSelected ? style : theme.key, in: list)
        let name = (entry.isSo ? "● " : "") + entry.name + (entry.action == nil ? " …" : "")
        grid.writeTruncated(name, x: list.x + 1 + keyWidth, y: y, width: nameWidth, style: style, in: list)
        let note = note(of: entry)
        let end = grid.writeRight(
            note, endX: list.maxX - 1, y: y, width: min(CellWidth.of(note), list.width / 4), style: quiet, in: list)
        let x = list.x + 2 + keyWidth + nameWidth
        grid.writeTruncated(entry.meaning, x: x, y: y, width: max(0, end - 1 - x), style: quiet, in: list)
    }

    private func drawDetails(y: Int, in inner: Rect, on grid: inout Grid, theme: Theme) {
        guard let entry = finder.chosen else {
            let nothing = say("Nothing has these letters.")
            grid.writeTruncated(nothing, x: inner.x + 1, y: y, width: inner.width - 2, style: theme.warning, in: inner)
            return
        }
        for (row, line) in details(of: entry, width: inner.width - 2, theme).prefix(Self.details).enumerated() {
            grid.writeTruncated(
                line.0, x: inner.x + 1, y: y + row, width: inner.width - 2, style: line.1, in: inner)
        }
    }
}

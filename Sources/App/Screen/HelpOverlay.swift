import RopewalkCellGrid
import RopewalkPhrases

/// All keys on one sheet, made from the table of bindings.
struct HelpOverlay {
    enum Line: Equatable {
        case heading(String)
        case binding(keys: String, help: String)
        case blank
    }

    let size: Size
    let top: Int
    /// What its keys do comes first.
    let focused: Panel
    var bindings = KeyMap.bindings

    /// From these widths on the sheet has two and three columns.
    private static let wide = 110
    private static let widest = 174
    /// No wider than its texts need, by columns.
    private static let widths = [84, 160, 240]

    /// The columns of the sheet: a third one, in which longer texts are cut, only where lines would be hidden without it.
    private static func columns(_ size: Size, _ focused: Panel, _ bindings: [Binding]) -> [[Line]] {
        let columns = columns(count: size.width >= wide ? 2 : 1, focused, bindings)
        let isHidden = (columns.map(\.count).max() ?? 0) + 4 > size.height
        return isHidden && size.width >= widest ? self.columns(count: 3, focused, bindings) : columns
    }

    /// Groups are not torn apart.
    private static func columns(count: Int, _ focused: Panel, _ bindings: [Binding]) -> [[Line]] {
        let groups =
            ownLines(of: focused, bindings) + Binding.Group.allCases.map { lines(of: $0, but: focused, bindings) }
        func height(_ groups: some Sequence<[Line]>) -> Int { groups.reduce(0) { $0 + $1.count + 1 } }
        var columns: [[[Line]]] = []
        var rest = groups[...]
        for count in stride(from: count, through: 1, by: -1) {
            let share = height(rest) / count
            var column: [[Line]] = []
            while let next = rest.first, count == 1 || height(column) + next.count / 2 < share {
                column.append(next)
                rest.removeFirst()
            }
            columns.append(column)
        }
        return columns.map { Array($0.joined(separator: [.blank])) }
    }

    /// The keys that the focused panel has for itself; none of some.
    private static func ownLines(of panel: Panel, _ all: [Binding]) -> [[Line]] {
        let bindings = all.filter { $0.context == .panel(panel) && !$0.help.isEmpty }
        return bindings.isEmpty ? [] : [[.heading(say("\(panel.name), which has the focus"))] + bindings.map(line)]
    }

    private static func lines(of group: Binding.Group, but panel: Panel, _ all: [Binding]) -> [Line] {
        let bindings = all.filter {
            $0.group == group && !$0.help.isEmpty && $0.context != .panel(panel)
        }
        return [.heading(group.rawValue.said)] + bindings.map(line)
    }

    private static func line(_ binding: Binding) -> Line {
        .binding(keys: binding.keys.map(KeyNames.name).joined(separator: " "), help: binding.help.said)
    }

    /// The last line that can be the first one on the screen.
    static func lastTop(size: Size, focused: Panel, bindings: [Binding] = KeyMap.bindings) -> Int {
        let columns = columns(size, focused, bindings)
        let height = columns.map(\.count).max() ?? 0
        return max(0, height - rect(size: size, columns).inset().height)
    }

    private static func rect(size: Size, _ columns: [[Line]]) -> Rect {
        let width = min(size.width, widths[columns.count - 1])
        let height = min(max(0, size.height - 2), (columns.map(\.count).max() ?? 0) + 2)
        return Rect(x: (size.width - width) / 2, y: 1 + (size.height - 2 - height) / 2, width: width, height: height)
    }

    func draw(on grid: inout Grid, theme: Theme) {
        let columns = Self.columns(size, focused, bindings)
        let rect = Self.rect(size: size, columns)
        let inner = rect.inset()
        let hidden = Self.lastTop(size: size, focused: focused, bindings: bindings) - top
        grid.fill(rect)
        grid.box(
            rect, style: theme.focusedBorder, title: say("Keys"), titleRight: say("/ finds and does   Escape closes"),
            footer: hidden > 0 ? say("\(hidden) more: j k") : nil, focused: true)
        let width = inner.width / max(1, columns.count)
        for (index, lines) in columns.enumerated() {
            let column = Rect(x: inner.x + index * width, y: inner.y, width: width, height: inner.height)
            for (row, line) in lines.dropFirst(top).prefix(inner.height).enumerated() {
                draw(line, y: inner.y + row, in: column, on: &grid, theme: theme)
            }
        }
    }

    private func draw(_ line: Line, y: Int, in column: Rect, on grid: inout Grid, theme: Theme) {
        switch line {
        case .heading(let text):
            grid.writeTruncated(text, x: column.x + 1, y: y, width: column.width - 2, style: theme.title, in: column)
        case .binding(let keys, let help):
            let room = min(16, column.width / 3)
            grid.writeTruncated(keys, x: column.x + 2, y: y, width: room - 2, style: theme.key, in: column)
            grid.writeTruncated(
                help, x: column.x + room + 1, y: y, width: column.width - room - 2, style: theme.text, in: column)
        case .blank: break
        }
    }
}

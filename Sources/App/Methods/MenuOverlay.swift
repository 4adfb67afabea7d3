import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// The method menu: the catalogue by family, and all about the selected method below it.
struct MenuOverlay {
    private enum Row: Equatable {
        case family(MethodFamily)
        case entry(Int)
    }

    let menu: MethodMenu
    let place: MenuPlace

    /// With its border; where there is more room than it takes, at the upper edge.
    var rect: Rect {
        let area = place.area
        let height = min(area.height, rows.count + details.count + 3)
        return Rect(x: area.x, y: area.y, width: area.width, height: height)
    }

    private var rows: [Row] {
        MethodFamily.allCases.flatMap { family -> [Row] in
            let entries = menu.listed.filter { menu.entries[$0].description.family == family }
            return entries.isEmpty ? [] : [.family(family)] + entries.map { .entry($0) }
        }
    }

    /// What is at the upper part of the box: the selected entry is always there.
    private var listRect: Rect {
        let inner = rect.inset()
        let wanted = max(inner.height - details.count - 1, inner.height * 3 / 5, min(3, inner.height))
        return Rect(x: inner.x, y: inner.y, width: inner.width, height: min(rows.count, wanted))
    }

    private var firstRow: Int {
        let selected = rows.firstIndex(of: .entry(menu.selected)) ?? 0
        let height = listRect.height
        return min(max(0, selected - height / 2), max(0, rows.count - height))
    }

    /// The entry at a place of the screen.
    func entry(atX x: Int, y: Int) -> Int? {
        let list = listRect
        let index = firstRow + y - list.y
        guard list.contains(x: x, y: y), rows.indices.contains(index), case .entry(let entry) = rows[index] else {
            return nil
        }
        return entry
    }

    func draw(on grid: inout Grid, theme: Theme) {
        let inner = rect.inset()
        grid.fill(rect)
        grid.box(
            rect, style: theme.focusedBorder, title: say("Methods"),
            titleRight: filterText ?? say("shown at once as a preview"),
            footer: footer(width: rect.width - 6), focused: true)
        let list = listRect
        for (index, row) in rows.dropFirst(firstRow).prefix(list.height).enumerated() {
            draw(row, y: list.y + index, in: list, on: &grid, theme: theme)
        }
        let room = max(0, inner.maxY - list.maxY - 1)
        if room > 0 {
            grid.write(
                String(repeating: "╌", count: inner.width), x: inner.x, y: list.maxY, style: theme.border, in: inner)
        }
        for (index, line) in details.prefix(room).enumerated() {
            grid.writeTruncated(
                line.text, x: inner.x + 1, y: list.maxY + 1 + index, width: inner.width - 2, style: line.style(theme),
                in: inner)
        }
    }

    /// The keys of the menu, as many as there is room for; how it closes always.
    private func footer(width: Int) -> String {
        if menu.isFiltering { return filterKeys(width: width) }
        let keys = KeyMap.bindings.filter { $0.context == .menu && $0.hint != nil }
        let hints = keys.map {
            (text: $0.hintKeys + " " + ($0.hint?.said ?? ""), isLast: $0.action == .program(.close))
        }
        let last = hints.filter(\.isLast).map(\.text)
        var shown: [String] = []
        for hint in hints where !hint.isLast {
            guard CellWidth.of((shown + [hint.text] + last).joined(separator: "  ")) <= width else { break }
            shown.append(hint.text)
        }
        return (shown + last).joined(separator: "  ")
    }

    /// While letters are typed Enter chooses nothing.
    private func filterKeys(width: Int) -> String {
        let texts = [say("Enter keeps these, then chooses   Esc lists all"), say("Enter keeps these  Esc all")]
        return texts.first { CellWidth.of($0) <= width } ?? ""
    }

    private var filterText: String? {
        guard menu.isFiltering || !menu.filter.isEmpty else { return nil }
        let none = menu.listed.isEmpty ? say(" (nothing has these letters)") : ""
        return "/" + menu.filter + (menu.isFiltering ? "▏" : "") + none
    }

    private func draw(_ row: Row, y: Int, in list: Rect, on grid: inout Grid, theme: Theme) {
        switch row {
        case .family(let family):
            grid.writeTruncated(
                family.question, x: list.x + 1, y: y, width: list.width - 2, style: theme.title, in: list)
        case .entry(let index):
            let entry = menu.entries[index]
            let isOne = entry.description.family.isSingle
            let mark = menu.isChosen(index) ? (isOne ? "(•)" : "[x]") : (isOne ? "( )" : "[ ]")
            let obstacle = menu.obstacle(index) == nil ? nil : say("not possible here")
            let hindrance = obstacle ?? (menu.futility(index) == nil ? nil : say("changes nothing here"))
            let hasEffect = hindrance == nil
            let style = index == menu.selected ? theme.selection : hasEffect ? theme.text : theme.dim
            if index == menu.selected {
                grid.fill(Rect(x: list.x, y: y, width: list.width, height: 1), style: style)
            }
            let end = grid.writeTruncated(
                "\(mark) \(entry.title)", x: list.x + 2, y: y, width: list.width - 4, style: style, in: list
            )
            let numbers = zip(entry.description.parameters, entry.values)
                .map { "\($0.name) \($0.words($1))" }.joined(separator: " · ")
            grid.writeRight(
                hindrance ?? numbers, endX: list.maxX - 2, y: y,
                width: max(0, list.maxX - 4 - end), style: style, in: list)
        }
    }

    private struct Line {
        enum Kind { case plain, dim, selected, warning }
        let text: String
        let kind: Kind

        func style(_ theme: Theme) -> Style {
            switch kind {
            case .plain: theme.text
            case .dim: theme.dim
            case .selected: theme.selection
            case .warning: theme.warning
            }
        }
    }

    /// The selected method: what it does, its parameters with ranges, and what stands in the way.
    private var details: [Line] {
        if menu.listed.isEmpty { return [] }
        let entry = menu.entries[menu.selected]
        let width = max(1, place.area.width - 4)
        func wrapped(_ text: String, _ kind: Line.Kind) -> [Line] {
            Sentence.wrapped(text, width: width).map { Line(text: $0, kind: kind) }
        }
        var lines = wrapped(entry.description.summary.said, .plain)
        for (index, parameter) in entry.description.parameters.enumerated() where entry.values.indices.contains(index) {
            let isCurrent = index == menu.parameter
            let value = isCurrent ? menu.typed.map { $0 + "▏" } : nil
            let number = value ?? parameter.words(entry.values[index])
            lines.append(Line(text: "◂ \(parameter.name) \(number) ▸", kind: isCurrent ? .selected : .plain))
            if isCurrent { lines += wrapped("\(parameter.meaning.said)\(say("; "))\(parameter.shortRangeText)", .dim) }
        }
        for (index, list) in entry.description.lists.enumerated() where entry.lists.indices.contains(index) {
            let isCurrent = index == menu.currentList
            let text = (isCurrent ? menu.typed.map { $0 + "▏" } : nil) ?? entry.lists[index]
            lines.append(
                Line(text: "\(list.name) \(text.isEmpty ? say("none") : text)", kind: isCurrent ? .selected : .plain))
            if isCurrent {
                lines += wrapped(say("\(list.meaning.said); numbers with slashes between them, 0/17/300"), .dim)
            }
        }
        if let refusal = menu.refusal ?? menu.obstacle(menu.selected) {
            lines += wrapped(refusal, .warning)
        } else if let futility = menu.futility(menu.selected) {
            lines += wrapped(futility, .warning)
        } else if let replaced = menu.replaced(by: menu.selected) {
            lines += wrapped(say("takes the place of \(replaced): a text is read with one of these"), .dim)
        }
        if let companion = menu.companion {
            lines += wrapped(say("c: with \(companion.spec), which makes it the whole method"), .dim)
        }
        return lines + wrapped(entry.description.source.said, .dim)
    }
}

extension MethodFamily {
    /// Whether a scenario has one of it at most.
    var isSingle: Bool { self != .window && self != .ablation }

    /// The family as the question that its methods answer.
    fileprivate var question: String {
        switch self {
        case .position: say("Position: where does a token stand? (one)")
        case .window: say("Window: which places may it see? (all hold)")
        case .selection: say("Selection: which keys by score? (one or none)")
        case .kernel: say("Kernel: what in place of the softmax? (one or none)")
        case .compression: say("Compression: how exact is the cache? (one or none)")
        case .ablation: say("Ablation: what is left out? (any)")
        }
    }
}

import RopewalkCellGrid
import RopewalkPhrases

/// The last row: the keys that are most useful now.
struct StatusLine {
    private let focused: Panel
    /// Of a page with keys of its own.
    private let page: Binding.Context?
    /// "yarn factor ◂ 4 ▸"; nil where the scenario has no parameters.
    private let parameter: String?
    /// Actions that do nothing now.
    private let useless: Set<Action>
    /// The preset that is on the screen.
    private let preset: String
    /// Panels that are wanted and have no room.
    private let hiddenPanels: Int
    /// What has been typed of a key with several parts.
    private let pending: String?
    private let all: [Binding]
    /// What brings the next panel.
    private let panelKey: String

    init(_ state: AppState) {
        focused = state.panels.focused
        page = state.pageContext(of: state.panels.focused)
        parameter = state.parameterText
        useless = Self.special.filter { $0.obstacle(in: state) != nil }
        hiddenPanels = state.panels.isZoomed ? 0 : state.panels.shown.count - state.layout.panels.count
        preset = state.presetText
        pending = state.pendingKeys
        all = state.bindings
        panelKey = state.keyName(of: .panels(.step(1)))
    }

    func draw(in rect: Rect, on grid: inout Grid, theme: Theme) {
        grid.fill(rect, style: theme.statusBar)
        var x = rect.x + 1
        if let pending { x = grid.write(pending, x: x, y: rect.y, style: theme.key, in: rect) + 3 }
        if let parameter {
            x =
                grid.writeTruncated(
                    parameter, x: x, y: rect.y, width: rect.maxX - x, style: theme.warning, in: rect) + 2
        }
        for hint in hints {
            let width = CellWidth.of(hint.key) + 1 + CellWidth.of(hint.word)
            guard x + width < rect.maxX else { break }
            x = grid.write(hint.key, x: x, y: rect.y, style: theme.key, in: rect)
            x = grid.write(" " + hint.word, x: x, y: rect.y, style: theme.dim, in: rect) + 2
        }
    }

    /// Seen in the smallest terminal too: everything else can be found from there.
    private static let leading: [Action] = [
        .program(.help), .finder(.open), .program(.quit), .program(.stop), .methods(.menu), .panels(.preset(.next)),
        .focus(.kind(.next)),
        .appearance(.toggleExperts), .second(.text(.next)), .focus(.layer(-1)), .focus(.head(-1)),
    ]

    /// At most times, and with many models, these do nothing.
    private static let special: Set<Action> = [
        .program(.stop), .focus(.kind(.next)), .appearance(.toggleExperts), .second(.text(.next)), .ask(.go),
        .ask(.sort),
    ]

    private var hints: [(key: String, word: String)] {
        let focus = Binding.Context.panel(focused)
        let bindings = all.filter {
            $0.hint != nil && ($0.context == .anywhere || $0.context == focus || $0.context == page)
                && !useless.contains($0.action)
        }
        let own = bindings.filter { $0.context == page } + bindings.filter { $0.context == focus }
        let taken = Set((own + all.filter { $0.context == page }).flatMap(\.keys))
        let others = bindings.filter { $0.context == .anywhere && taken.isDisjoint(with: $0.keys) }
        let first = Self.leading.compactMap { action in others.first { $0.action == action } }
        let rest = others.filter { !Self.leading.contains($0.action) }
        func words(_ bindings: [Binding]) -> [(key: String, word: String)] {
            bindings.compactMap { binding in
                binding.hint.map { (binding.hintKeys, binding.action == .panels(.preset(.next)) ? preset : $0.said) }
            }
        }
        let more = hiddenPanels > 0 ? [(key: panelKey, word: say("+\(hiddenPanels) panels"))] : []
        return words(first) + more + words(own + rest)
    }
}

import RopewalkCellGrid
import RopewalkViews

/// A panel with the part of the state that it shows: it asks what it needs to know, and draws the answers.
protocol PanelContent: Sendable {
    /// Takes what it shows of the state.
    init(_ state: AppState)

    /// What stands in the panel's content at `inner`, and in its border; nil where there is nothing.
    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture?

    /// The panel's picture for a page or a slide.
    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure

    /// What a mouse event there asks for; nothing with many panels.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action]
}

extension PanelContent {
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] { [] }
}

/// What stands in a panel.
struct PanelPicture {
    /// In the upper and the lower border; empty: nothing.
    let facts: String
    let footer: String
    /// What stands beside it in a box of its own; nil where it has the panel for itself.
    let beside: Beside?
    let draw: (Rect, inout Grid) -> Void

    /// A picture and what stands at the left of its upper border.
    struct Beside {
        /// Where the two stand; nil: as maps do.
        var split: PanelSplit?
        let title: String
        let facts: String
        let footer: String
        let draw: (Rect, inout Grid) -> Void
    }

    init(
        facts: String = "", footer: String = "", beside: Beside? = nil, draw: @escaping (Rect, inout Grid) -> Void
    ) {
        self.facts = facts
        self.footer = footer
        self.beside = beside
        self.draw = draw
    }
}

extension Mouse {
    /// Lines that the wheel turns, downwards; nil where it is a press.
    var wheel: Int? {
        switch action {
        case .wheelUp: -1
        case .wheelDown: 1
        case .press, .doublePress, .secondaryPress: nil
        }
    }
}

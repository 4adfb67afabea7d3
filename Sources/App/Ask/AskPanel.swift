import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

/// Questions about a place of the text: what it reads, who reads it, what is expected after it, where the model was wrong.
struct AskPanel: PanelContent {
    private let tables: AskTables
    private let chosen: Int
    /// What sorts and turns the pages, as the reader has bound it.
    private let sortKey: String
    private let turning: String

    init(_ state: AppState) {
        sortKey = state.keyName(of: .ask(.sort), in: .answers)
        turning = say("\(state.keyName(of: .ask(.turn(1)), in: .answers)): next page")
        tables = AskTables(state)
        chosen = state.askedLine
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        let view = view(look, asking: &answers)
        return PanelPicture(facts: view.missing == nil ? facts : turning, footer: view.footer(in: inner)) {
            view.draw(in: $0, on: &$1)
        }
    }

    /// A press chooses a page or goes to a line's token; the wheel moves through the lines.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        if let wheel = mouse.wheel { return [.ask(.line(wheel))] }
        let view = view(look, asking: &answers)
        if let page = view.page(atX: mouse.x, y: mouse.y, in: inner) { return [.ask(.page(page))] }
        return view.row(atY: mouse.y, in: inner).map { [.ask(.pick($0))] } ?? []
    }

    private var facts: String {
        switch tables.page {
        case .next, .layers, .sentences, .paragraphs: turning
        case .keys, .readers, .received: say("\(sortKey): by \(tables.shownOrder.rawValue.said)")
        case .surprises: tables.order == .place ? say("\(sortKey): by place") : say("\(sortKey): the worst first")
        }
    }

    private func view(_ look: Look, asking answers: inout Answers) -> AskView {
        let table = tables.table(&answers)
        let selected = table.matrix?.selected ?? chosen
        return AskView(
            page: tables.page, summary: table.summary, columns: table.columns, rows: table.rows, selected: selected,
            missing: table.missing, matrix: table.matrix, look: look)
    }
}

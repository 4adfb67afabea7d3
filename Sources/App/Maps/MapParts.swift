import RopewalkCellGrid
import RopewalkDocuments
import RopewalkPhrases
import RopewalkViews

/// The map by sentences or paragraphs: which of them reads which, in one head.
struct MapParts {
    private let part: TextPart
    private let tables: AskTables
    private let layer: Int
    private let headNumber: Int

    /// Nil where the map shows tokens.
    init?(_ state: AppState) {
        guard let part = state.map.level.part else { return nil }
        self.part = part
        tables = AskTables(state)
        (layer, headNumber) = (state.focus.layer, state.focus.head)
    }

    private var head: String { "L\(layer) H\(headNumber)" }

    func picture(in inner: Rect, key: Int?, look: Look, asking answers: inout Answers) -> PanelPicture {
        let table = table(key, &answers)
        let area = Self.matrix(in: inner)
        return PanelPicture(facts: facts(table), footer: table.matrix == nil ? "" : say("Enter: their tokens")) {
            inner, grid in
            if let missing = table.missing { return grid.writeNotice(missing, in: inner, style: look.theme.dim) }
            if area.y > inner.y, let line = table.summary.first {
                grid.writeTruncated(
                    Sentence.whole(line, width: inner.width), x: inner.x, y: inner.y, width: inner.width,
                    style: look.theme.text, in: inner)
            }
            table.matrix?.draw(in: area, look: look, on: &grid)
        }
    }

    /// For a page.
    func figure(key: Int?, look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        let table = table(key, &answers)
        let title =
            part == .sentence
            ? say("Which sentence reads which: layer \(layer), head \(headNumber)")
            : say("Which paragraph reads which: layer \(layer), head \(headNumber)")
        guard let figure = table.matrix?.figure(title: title, map: look.map) else {
            throw .noFigure(table.missing ?? say("nothing of this part of the map is read yet"))
        }
        return figure
    }

    /// A press on two parts opens their tokens; the wheel goes through the parts.
    func actions(of mouse: Mouse, in inner: Rect, key: Int?, asking answers: inout Answers) -> [Action] {
        if let wheel = mouse.wheel { return [.map(.pan(Steps(rows: wheel, columns: 0)))] }
        let table = table(key, &answers)
        guard let cell = table.matrix?.cell(atX: mouse.x, y: mouse.y, in: Self.matrix(in: inner)),
            table.tokens.indices.contains(max(cell.row, cell.column)), let query = table.tokens[cell.row],
            let key = table.tokens[cell.column]
        else { return [] }
        return [.move(.toToken(query)), .focus(.anchor(key)), .map(.open)]
    }

    private func table(_ key: Int?, _ answers: inout Answers) -> AskTable {
        tables.matrixTable(part, key: key ?? tables.focus.cursor, &answers)
    }

    private func facts(_ table: AskTable) -> String {
        guard table.matrix != nil else { return head }
        let count = table.rows.count
        return part == .sentence
            ? say("\(head) · \(count.grouped) \(count, one: "sentence", many: "sentences")")
            : say("\(head) · \(count.grouped) \(count, one: "paragraph", many: "paragraphs")")
    }

    /// Below a line that says what the cursor's part reads.
    private static func matrix(in inner: Rect) -> Rect {
        let lines = inner.height >= 4 ? 1 : 0
        return Rect(x: inner.x, y: inner.y + lines, width: inner.width, height: inner.height - lines)
    }
}

import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension TextView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        let area = Self.textRect(in: rect)
        guard area.width > 0, area.height > 0 else { return }
        if page.text.isEmpty {
            return grid.writeNotice(say("This text is empty: open another one."), in: rect, style: look.theme.dim)
        }
        let paint = TokenPaint(self)
        var masses = ParagraphMasses(self)
        for (index, line) in lines(height: rect.height).enumerated() {
            let y = rect.y + index
            switch line {
            case .rule: drawRule(marks.boundary?.labels ?? [], y: y, in: rect, on: &grid)
            case .experts(let row): drawExperts(row, y: y, in: area, clip: rect, on: &grid)
            case .text(let row):
                drawMargin(row, mass: masses.mass(atByte: row.bytes.lowerBound), x: rect.x, y: y, on: &grid)
                drawText(row, paint: paint, y: y, in: area, clip: rect, on: &grid)
            }
        }
        if let hint = marks.hint, rect.height > 1 {
            let y = rect.maxY - 1
            grid.writeTruncated(hint, x: area.x, y: y, width: rect.maxX - area.x, style: look.theme.warning, in: rect)
        }
    }

    /// The first byte of the character at a place of the screen; nil outside the text.
    package func byte(atX x: Int, y: Int, in rect: Rect) -> Int? {
        guard rect.contains(x: x, y: y) else { return nil }
        let lines = lines(height: rect.height)
        guard lines.indices.contains(y - rect.y), let row = lines[y - rect.y].row else { return nil }
        return page.layout.byte(atColumn: page.left + max(0, x - Self.textRect(in: rect).x), in: row)
    }

    /// What stands in the border: the cursor and the key that it weighs most.
    package var footer: String { footer(width: .max) }

    /// The same in at most `width` cells: names give way before numbers do.
    /// - Parameter more: what else is known of the cursor, the longest wording first
    /// - Parameter missing: why nothing is known of the cursor; empty for no word about it
    package func footer(width: Int, with more: [String] = [], missing: String = say("not read yet")) -> String {
        guard let cursor = marks.cursor else { return "" }
        let place = (direction == .across ? say("decoder ") : say("cursor ")) + cursor.grouped
        let name = quoted(cursor, in: page.queries ?? page.document)
        guard row != nil else {
            return Sentence.fitting(
                [["\(place) \(name)", place], [missing]].filter { $0 != [""] }, width: width)
        }
        return Sentence.fitting([["\(place) \(name)", place], top, more].filter { !$0.isEmpty }, width: width)
    }

    /// The key that was chosen, where it is another one than the cursor's strongest.
    private var chosen: WeightedToken? {
        guard marks.isAnchorChosen, paint == nil, let row, let anchor = marks.anchor,
            row.weights.indices.contains(anchor), anchor != row.topKeys(1).first?.token
        else { return nil }
        return WeightedToken(token: anchor, weight: row.weights[anchor])
    }

    /// The token that the painting gives most, the longest wording first; nothing of losses.
    private var top: [String] {
        var kind = chosen == nil ? say("top key") : say("anchor")
        var pooled: (after: String, alone: String)?
        var top = chosen ?? row?.topKeys(1).first
        if let paint {
            if !paint.painting.isAttention { return [] }
            switch paint.painting {
            case .row, .loss, .lossChange, .entropy: break
            case .change: kind = say("most changed")
            case .column: kind = say("top reader")
            case .received: kind = say("most gets")
            case .rollout, .valueRollout, .levels: kind = say("most from")
            }
            // The first word says how the heads are put together: "mean of 8 heads".
            let pool = paint.heads.split { $0 == " " || $0 == "：" }.first
            if paint.painting == .row || paint.painting == .column, let pool {
                pooled = (say(" by \(pool)"), say("by \(pool)"))
            }
            top = TopTokens.highest(1, in: paint.values, firstIndex: paint.first).first
        }
        guard let top else { return [] }
        let (key, weight) = (top.token.grouped, Figures.weight(top.weight))
        let document = paint?.painting == .column ? page.queries ?? page.document : page.document
        let isTop = kind == say("top key")
        let whole = kind + (pooled?.after ?? "")
        return [
            "\(whole) \(key) \(quoted(top.token, in: document)) \(weight)", "\(whole) \(key): \(weight)",
            (isTop ? pooled?.alone ?? whole : whole) + " \(key): \(weight)", (isTop ? say("key") : whole) + " \(key)",
        ]
    }

    /// What stands in the upper border: the scale, and the sign of what the cursor does not see.
    package var facts: [String] { (marks.globals.map { [say("◆ \($0.count.grouped) global")] } ?? []) + paintFacts }

    private var paintFacts: [String] {
        if let paint {
            let label = paint.painting.label
            return (label.isEmpty ? [] : [label]) + [paint.scale.kind.label]
        }
        guard let visible = marks.visible, let cursor = marks.cursor else { return [scale.kind.label] }
        let end = row?.weights.count ?? cursor + 1
        let hidden = end - visible.count(in: 0..<end)
        return (hidden > 0 ? [say("× \(hidden.grouped) hidden")] : []) + [scale.kind.label]
    }

    private func quoted(_ token: Int, in document: Document?) -> String {
        guard let document else { return "" }
        return document.quotedName(ofToken: token) { CellWidth.truncated($0, to: 16) }
    }

    enum Line {
        case text(TextLayout.Row)
        /// The experts of the row above.
        case experts(TextLayout.Row)
        /// The end of the trained window.
        case rule

        /// The row of text that it shows or belongs to.
        var row: TextLayout.Row? {
            switch self {
            case .text(let row), .experts(let row): row
            case .rule: nil
            }
        }
    }

    /// What the rows of the panel hold. Rule and hint take rows from the text, never the cursor's.
    func lines(height: Int) -> [Line] {
        let height = marks.hint == nil || height < 2 ? height : height - 1
        let rows = page.layout.rows(from: page.top, count: height)
        var lines: [Line] = []
        let boundary = marks.boundary.flatMap { end in page.document.map { $0.byteRange(ofToken: end.token) } }
        for row in rows {
            if let boundary, !boundary.isEmpty, row.bytes.contains(boundary.lowerBound) { lines.append(.rule) }
            lines.append(.text(row))
            if marks.experts != nil { lines.append(.experts(row)) }
        }
        let cursorByte = marks.cursor.flatMap { token in
            (page.queries ?? page.document).map { $0.byteRange(ofToken: token).lowerBound }
        }
        while lines.count > max(1, height) {
            if let cursorByte, lines.last?.row?.bytes.contains(cursorByte) == true {
                lines.removeFirst()
            } else {
                lines.removeLast()
            }
        }
        return lines
    }

    private func drawRule(_ labels: [String], y: Int, in rect: Rect, on grid: inout Grid) {
        let style = look.theme.warning
        let room = max(0, rect.width - 6)
        let label = labels.first { CellWidth.of($0) <= room } ?? CellWidth.truncated(labels.last ?? "", to: room)
        let shown = label.isEmpty ? "" : " " + label + " "
        let after = grid.write("──" + shown, x: rect.x, y: y, style: style, in: rect)
        grid.write(String(repeating: "─", count: max(0, rect.maxX - after)), x: after, y: y, style: style, in: rect)
    }

    private func drawMargin(_ row: TextLayout.Row, mass: Float, x: Int, y: Int, on grid: inout Grid) {
        let bar = Bar.cell(mass)
        if marks.notes.contains(where: row.bytes.contains) {
            grid.put(Cell(text: "*", style: look.theme.key), x: x, y: y)
        } else if let passage = marks.passages.first(where: { row.bytes.contains($0.bytes.lowerBound) }) {
            // The tenth has one cell too.
            grid.put(Cell(text: String(passage.rank % 10), style: look.theme.key), x: x, y: y)
        } else if holdsGlobal(row) {
            grid.put(Cell(text: "◆", style: look.theme.key), x: x, y: y)
        } else if bar != " " {
            grid.put(Cell(text: bar, style: look.theme.good), x: x, y: y)
        }
        if holds(marks.cursor, row, of: page.queries ?? page.document) {
            grid.put(Cell(text: "▸", style: look.theme.title), x: x + 1, y: y)
        } else if holds(marks.anchor, row, of: page.document) {
            grid.put(Cell(text: "◂", style: look.theme.key), x: x + 1, y: y)
        } else if isHidden(row) {
            grid.put(Cell(text: "×", style: look.theme.dropped), x: x + 1, y: y)
        }
    }

    private func holdsGlobal(_ row: TextLayout.Row) -> Bool {
        guard let globals = marks.globals, let document = page.document else { return false }
        let tokens = document.tokens(in: row.bytes)
        return globals.ranges.contains { $0.overlaps(tokens) }
    }

    /// What blanks between hidden words are drawn as.
    static let struck = "╌"

    /// The cursor sees no token of the row, as scripts without blanks could not show otherwise.
    private func isHidden(_ row: TextLayout.Row) -> Bool {
        guard let visible = marks.visible, let cursor = marks.cursor, let document = page.document else { return false }
        let tokens = document.tokens(in: row.bytes)
        let end = direction == .before ? cursor : self.row?.weights.count ?? cursor
        return !tokens.isEmpty && tokens.upperBound <= end && visible.count(in: tokens) == 0
    }

    /// The cursor does not see the token, although it could without a mask.
    func isHidden(_ token: Int) -> Bool {
        guard let visible = marks.visible, let cursor = marks.cursor, token != cursor || direction == .across else {
            return false
        }
        return (direction != .before || token < cursor) && !visible.contains(token)
    }

    private func holds(_ token: Int?, _ row: TextLayout.Row, of document: Document?) -> Bool {
        guard let token, let document, token < document.tokenCount, !marks.special.contains(token) else { return false }
        return row.bytes.contains(document.byteRange(ofToken: token).lowerBound)
    }

    private func drawText(
        _ row: TextLayout.Row, paint: TokenPaint, y: Int, in area: Rect, clip: Rect, on grid: inout Grid
    ) {
        page.text.bytes.withUnsafeBufferPointer { bytes in
            var clusters = TextClusters(bytes, row.bytes, paragraphs: page.layout.paragraphs)
            var brush = TokenBrush(paint, bytes: row.bytes)
            while let cluster = clusters.next() {
                let stroke = brush.stroke(of: cluster.bytes)
                let x = area.x + cluster.column - page.left
                // What is cut by the left edge is left out.
                guard x >= area.x || cluster.isTab else { continue }
                guard x <= area.maxX else { break }
                if cluster.isBreak {
                    drawBreak(bytes[cluster.bytes.lowerBound], stroke, x: x, y: y, in: clip, on: &grid)
                } else if cluster.isBlank {
                    let end = min(x + cluster.width, clip.maxX)
                    let sign =
                        stroke.sign ?? (stroke.isDropped ? Self.struck : sign(ofBlank: bytes[cluster.bytes.lowerBound]))
                    for column in max(x, area.x)..<max(x, area.x, end) {
                        let text = column == x || stroke.isDropped ? sign : " "
                        grid.put(Cell(text: text, style: blankStyle(stroke)), x: column, y: y)
                    }
                } else {
                    let character = String(decoding: UnsafeBufferPointer(rebasing: bytes[cluster.bytes]), as: UTF8.self)
                    if cluster.bytes.count == 1, cluster.width == 1, bytes[cluster.bytes.lowerBound] >= 0x20,
                        bytes[cluster.bytes.lowerBound] < 0x7F
                    {
                        grid.put(Cell(text: character, style: stroke.style), x: x, y: y)
                    } else {
                        grid.write(character, x: x, y: y, style: stroke.style, in: clip)
                    }
                }
            }
        }
    }
}

extension TextView {
    /// Line ends are seen where they are marked, or asked for; one of two bytes (CR LF) is another than one of one.
    private func drawBreak(_ first: UInt8, _ stroke: Stroke, x: Int, y: Int, in clip: Rect, on grid: inout Grid) {
        guard stroke.isMarked || marks.showsBlanks else { return }
        grid.write(first == 0x0D ? "␍↵" : "↵", x: x, y: y, style: blankStyle(stroke), in: clip)
    }

    private func sign(ofBlank first: UInt8) -> String {
        guard marks.showsBlanks else { return " " }
        return first == 0x09 ? "→" : first == 0x20 ? "·" : "°"
    }

    /// Signs of blanks are as quiet as they can be where nothing is painted.
    private func blankStyle(_ stroke: Stroke) -> Style {
        marks.showsBlanks && stroke.style == look.theme.text ? look.theme.dim : stroke.style
    }
}

extension TextView {
    /// The cursor's attention on some tokens, or their share of all that read its token; of losses none.
    fileprivate func mass(of tokens: Range<Int>) -> Float {
        guard let paint else {
            let weights = row?.weights ?? []
            return weights[tokens.clamped(to: 0..<weights.count)].reduce(0, +)
        }
        guard paint.painting.isAttention else { return 0 }
        let all = paint.values.reduce(0, +)
        return all > 0 ? tokens.reduce(0) { $0 + (paint.value(of: $1) ?? 0) } / all : 0
    }
}

/// The attention on the paragraphs of the screen, each summed once.
private struct ParagraphMasses {
    private let view: TextView
    private let paragraphs: Paragraphs
    private var known: (bytes: Range<Int>, mass: Float)?

    init(_ view: TextView) {
        self.view = view
        paragraphs = Paragraphs(text: view.page.text, joinsLines: true)
    }

    mutating func mass(atByte byte: Int) -> Float {
        guard let document = view.page.document else { return 0 }
        if let known, known.bytes.contains(byte) { return known.mass }
        let bytes = paragraphs.start(containing: byte)..<paragraphs.end(after: byte)
        let mass = view.mass(of: document.tokens(in: bytes))
        known = (bytes, mass)
        return mass
    }
}

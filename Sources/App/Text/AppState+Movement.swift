import RopewalkCellGrid
import RopewalkDocuments
import RopewalkPhrases
import RopewalkViews

extension AppState {
    /// Tokens that runs read; 0 until the document is there.
    package var tokenCount: Int { sources.document.value?.tokenCount ?? 0 }

    /// Tokens of the whole text; as `tokenCount` where nothing limits it.
    package var textTokenCount: Int { sources.whole.value?.tokenCount ?? tokenCount }

    /// The first byte that no run reads; nil where the whole text is read.
    var firstUnreadByte: Int? {
        guard let whole = sources.whole.value, tokenCount < whole.tokenCount else { return nil }
        return whole.byteRange(ofToken: tokenCount).lowerBound
    }

    /// The first byte that a run reads; 0 but where reading begins later.
    var firstReadByte: Int {
        sources.from > 0 ? sources.whole.value?.byteRange(ofToken: 0).lowerBound ?? 0 : 0
    }

    /// The cells of the text without borders and margin; those of the whole screen where the panel is hidden.
    var textRect: Rect {
        let panel = layout.panels[.text] ?? Rect(x: 0, y: 1, width: size.width, height: max(2, size.height - 2))
        return TextView.textRect(in: textContent(of: panel))
    }

    /// Rows of text that fit: where letters stand below each, half as many.
    var textRows: Int { showsExperts ? textRect.height / 2 : textRect.height }

    /// The rows of the text at the present width; nil without a text.
    var textLayout: TextLayout? {
        sources.text.value.map {
            TextLayout(text: $0, width: max(1, textRect.width), wraps: !appearance.keepsLines)
        }
    }

    /// The first byte of the cursor's token; without a document that of the first row on the screen.
    var cursorByte: Int {
        guard let document = queryDocument, document.tokenCount > focus.cursor else { return window.top }
        return document.byteRange(ofToken: focus.cursor).lowerBound
    }

    /// The byte after the cursor's token.
    var cursorEnd: Int {
        guard let document = queryDocument, document.tokenCount > focus.cursor else { return window.top }
        return document.byteRange(ofToken: focus.cursor).upperBound
    }

    /// Puts the cursor on a token and shows it; indices out of range mean the first and the last one.
    mutating func moveCursor(to token: Int, keepingColumn: Bool = false) {
        guard tokenCount > 0 else { return }
        window.gaze = nil
        focus.cursor = min(max(0, token), tokenCount - 1)
        focus.hasMoved = true
        if !keepingColumn { window.goalColumn = nil }
        if case .strongest = focus.anchor { focus.anchor = .strongest(rank: 0) }
        revealCursor()
        map.follow(query: focus.cursor, key: focus.cursor, in: mapExtent)
    }

    /// Tokens, or characters where several tokens are parts of one.
    mutating func moveCursor(bySteps steps: Int) {
        guard appearance.step == .characters, let document = queryDocument, document.tokenCount > 0 else {
            return moveCursor(to: focus.cursor + steps)
        }
        moveCursor(to: document.token(steps, charactersAfter: focus.cursor))
    }

    /// Puts the cursor on the token that holds a byte; without a document scrolls there.
    mutating func moveCursor(toByte byte: Int, keepingColumn: Bool = false) {
        if let document = queryDocument, document.tokenCount > 0 {
            moveCursor(to: document.nearestToken(toByte: byte), keepingColumn: keepingColumn)
        } else if let layout = textLayout {
            window.top = layout.row(containing: byte).bytes.lowerBound
        }
    }

    /// Puts the cursor on the token that holds a byte, or looks there where that is not read.
    mutating func travel(toByte byte: Int) {
        guard queryDocument != nil, byte < firstReadByte || byte >= firstUnreadByte ?? .max else {
            return moveCursor(toByte: byte)
        }
        window.gaze = byte
        revealCursor()
        let side = byte < firstReadByte ? say("before") : say("behind")
        notice = Notice(
            .information,
            say(
                "this lies \(side) the part that is read: \(keyName(of: .reading(.list))) reads here, \(keyName(of: .program(.close))) goes back"
            ))
    }

    /// Back to the cursor from what was looked at outside of the part that is read.
    mutating func lookBack() {
        window.gaze = nil
        revealCursor()
    }

    mutating func goTo(share: Double) {
        if tokenCount > 0 {
            moveCursor(to: Int(share * Double(tokenCount - 1)))
        } else {
            moveCursor(toByte: Int(share * Double(sources.text.value?.bytes.count ?? 0)))
        }
    }

    mutating func moveLines(_ lines: Int) {
        guard let layout = textLayout else { return }
        if window.gaze != nil { return scrollText(lines) }
        // Behind the last token that is read the text goes on without the cursor.
        if lines > 0, firstUnreadByte != nil, focus.cursor == tokenCount - 1 { return scrollText(lines) }
        if lines < 0, firstReadByte > 0, layout.row(containing: cursorByte).bytes.lowerBound <= firstReadByte {
            return scrollText(lines)
        }
        var row = layout.row(containing: cursorByte)
        let column = window.goalColumn ?? layout.column(ofByte: cursorByte, in: row)
        let start = row
        for _ in 0..<abs(lines) {
            guard let next = lines > 0 ? layout.row(after: row) : layout.row(before: row) else { break }
            row = next
        }
        if row == start { return }
        let before = focus.cursor
        moveCursor(toByte: layout.byte(atColumn: column, in: row), keepingColumn: true)
        if lines > 0, tokenCount > 0, focus.cursor == before { moveCursor(to: focus.cursor + 1, keepingColumn: true) }
        window.goalColumn = column
    }

    mutating func movePages(_ pages: Int) {
        let lines = pages * max(1, textRows - 2)
        let isAtEnd = focus.cursor == tokenCount - 1 && firstUnreadByte != nil
        if lines < 0 || !isAtEnd || window.gaze != nil { scrollText(lines) }
        if window.gaze != nil { return }
        moveLines(lines)
    }

    mutating func moveSentences(_ steps: Int) {
        for _ in 0..<abs(steps) {
            let before = (focus.cursor, window.top)
            moveSentence(steps)
            if (focus.cursor, window.top) == before { return }
        }
    }

    private mutating func moveSentence(_ steps: Int) {
        guard let text = sources.text.value else { return }
        let byte = cursorByte
        if steps > 0 {
            moveCursor(toByte: text.sentenceStart(after: max(byte, cursorEnd - 1)))
        } else {
            // A token that begins with the blank before a sentence belongs to that sentence.
            let start = text.sentenceStart(before: cursorEnd)
            moveCursor(toByte: start >= byte ? text.sentenceStart(before: start) : start)
        }
    }

    /// Scrolls the text only as far as it takes to have the cursor on the screen, with a row to spare.
    mutating func revealCursor() {
        guard let layout = textLayout else { return }
        let height = max(1, textRows)
        window.top = layout.row(containing: window.top).bytes.lowerBound
        guard tokenCount > 0 else { return }
        let spare = height >= 5 ? 1 : 0
        let rows = layout.rows(from: window.top, count: height - spare)
        let row = layout.row(containing: window.gaze ?? cursorByte)
        if let first = rows.first, row.bytes.lowerBound < first.bytes.lowerBound {
            window.top = self.row(spare, before: row, in: layout).bytes.lowerBound
        } else if let last = rows.last, row.bytes.lowerBound > last.bytes.lowerBound {
            window.top = self.row(height - 1 - spare, before: row, in: layout).bytes.lowerBound
        }
        revealColumn(in: row, of: layout)
    }

    /// Sideways by halves of the panel, so that what stands around the cursor is seen.
    private mutating func revealColumn(in row: TextLayout.Row, of layout: TextLayout) {
        guard !layout.wraps else { return window.left = 0 }
        let byte = window.gaze ?? cursorByte
        let first = layout.column(ofByte: byte, in: row)
        let end = max(first + 1, layout.column(ofByte: max(byte, cursorEnd), in: row))
        guard first < window.left || end > window.left + layout.width else { return }
        let half = max(1, layout.width / 2)
        window.left = end <= layout.width ? 0 : max(0, first / half * half - half / 2)
    }

    /// Scrolls without the cursor, as the wheel does; the end of the text stays at the lower edge.
    mutating func scrollText(_ lines: Int) {
        guard let layout = textLayout else { return }
        if lines < 0 {
            window.top = row(-lines, before: layout.row(containing: window.top), in: layout).bytes.lowerBound
        } else {
            let rows = layout.rows(from: window.top, count: max(1, textRect.height) + lines)
            let last = max(0, rows.count - max(1, textRect.height))
            if rows.indices.contains(last) { window.top = rows[min(lines, last)].bytes.lowerBound }
        }
    }

    private func row(_ count: Int, before row: TextLayout.Row, in layout: TextLayout) -> TextLayout.Row {
        var row = row
        for _ in 0..<max(0, count) {
            guard let above = layout.row(before: row) else { break }
            row = above
        }
        return row
    }
}

extension Document {
    /// The token that holds a byte, or the last one before it that has any; 0 where there is none.
    func nearestToken(toByte byte: Int) -> Int {
        token(atByte: byte) ?? max(0, tokens(in: 0..<max(1, byte)).upperBound - 1)
    }
}

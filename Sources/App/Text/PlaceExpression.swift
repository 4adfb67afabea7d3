import RopewalkDocuments

/// A place of the text as it is typed.
enum PlaceExpression: Equatable {
    /// `1204` or `1,204`, from 0.
    case token(Int)
    /// `50%`.
    case share(Double)
    /// `+100`, `-50`: tokens on or back.
    case step(Int)
    /// `L120`, from 1.
    case line(Int)
    /// `ch 3`, from 1: of the text's outline.
    case chapter(Int)

    /// What can be typed, for prompts and errors.
    static let forms = "1204, \(others)"
    static let others = "+100, -50, 50%, L120 or ch 3"

    /// Nil where the text is none.
    init?(_ typed: String) {
        let text = typed.filter { !$0.isWhitespace && $0 != "," }
        func number(_ digits: Substring, from first: Int) -> Int? {
            digits.allSatisfy(\.isWholeNumber) ? Int(digits).flatMap { $0 >= first ? $0 : nil } : nil
        }
        if text.hasSuffix("%") {
            guard let percent = ActionParameter.percent.read(text) else { return nil }
            self = .share(percent)
        } else if let sign = text.first, sign == "+" || sign == "-" {
            guard let count = number(text.dropFirst(), from: 0) else { return nil }
            self = .step(sign == "+" ? count : -count)
        } else if text.lowercased().hasPrefix("ch") {
            guard let chapter = number(text.dropFirst(2), from: 1) else { return nil }
            self = .chapter(chapter)
        } else if text.lowercased().hasPrefix("l") {
            guard let line = number(text.dropFirst(), from: 1) else { return nil }
            self = .line(line)
        } else {
            guard let token = number(text[...], from: 0) else { return nil }
            self = .token(token)
        }
    }
}

extension AppState {
    /// The outline of the text; empty until it is known.
    var outline: Outline { sources.outline }

    /// Why what is typed is no place; nil where it is one, or may become one.
    func placeProblem(_ typed: String) -> String? {
        let text = typed.filter { !$0.isWhitespace && $0 != "," }.lowercased()
        if ["+", "-", "l", "c", "ch"].contains(text) || Int(text) ?? 101 <= 100 { return nil }
        return placeObstacle(typed)
    }

    /// Why there is no such place to go to; nil where there is.
    func placeObstacle(_ typed: String) -> String? {
        let name = "no place '\(typed.prefix(40))'"
        guard let place = PlaceExpression(typed) else { return "\(name): give \(PlaceExpression.forms)" }
        switch place {
        case .token(let token): return placeObstacle(typed, token: token)
        case .share, .step: return nil
        case .line(let line):
            let lines = sources.text.value?.numberedLines ?? 0
            return line <= lines
                ? unread(name, byte: self.byte(ofLine: line)) : "\(name): the text has \(lines.grouped) lines"
        case .chapter(let number):
            let chapters = outline.chapters
            guard number <= chapters.count else { return "\(name): the outline has \(chapters.count.grouped) chapters" }
            return unread(name, byte: chapters[number - 1].byte)
        }
    }

    /// Why there is no such token to go to; nil where there is.
    func placeObstacle(_ typed: String, token: Int?) -> String? {
        if let token, (0..<tokenCount).contains(token) { return nil }
        let last = max(0, tokenCount - 1).grouped
        let limit = firstUnreadByte == nil ? "" : " (the last that is read)"
        return "no place '\(typed.prefix(40))': give a token from 0 to \(last)\(limit), or \(PlaceExpression.others)"
    }

    private func unread(_ name: String, byte: Int) -> String? {
        if byte < firstReadByte { return "\(name) in what is read: that begins at token \(sources.from.grouped)" }
        guard let end = firstUnreadByte, byte >= end else { return nil }
        return "\(name) in the \(tokenCount.grouped) tokens that are read: it comes after them"
    }

    /// The first byte of a line of the text, counted from 1.
    private func byte(ofLine line: Int) -> Int { sources.text.value?.start(ofNumberedLine: line) ?? 0 }

    /// Goes to a place that was typed.
    mutating func goTo(_ typed: String) {
        guard typed.contains(where: { !$0.isWhitespace }) else { return }
        if let obstacle = placeObstacle(typed) {
            notice = Notice(.warning, obstacle)
            return
        }
        switch PlaceExpression(typed) {
        case .token(let token): moveCursor(to: token)
        case .share(let percent): goTo(share: percent / 100)
        case .step(let steps): moveCursor(to: focus.cursor + min(max(steps, -tokenCount), tokenCount))
        case .line(let line): moveCursor(toByte: byte(ofLine: line))
        case .chapter(let number): moveCursor(toByte: outline.chapters[number - 1].byte)
        case nil: break
        }
    }
}

extension SourceText {
    /// Lines as an editor counts them: endless ones are not cut.
    var numberedLines: Int { bytes.count { $0 == 0x0A } + (bytes.last == 0x0A || bytes.isEmpty ? 0 : 1) }

    /// The first byte of a line, counted from 1.
    func start(ofNumberedLine line: Int) -> Int {
        var left = line - 1
        guard left > 0 else { return 0 }
        for (index, byte) in bytes.enumerated() where byte == 0x0A {
            left -= 1
            if left == 0 { return index + 1 }
        }
        return bytes.count
    }
}

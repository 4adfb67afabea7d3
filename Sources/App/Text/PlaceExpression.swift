import Foundation
import RopewalkDocuments
import RopewalkPhrases

/// A place of the text as it is typed.
indirect enum PlaceExpression: Equatable {
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
    /// `from 30000`, `from ch 2 to ch 4`: what shall be read, counted in the whole text.
    case part(from: PlaceExpression, to: PlaceExpression?)
    /// `here`: to read from the paragraph on that is looked at.
    case here

    /// What can be typed, for prompts and errors.
    static var forms: String { "1204, \(others)" }
    static var others: String { say("+100, -50, 50%, L120, ch 3, or from 30000 to read there") }

    /// Nil where the text is none.
    init?(_ typed: String) {
        let text = typed.filter { !$0.isWhitespace && $0 != "," }
        func number(_ digits: Substring, from first: Int) -> Int? {
            digits.allSatisfy(\.isWholeNumber) ? Int(digits).flatMap { $0 >= first ? $0 : nil } : nil
        }
        if text.lowercased() == "here" {
            self = .here
        } else if text.lowercased().hasPrefix("from") {
            guard let part = Self.part(String(text.dropFirst(4))) else { return nil }
            self = part
        } else if text.hasSuffix("%") {
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

    /// Without blanks: `30000`, `ch2toch4`.
    private static func part(_ text: String) -> PlaceExpression? {
        let ends = text.lowercased().components(separatedBy: "to")
        guard ends.count <= 2, let from = PlaceExpression(ends[0]), from.isPlace else { return nil }
        guard ends.count == 2 else { return .part(from: from, to: nil) }
        guard let end = PlaceExpression(ends[1]), end.isPlace else { return nil }
        return .part(from: from, to: end)
    }

    /// Whether it is one place.
    private var isPlace: Bool {
        switch self {
        case .token, .share, .step, .line, .chapter: true
        case .part, .here: false
        }
    }
}

extension AppState {
    /// The outline of the text; empty until it is known.
    var outline: Outline { sources.outline }

    /// Why what is typed is no place; nil where it is one, or may become one.
    func placeProblem(_ typed: String) -> String? {
        let text = typed.filter { !$0.isWhitespace && $0 != "," }.lowercased()
        // What the text has is not known before it has tokens.
        if !isOpen, PlaceExpression(typed) != nil { return nil }
        if ["+", "-", "l", "c", "ch"].contains(text) || isBeginning(of: text) || Int(text) ?? 101 <= 100 { return nil }
        return placeObstacle(typed)
    }

    /// Whether more may be typed behind it.
    private func isBeginning(of text: String) -> Bool {
        if "here".hasPrefix(text) || "from".hasPrefix(text) { return true }
        guard text.hasPrefix("from") else { return false }
        return ["c", "h", "l", "+", "-", "t", "o", "m"].contains { text.hasSuffix($0) }
    }

    /// Why there is no such place to go to; nil where there is.
    func placeObstacle(_ typed: String) -> String? {
        let name = say("no place '\(typed.prefix(40))'")
        guard let place = PlaceExpression(typed) else { return say("\(name): give \(PlaceExpression.forms)") }
        switch place {
        case .token(let token): return placeObstacle(typed, token: token)
        case .share, .step: return nil
        case .line(let line):
            let lines = sources.text.value?.numberedLines ?? 0
            return line <= lines ? nil : say("\(name): the text has \(lines.grouped) lines")
        case .chapter(let number):
            let chapters = outline.chapters.count
            return number <= chapters ? nil : say("\(name): the outline has \(chapters.grouped) chapters")
        case .here: return readingMoveObstacle
        case .part(let from, let to): return readingMoveObstacle ?? partObstacle(name, from, to)
        }
    }

    /// Why there is no such token in the text, counted as what is read is; nil where there is.
    func placeObstacle(_ typed: String, token: Int?) -> String? {
        if let token, (0..<textTokenCount).contains(token) { return nil }
        let last = max(0, textTokenCount - 1).grouped
        return say("no place '\(typed.prefix(40))': give a token from 0 to \(last), or \(PlaceExpression.others)")
    }

    /// Why no such part of the text can be read; nil where it can.
    private func partObstacle(_ name: String, _ from: PlaceExpression, _ to: PlaceExpression?) -> String? {
        let count = sources.full.value?.tokenCount ?? 0
        guard let first = token(of: from), first < count else {
            return say("\(name): the text has tokens from 0 to \(max(0, count - 1).grouped)")
        }
        guard let to else { return nil }
        guard let end = token(of: to) else { return say("\(name): it ends nowhere in the text") }
        return end > first ? nil : say("\(name): it ends at token \(end.grouped), before it begins")
    }

    /// The token of the whole text that a place says; nil where there is none.
    private func token(of place: PlaceExpression) -> Int? {
        guard let full = sources.full.value else { return nil }
        switch place {
        case .token(let token): return token
        case .share(let percent): return Int(percent / 100 * Double(max(0, full.tokenCount - 1)))
        case .step(let steps):
            let place = full.nearestToken(toByte: readingPlace)
            return max(0, place + min(max(steps, -full.tokenCount), full.tokenCount))
        case .line(let line):
            let lines = sources.text.value?.numberedLines ?? 0
            return line <= lines ? full.nearestToken(toByte: byte(ofLine: line)) : nil
        case .chapter(let number):
            let chapters = outline.chapters
            return number <= chapters.count ? full.nearestToken(toByte: chapters[number - 1].byte) : nil
        case .part, .here: return nil
        }
    }

    /// The part of the text that is to be read; nil where what is typed says none.
    func part(typed: String) -> ReadPart? {
        switch PlaceExpression(typed) {
        case .here: return partList.entries.first?.part
        case .part(let from, let to):
            guard let first = token(of: from) else { return nil }
            return ReadPart(from: first, tokens: to.flatMap { token(of: $0) }.map { max(1, $0 - first) })
        case .token, .share, .step, .line, .chapter, nil: return nil
        }
    }

    /// The first byte of a line of the text, counted from 1.
    private func byte(ofLine line: Int) -> Int { sources.text.value?.start(ofNumberedLine: line) ?? 0 }

    /// Goes to a place that was typed, or reads there.
    mutating func goTo(_ typed: String) -> [Effect] {
        guard typed.contains(where: { !$0.isWhitespace }) else { return [] }
        if PlaceExpression(typed) == nil, Action.begins(typed) { return perform(named: typed) }
        if let obstacle = placeObstacle(typed) {
            notice = Notice(.warning, obstacle, isRefusal: true)
            return []
        }
        switch PlaceExpression(typed) {
        case .token(let token): goTo(token: token)
        case .share(let percent): goTo(share: percent / 100)
        case .step(let steps): moveCursor(to: focus.cursor + min(max(steps, -tokenCount), tokenCount))
        case .line(let line): travel(toByte: byte(ofLine: line))
        case .chapter(let number): travel(toByte: outline.chapters[number - 1].byte)
        case .here, .part: return part(typed: typed).map { read($0) } ?? []
        case nil: break
        }
        return []
    }

    /// Goes to a token that is read, or looks at one that comes after those.
    private mutating func goTo(token: Int) {
        guard token >= tokenCount, let whole = sources.whole.value else { return moveCursor(to: token) }
        travel(toByte: whole.byteRange(ofToken: token).lowerBound)
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

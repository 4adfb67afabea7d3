/// The texts in quotes of a Swift file, as patterns, and whether each is said.
///
/// Reads what the sources of this project use: plain, long and raw literals, interpolations in them, comments. Texts that
/// stand in an interpolation are texts of their own.
struct SwiftTexts {
    struct Text: Equatable {
        /// As `Phrase` makes it: values are `{1}`, `{2}` ..., a word for one or many `[token|tokens]`.
        let pattern: String
        /// Whether `say` or `.said` takes it, so that it needs a translation.
        let isSaid: Bool
        /// From 1.
        let line: Int
    }

    private(set) var texts: [Text] = []
    private let code: [Character]
    private var place = 0

    init(_ source: String) {
        code = Array(source)
        readCode(inside: false)
    }

    private func isAt(_ word: String, _ index: Int) -> Bool {
        var index = index
        for character in word {
            guard code.indices.contains(index), code[index] == character else { return false }
            index += 1
        }
        return true
    }

    /// Until the end, or the bracket that closes an interpolation.
    private mutating func readCode(inside: Bool) {
        var depth = 0
        while place < code.count {
            if isAt("//", place) {
                while place < code.count, !code[place].isNewline { place += 1 }
            } else if isAt("/*", place) {
                while place < code.count, !isAt("*/", place) { place += 1 }
            } else if code[place] == "\"" || isRawStart {
                readText()
                continue
            } else if let end = patternEnd {
                place = end
            } else if inside, code[place] == "(" {
                depth += 1
            } else if inside, code[place] == ")" {
                if depth == 0 { return }
                depth -= 1
            }
            place += 1
        }
    }

    private var isRawStart: Bool {
        guard code[place] == "#" else { return false }
        let quote = code[place...].firstIndex { $0 != "#" } ?? place
        return quote < code.count && code[quote] == "\""
    }

    /// The end of a regular expression between slashes that begins here; nil where none does.
    private var patternEnd: Int? {
        guard code[place] == "/", place > 1, code[place - 1] == " " || code[place - 1] == "(",
            place + 1 < code.count, code[place + 1] != " "
        else { return nil }
        guard code[place - 1] == "(" || "=:,".contains(code[place - 2]) else { return nil }
        var index = place + 1
        while index < code.count, code[index] != "/" {
            if code[index].isNewline { return nil }
            index += code[index] == "\\" ? 2 : 1
        }
        return index
    }

    private mutating func readText() {
        let start = place
        while code[place] == "#" { place += 1 }
        let mark = String(repeating: "#", count: place - start)
        let isLong = isAt("\"\"\"", place)
        let quote = isLong ? "\"\"\"" : "\""
        let end = quote + mark
        let escape = "\\" + mark
        place += quote.count
        var pieces = Pieces()
        while place < code.count, !isAt(end, place) {
            guard isAt(escape, place) else {
                pieces.append(code[place])
                place += 1
                continue
            }
            place += escape.count
            readEscaped(&pieces)
        }
        if isLong { pieces.unindent() }
        place += end.count
        let line = code[..<start].count { $0.isNewline } + 1
        texts.append(Text(pattern: pieces.pattern, isSaid: isSaid(before: start), line: line))
    }

    private mutating func readEscaped(_ pieces: inout Pieces) {
        switch code[place] {
        case "(":
            place += 1
            let start = place
            readCode(inside: true)
            pieces.append(value: String(code[start..<place]))
        case "u":
            let digits = code[(place + 2)...].prefix { $0 != "}" }
            if let scalar = UInt32(String(digits), radix: 16).flatMap(Unicode.Scalar.init) {
                pieces.append(Character(scalar))
            }
            place += digits.count + 2
        case "n": pieces.append("\n", isWritten: true)
        case "t": pieces.append("\t")
        case "r": pieces.append("\r", isWritten: true)
        case let character where character.isNewline: pieces.joinLines()
        case let character: pieces.append(character)
        }
        place += 1
    }

    private func isSaid(before start: Int) -> Bool {
        var index = start - 1
        while index >= 0, code[index].isWhitespace { index -= 1 }
        if isAt("say(", index - 3) { return true }
        // A value that begins with its point, not a function of something.
        return isAt(".said(", index - 5) && (index < 6 || code[index - 6].isWhitespace || code[index - 6] == "(")
    }
}

/// What a literal is made of.
private struct Pieces {
    private enum Piece {
        case character(Character)
        case lineEnd
        /// A backslash at the end of a line: the next one goes on with it.
        case join
        case value(String)
    }

    private var pieces: [Piece] = []
    private var indentation = 0

    mutating func append(_ character: Character, isWritten: Bool = false) {
        pieces.append(character.isNewline && !isWritten ? .lineEnd : .character(character))
    }

    mutating func append(value: String) { pieces.append(.value(value)) }
    mutating func joinLines() { pieces.append(.join) }

    /// Takes away what a long literal has before each of its lines, and its first and last line end.
    mutating func unindent() {
        var last = 0
        for piece in pieces.reversed() {
            guard case .character(" ") = piece else { break }
            last += 1
        }
        pieces.removeLast(last)
        if case .lineEnd? = pieces.last { pieces.removeLast() }
        var result: [Piece] = []
        var left = 0
        for piece in pieces {
            if left > 0, case .character(" ") = piece {
                left -= 1
                continue
            }
            left = 0
            switch piece {
            case .lineEnd, .join: left = last
            case .character, .value: break
            }
            result.append(piece)
        }
        if case .lineEnd? = result.first { result.removeFirst() }
        pieces = result
    }

    var pattern: String {
        var text = ""
        var count = 0
        for piece in pieces {
            switch piece {
            case .character(let character): text.append(character)
            case .lineEnd: text += "\n"
            case .join: break
            case .value(let source):
                if let word = source.wholeMatch(of: /(?s).*, one: "([^"]*)", many: "([^"]*)"/) {
                    text += "[\(word.1)|\(word.2)]"
                } else {
                    count += 1
                    text += "{\(count)}"
                }
            }
        }
        return text
    }
}

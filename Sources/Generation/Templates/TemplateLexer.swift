import RopewalkPhrases

/// A template cut into text, and the words inside of its tags.
struct TemplateLexer {
    enum Token: Equatable {
        case name(String)
        case string(String)
        case integer(Int)
        case number(Double)
        case sign(String)
    }

    enum Piece {
        case text(String)
        /// `{{ … }}`
        case output([Token], line: Int)
        /// `{% … %}`
        case tag([Token], line: Int)
    }

    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var line = 1
    private var pieces: [Piece] = []
    /// Text before the next tag.
    private var text: [Unicode.Scalar] = []
    /// Whether blanks at the beginning of the text that follows are dropped, or the end of a line alone.
    private var trims = Trim.nothing

    private enum Trim { case nothing, lineEnd, blanks }

    private init(_ template: String) { scalars = Array(template.unicodeScalars) }

    /// As transformers sets Jinja up: the line end behind a tag and blanks before one that stands alone are dropped.
    static func pieces(of template: String) throws(TemplateProblem) -> [Piece] {
        var lexer = TemplateLexer(template)
        try lexer.cut()
        return lexer.pieces
    }

    private func at(_ offset: Int) -> Unicode.Scalar? {
        place + offset < scalars.count ? scalars[place + offset] : nil
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where place < scalars.count {
            if scalars[place] == "\n" { line += 1 }
            place += 1
        }
    }

    private mutating func cut() throws(TemplateProblem) {
        while let scalar = at(0) {
            guard scalar == "{", let kind = at(1), ["{", "%", "#"].contains(kind) else {
                text.append(scalar)
                advance()
                continue
            }
            let mark = at(2)
            endText(before: kind, mark: mark == "-" || mark == "+" ? mark : nil)
            let start = line
            advance(mark == "-" || mark == "+" ? 3 : 2)
            switch kind {
            case "#": try skipComment(start)
            case "{": pieces.append(.output(try words(until: "}", start), line: start))
            default:
                let words = try words(until: "%", start)
                if words == [.name("raw")] { try takeRaw(start) } else { pieces.append(.tag(words, line: start)) }
            }
        }
        // A line end at the end of a template is no part of it.
        trimBeginning()
        if text.last == "\n" { text.removeLast() }
        flush()
    }

    // MARK: Text

    private mutating func endText(before kind: Unicode.Scalar, mark: Unicode.Scalar?) {
        trimBeginning()
        if mark == "-" {
            while let last = text.last, Self.isBlank(last) { text.removeLast() }
        } else if kind != "{", mark != "+" {
            var end = text.count
            while end > 0, text[end - 1] == " " || text[end - 1] == "\t" { end -= 1 }
            // Only where the tag is the first of its line.
            let isFirst = end == 0 ? isLineStart : text[end - 1] == "\n"
            if isFirst { text.removeSubrange(end...) }
        }
        flush()
    }

    /// Whether what came before the text ended a line.
    private var isLineStart: Bool { place - text.count <= 0 || trimmedLineEnd }
    private var trimmedLineEnd = false

    private mutating func trimBeginning() {
        switch trims {
        case .nothing: trimmedLineEnd = false
        case .lineEnd:
            trimmedLineEnd = text.first == "\n"
            if trimmedLineEnd { text.removeFirst() }
        case .blanks:
            trimmedLineEnd = false
            var count = 0
            while count < text.count, Self.isBlank(text[count]) {
                if text[count] == "\n" { trimmedLineEnd = true }
                count += 1
            }
            text.removeSubrange(..<count)
        }
        trims = .nothing
    }

    private mutating func flush() {
        guard !text.isEmpty else { return }
        var string = String.UnicodeScalarView()
        string.append(contentsOf: text)
        pieces.append(.text(String(string)))
        text = []
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

    // MARK: Tags

    private mutating func skipComment(_ start: Int) throws(TemplateProblem) {
        while let scalar = at(0) {
            let isMarked = (scalar == "-" || scalar == "+") && at(1) == "#" && at(2) == "}"
            if isMarked || scalar == "#" && at(1) == "}" {
                trims = scalar == "-" ? .blanks : scalar == "+" ? .nothing : .lineEnd
                return advance(isMarked ? 3 : 2)
            }
            advance()
        }
        throw TemplateProblem(start, say("a comment has no end"))
    }

    /// Text between raw and endraw, as it stands.
    private mutating func takeRaw(_ start: Int) throws(TemplateProblem) {
        while place < scalars.count {
            if at(0) == "{", at(1) == "%" {
                let (before, beforeLine) = (place, line)
                advance(at(2) == "-" || at(2) == "+" ? 3 : 2)
                if let words = try? words(until: "%", start), words == [.name("endraw")] { return flush() }
                (place, line) = (before, beforeLine)
            }
            if let scalar = at(0) { text.append(scalar) }
            advance()
        }
        throw TemplateProblem(start, say("raw has no end"))
    }

    /// The words up to the end of a tag.
    private mutating func words(until end: Unicode.Scalar, _ start: Int) throws(TemplateProblem) -> [Token] {
        var words: [Token] = []
        var open = 0
        while let scalar = at(0) {
            if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
                advance()
                continue
            }
            let isMarked = (scalar == "-" || scalar == "+" && end == "%") && at(1) == end && at(2) == "}"
            if open == 0, isMarked || scalar == end && at(1) == "}" {
                trims = isMarked ? (scalar == "-" ? .blanks : .nothing) : end == "%" ? .lineEnd : .nothing
                advance(isMarked ? 3 : 2)
                return words
            }
            let word = try word()
            if case .sign(let sign) = word {
                if ["(", "[", "{"].contains(sign) { open += 1 }
                if [")", "]", "}"].contains(sign) { open -= 1 }
            }
            words.append(word)
            // More than any template has in a tag.
            if words.count > 10_000 { throw TemplateProblem(start, say("a tag is too long")) }
        }
        throw TemplateProblem(start, say("a tag has no end"))
    }

    private mutating func word() throws(TemplateProblem) -> Token {
        guard let scalar = at(0) else { throw TemplateProblem(line, say("a tag has no end")) }
        if scalar == "\"" || scalar == "'" { return try string(scalar) }
        if Self.isDigit(scalar) { return try number() }
        if scalar == "_" || scalar.properties.isAlphabetic {
            var name = ""
            while let next = at(0), next == "_" || next.properties.isAlphabetic || Self.isDigit(next) {
                name.unicodeScalars.append(next)
                advance()
            }
            return .name(name)
        }
        let two = String(scalar) + (at(1).map { String($0) } ?? "")
        if ["==", "!=", "<=", ">=", "//", "**"].contains(two) {
            advance(2)
            return .sign(two)
        }
        guard "+-*/%~<>=()[]{},.:|".unicodeScalars.contains(scalar) else {
            throw TemplateProblem(line, say("'\(String(scalar))' has no meaning here"))
        }
        advance()
        return .sign(String(scalar))
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// A number as Jinja takes it: 12, 1_000, 0x1f, 0o17, 0b11, 1.5, 2e3, 1.5e-3. Behind a point only the digits of an index.
    private mutating func number() throws(TemplateProblem) -> Token {
        let bases: [Unicode.Scalar: Int] = ["x": 16, "X": 16, "o": 8, "O": 8, "b": 2, "B": 2]
        if at(0) == "0", let base = at(1).flatMap({ bases[$0] }) {
            var count = 2
            var digits = ""
            while let next = at(count) {
                let isGap = next == "_"
                guard let digit = isGap ? at(count + 1) : next, Int(String(digit), radix: base) != nil else { break }
                digits.unicodeScalars.append(digit)
                count += isGap ? 2 : 1
            }
            if !digits.isEmpty {
                advance(count)
                guard let value = Int(digits, radix: base) else { throw tooLarge(digits) }
                return .integer(value)
            }
        }
        let isIndex = place > 0 && scalars[place - 1] == "."
        var digits = takeDigits()
        var isWhole = true
        if !isIndex, at(0) == ".", at(1).map(Self.isDigit) == true {
            advance()
            digits += "." + takeDigits()
            isWhole = false
        }
        let hasSign = at(1) == "+" || at(1) == "-"
        if !isIndex, at(0) == "e" || at(0) == "E", at(hasSign ? 2 : 1).map(Self.isDigit) == true {
            digits += "e" + (at(1) == "-" ? "-" : "")
            advance(hasSign ? 2 : 1)
            digits += takeDigits()
            isWhole = false
        }
        if isWhole {
            guard digits.first != "0" || digits.allSatisfy({ $0 == "0" }) else {
                throw TemplateProblem(line, say("\(String(digits.prefix(40))) is no number: it begins with 0"))
            }
            if let value = Int(digits) { return .integer(value) }
        } else if let value = Double(digits) {
            return .number(value)
        }
        throw tooLarge(digits)
    }

    /// Digits, between which one '_' may stand.
    private mutating func takeDigits() -> String {
        var digits = ""
        while let next = at(0), Self.isDigit(next) || next == "_" && at(1).map(Self.isDigit) == true {
            if next != "_" { digits.unicodeScalars.append(next) }
            advance()
        }
        return digits
    }

    private func tooLarge(_ digits: String) -> TemplateProblem {
        TemplateProblem(line, say("\(String(digits.prefix(40))) is too large"))
    }

    private mutating func string(_ mark: Unicode.Scalar) throws(TemplateProblem) -> Token {
        let start = line
        advance()
        var value = String.UnicodeScalarView()
        while let scalar = at(0) {
            advance()
            if scalar == mark { return .string(String(value)) }
            guard scalar == "\\" else {
                value.append(scalar)
                continue
            }
            guard let escaped = at(0) else { break }
            advance()
            switch escaped {
            case "n": value.append("\n")
            case "t": value.append("\t")
            case "r": value.append("\r")
            case "\\", "'", "\"": value.append(escaped)
            case "\n": break
            case "u":
                var code: UInt32 = 0
                for _ in 0..<4 {
                    guard let digit = at(0).flatMap({ UInt32(String($0), radix: 16) }) else {
                        throw TemplateProblem(start, say("\\u needs four digits"))
                    }
                    code = code * 16 + digit
                    advance()
                }
                value.append(Unicode.Scalar(code) ?? "\u{FFFD}")
            default:
                // As Python does, with what it stands before.
                value.append("\\")
                value.append(escaped)
            }
        }
        throw TemplateProblem(start, say("a text has no end"))
    }
}

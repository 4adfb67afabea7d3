import RopewalkPhrases

/// The words of a mask rule: numbers, names and marks, each with its bytes; the last one is its end.
struct RuleWords {
    enum Token: Equatable {
        case number(Int)
        case word(String)
        case mark(String)
        case end
    }

    let tokens: [(token: Token, place: Range<Int>)]

    private static let marks = ["&&", "||", "<=", ">=", "==", "!=", "//"]
    /// What Python writes differently.
    private static let pythonMarks = ["//": "/", "~": "!"]
    private static let pythonWords = ["and": "&&", "or": "||", "not": "!"]

    /// - Throws: `MethodError.expression` for what means nothing, by its column from 1.
    init(_ bytes: [UInt8]) throws(MethodError) {
        var tokens: [(token: Token, place: Range<Int>)] = []
        var at = 0
        while at < bytes.count {
            let start = at
            let byte = bytes[at]
            at += 1
            switch byte {
            case 0x20, 0x09: continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                while at < bytes.count, Self.isDigit(bytes[at]) || bytes[at] == UInt8(ascii: "_") { at += 1 }
                let digits = bytes[start..<at].filter { Self.isDigit($0) }
                guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
                    throw .expression(column: start + 1, say("the number is beyond 64 bits"))
                }
                tokens.append((.number(number), start..<at))
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                while at < bytes.count,
                    Self.isLetter(bytes[at]) || Self.isDigit(bytes[at]) || bytes[at] == UInt8(ascii: "_")
                {
                    at += 1
                }
                let word = String(decoding: bytes[start..<at], as: UTF8.self)
                tokens.append((Self.pythonWords[word].map { .mark($0) } ?? .word(word), start..<at))
            default:
                let pair = String(decoding: bytes[start..<min(start + 2, bytes.count)], as: UTF8.self)
                if Self.marks.contains(pair) {
                    at += 1
                    tokens.append((.mark(Self.pythonMarks[pair] ?? pair), start..<at))
                } else if "+-*/%()<>!?:,&|~[]".utf8.contains(byte) {
                    let mark = String(decoding: [byte], as: UTF8.self)
                    tokens.append((.mark(Self.pythonMarks[mark] ?? mark), start..<at))
                } else {
                    let shown =
                        byte < 0x7F && byte > 0x20 ? "'\(Character(Unicode.Scalar(byte)))'" : say("this character")
                    let hint = byte == UInt8(ascii: "=") ? say(": compare with ==") : ""
                    throw .expression(column: start + 1, say("\(shown) means nothing here\(hint)"))
                }
            }
        }
        self.tokens = tokens + [(.end, bytes.count..<bytes.count)]
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}

import RopewalkPhrases

/// Reads JSON text with a bound on its nesting, so that no file can exhaust the stack.
struct JSONParser {
    struct Failure: Error {
        let line: Int
        let problem: String
    }

    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var at = 0
    /// A value whose line is looked for, the way to the present one, and the line.
    private var wanted: [JSONNode.Step]?
    private var way: [JSONNode.Step] = []
    private var found = 1

    /// - Parameter maximumDepth: how many arrays and objects may lie within one another.
    init(_ bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    /// The one value that the text consists of.
    mutating func parse() throws(Failure) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        let result = try value(depth: 0)
        skipSpace()
        if at < bytes.count { throw failure(say("there is more text after the end of the JSON value")) }
        return result
    }

    /// The line in which a value begins, from 1; 1 where there is no such.
    mutating func line(of way: [JSONNode.Step]) -> Int {
        wanted = way
        _ = try? parse()
        return found
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        if depth > maximumDepth { throw failure(say("JSON is nested deeper than \(maximumDepth) levels")) }
        skipSpace()
        if let wanted, wanted == way { found = line }
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        // As Python writes what JSON has no words for.
        case UInt8(ascii: "N"): return try literal("NaN", .number(.nan))
        case UInt8(ascii: "I"): return try literal("Infinity", .number(.infinity))
        case UInt8(ascii: "-") where at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "I"):
            return try literal("-Infinity", .number(-.infinity))
        case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        case nil: throw failure(say("the JSON text ends too early"))
        default: throw failure(say("a JSON value is expected"))
        }
    }

    /// A value in another one; the way to it is only known where somebody asks for it.
    private mutating func value(at step: @autoclosure () -> JSONNode.Step, depth: Int) throws(Failure) -> JSONValue {
        guard wanted != nil else { return try value(depth: depth) }
        way.append(step())
        defer { way.removeLast() }
        return try value(depth: depth)
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONValue {
        at += 1
        var members: [JSONValue.Member] = []
        if skip(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw failure(say("the name of a member is expected")) }
            let key = try string()
            guard skip(UInt8(ascii: ":")) else { throw failure(say("a colon is expected")) }
            members.append(.init(key: key, value: try value(at: .member(key), depth: depth + 1)))
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "}")) else { throw failure(say("a comma or the end of the object is expected")) }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(Failure) -> JSONValue {
        at += 1
        var values: [JSONValue] = []
        if skip(UInt8(ascii: "]")) { return .array(values) }
        repeat {
            values.append(try value(at: .element(values.count), depth: depth + 1))
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "]")) else { throw failure(say("a comma or the end of the array is expected")) }
        return .array(values)
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        let length = word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer { bytes[at...].starts(with: $0) }
        guard matches else { throw failure(say("a JSON value is expected")) }
        at += length
        return value
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = at
        while let byte = peek, isNumberByte(byte) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if let whole = Int(text) { return .integer(whole) }
        guard let value = Double(text), value.isFinite else { throw failure(say("a number cannot be read")) }
        return .number(value)
    }

    private func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func string() throws(Failure) -> String {
        at += 1
        let start = at
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
        var text = bytes[start..<at]
        while peek != UInt8(ascii: "\"") {
            guard let byte = peek else { throw failure(say("a string has no end")) }
            if byte < 0x20 { throw failure(say("a control character in a string")) }
            at += 1
            if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
        }
        at += 1
        guard let result = String(validating: text, as: UTF8.self) else {
            throw failure(say("a string is not valid UTF-8"))
        }
        return result
    }

    private mutating func escape(into text: inout ArraySlice<UInt8>) throws(Failure) {
        guard let byte = peek else { throw failure(say("a string has no end")) }
        at += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"): text.append(contentsOf: try scalar().utf8)
        default: throw failure(say("an unknown escape in a string"))
        }
    }

    /// The character of `\uXXXX`, or of two such that make a surrogate pair.
    private mutating func scalar() throws(Failure) -> Character {
        let first = try hexadecimal()
        var code = first
        if first & 0xFC00 == 0xD800 {
            guard peek == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") else {
                throw failure(say("half a surrogate pair in a string"))
            }
            at += 2
            let second = try hexadecimal()
            guard second & 0xFC00 == 0xDC00 else { throw failure(say("half a surrogate pair in a string")) }
            code = 0x10000 + (first & 0x3FF) << 10 + second & 0x3FF
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure(say("half a surrogate pair in a string")) }
        return Character(scalar)
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        guard at + 4 <= bytes.count else { throw failure(say("a string has no end")) }
        var code: UInt32 = 0
        for byte in bytes[at..<at + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure(say("an unknown escape in a string"))
            }
            code = code << 4 | UInt32(digit)
        }
        at += 4
        return code
    }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    /// Skips space and then `byte` where it is next.
    private mutating func skip(_ byte: UInt8) -> Bool {
        skipSpace()
        guard peek == byte else { return false }
        at += 1
        return true
    }

    private func failure(_ problem: String) -> Failure {
        Failure(line: line, problem: problem)
    }

    private var line: Int { 1 + bytes[..<min(at, bytes.count)].count { $0 == 0x0A } }
}

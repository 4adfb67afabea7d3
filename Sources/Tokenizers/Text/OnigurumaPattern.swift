/// Rewrites a pattern of the Oniguruma dialect, in which tokenizer.json writes them, in that of PCRE2.
enum OnigurumaPattern {
    /// Where the two differ in what the pattern can say; `place` counts bytes.
    struct Difference: Error {
        let place: Int
        let problem: String
    }

    /// White_Space; PCRE2's own class also has U+180E.
    private static let space = #"\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}"#
    private static let word = #"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}"#
    private static let hexadecimal = "0-9A-Fa-f"

    static func translated(_ pattern: String) throws(Difference) -> String {
        let source = Array(pattern.utf8)
        var result: [UInt8] = []
        var inClass = false
        var at = 0
        while at < source.count {
            let byte = source[at]
            let next = at + 1 < source.count ? source[at + 1] : nil
            switch byte {
            case UInt8(ascii: "\\"):
                result += escape(next, inClass: inClass)
                at += next == nil ? 1 : 2
                continue
            case UInt8(ascii: "[") where inClass && next != UInt8(ascii: ":"):
                throw Difference(place: at, problem: "a set within a set is not supported")
            case UInt8(ascii: "&") where inClass && next == byte:
                throw Difference(place: at, problem: "the intersection of sets is not supported")
            case UInt8(ascii: "[") where !inClass:
                inClass = true
                let opening = classOpening(source, at)
                result += opening
                at += opening.count
                continue
            case UInt8(ascii: "["):
                let name = posixName(source, at)
                result += name
                at += name.count
                continue
            case UInt8(ascii: "]"): inClass = false
            case UInt8(ascii: "{") where !inClass && next == UInt8(ascii: ","): result += Array("{0".utf8)
            default: break
            }
            if !(byte == UInt8(ascii: "{") && !inClass && next == UInt8(ascii: ",")) { result.append(byte) }
            at += 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func escape(_ letter: UInt8?, inClass: Bool) -> [UInt8] {
        func set(_ members: String) -> [UInt8] { Array((inClass ? members : "[\(members)]").utf8) }
        switch letter {
        case UInt8(ascii: "s"): return set(space)
        case UInt8(ascii: "w"): return set(word)
        case UInt8(ascii: "h"): return set(hexadecimal)
        case UInt8(ascii: "S") where !inClass: return Array("[^\(space)]".utf8)
        case UInt8(ascii: "W") where !inClass: return Array("[^\(word)]".utf8)
        case UInt8(ascii: "H") where !inClass: return Array("[^\(hexadecimal)]".utf8)
        default: return [UInt8(ascii: "\\")] + (letter.map { [$0] } ?? [])
        }
    }

    /// The bracket with what may follow it and is no end of the class: `[^`, `[]`, `[^]`.
    private static func classOpening(_ source: [UInt8], _ at: Int) -> [UInt8] {
        var end = at + 1
        if end < source.count, source[end] == UInt8(ascii: "^") { end += 1 }
        if end < source.count, source[end] == UInt8(ascii: "]") { end += 1 }
        return Array(source[at..<end])
    }

    /// `[:alpha:]` whole, or the one bracket where it is no such name.
    private static func posixName(_ source: [UInt8], _ at: Int) -> [UInt8] {
        var end = at + 2
        while end + 1 < source.count, source[end] != UInt8(ascii: "]") {
            if source[end] == UInt8(ascii: ":"), source[end + 1] == UInt8(ascii: "]") {
                return Array(source[at...end + 1])
            }
            end += 1
        }
        return [source[at]]
    }
}

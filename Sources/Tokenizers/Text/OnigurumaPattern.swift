import RopewalkPhrases

/// Rewrites a pattern of the Oniguruma dialect, in which tokenizer.json writes them, in that of PCRE2.
enum OnigurumaPattern {
    /// Where the two differ in what the pattern can say; `place` counts bytes.
    struct Difference: Error {
        let place: Int
        let problem: String
    }

    /// White_Space; PCRE2's own class also has U+180E.
    private static let space = #"\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}"#
    private static let word = #"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}"#
    /// Outside of a set Oniguruma asks a table for what is below U+0100, and that holds ² ³ ¹ ¼ ½ ¾ for words.
    private static let loneWord = word + #"\x{B2}\x{B3}\x{B9}\x{BC}-\x{BE}"#
    private static let hexadecimal = "0-9A-Fa-f"
    private static let boundary = "(?:(?<=[\(loneWord)])(?![\(loneWord)])|(?<![\(loneWord)])(?=[\(loneWord)]))"
    private static let noBoundary = "(?:(?<=[\(loneWord)])(?=[\(loneWord)])|(?<![\(loneWord)])(?![\(loneWord)]))"
    /// What the names within `[: :]` stand for.
    private static let posix = [
        "alpha": #"\p{Alphabetic}"#, "alnum": #"\p{Alphabetic}\p{Nd}"#, "word": word, "punct": #"\p{P}\p{S}"#,
        "lower": #"\p{Lowercase}"#, "upper": #"\p{Uppercase}"#, "cntrl": #"\p{Cc}"#, "space": space,
        "graph": #"\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cf}\p{Co}"#, "print": #"\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cf}\p{Co}\p{Zs}"#,
        "blank": #"\t\p{Zs}"#, "digit": #"\p{Nd}"#, "xdigit": hexadecimal, "ascii": #"\x{0}-\x{7F}"#,
    ]
    /// Regardless of case Oniguruma finds these in one character: ß, ﬀ, ﬁ, ﬂ, ﬆ.
    private static let foldedPairs: Set<String> = ["ss", "ff", "fi", "fl", "st"]
    /// And those that end with one of these: ŉ, ǰ, ẖ, ΐ, ᾳ, և.
    private static let foldedEnds: Set<UInt32> = [
        0x2BE, 0x300, 0x301, 0x307, 0x308, 0x30A, 0x30C, 0x313, 0x331, 0x342, 0x345, 0x399, 0x3B9, 0x535, 0x53B, 0x53D,
        0x546, 0x552, 0x565, 0x56B, 0x56D, 0x576, 0x582, 0x1FBE,
    ]

    static func translated(_ pattern: String) throws(Difference) -> String {
        let source = Array(pattern.utf8)
        var result: [UInt8] = []
        var groups: [(start: Int, ignoresCase: Bool)] = []
        // [group]: the groups within it that a lone `(?i)` has begun, the pattern itself first.
        var lone = [0]
        var ignoresCase = false
        // Where the last item begins in the result, for the quantifier after it.
        var item = 0
        var last: Unicode.Scalar?
        var at = 0
        while at < source.count {
            let byte = source[at]
            let next = at + 1 < source.count ? source[at + 1] : nil
            let before = last
            last = nil
            switch byte {
            case UInt8(ascii: "\\"):
                item = result.count
                if next == UInt8(ascii: "p") || next == UInt8(ascii: "P") {
                    let property = try OnigurumaProperty(source, at)
                    result += property.text
                    at = property.end
                    break
                }
                if next == UInt8(ascii: "X") || next == UInt8(ascii: "V") {
                    throw Difference(place: at, problem: say("this escape is not supported"))
                }
                // All of an escape's braces are its own.
                var end = min(at + 2, source.count)
                if next == UInt8(ascii: "x"), end < source.count, source[end] == UInt8(ascii: "{"),
                    let closing = source[end...].firstIndex(of: UInt8(ascii: "}"))
                {
                    end = closing + 1
                }
                result += escape(next) ?? Array(source[at..<end])
                at = end
            case UInt8(ascii: "["):
                item = result.count
                let set = try self.set(source, at, ignoresCase: ignoresCase)
                result += set.text
                at = set.end
            case UInt8(ascii: "("):
                let flags = try self.flags(source, at)
                if let flags {
                    if flags.isGroup {
                        groups.append((result.count, ignoresCase))
                        lone.append(0)
                    } else if at > 0 {
                        lone[lone.count - 1] += 1
                    }
                    ignoresCase = flags.ignoresCase ?? ignoresCase
                    result += flags.text
                    at = flags.end
                    if flags.isGroup { last = before }
                } else {
                    groups.append((result.count, ignoresCase))
                    lone.append(0)
                    result.append(byte)
                    at += 1
                    // `?` of a group is no quantifier.
                    if next == UInt8(ascii: "?") {
                        result.append(UInt8(ascii: "?"))
                        at += 1
                    }
                }
            case UInt8(ascii: ")"):
                if let group = groups.popLast() {
                    item = group.start
                    ignoresCase = group.ignoresCase
                    result += closings(lone.popLast())
                }
                result.append(byte)
                at += 1
                last = before
            case UInt8(ascii: "{"):
                guard let interval = interval(source, at) else {
                    item = result.count
                    result.append(byte)
                    at += 1
                    break
                }
                at = interval.end
                result += interval.text
                // `{n}+` takes no more than it needs and `{n}?` may take nothing: both repeat what stands before them.
                if at < source.count,
                    source[at] == UInt8(ascii: "+") || interval.isExact && source[at] == UInt8(ascii: "?")
                {
                    result.insert(contentsOf: Array("(?:".utf8), at: item)
                    result.append(UInt8(ascii: ")"))
                }
            case UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
                result.append(byte)
                at += 1
            default:
                item = result.count
                var end = at + 1
                while end < source.count, UTF8Text.isContinuation(source[end]) { end += 1 }
                let scalar = String(decoding: source[at..<end], as: UTF8.self).unicodeScalars.first
                if ignoresCase, let scalar, folds(scalar, after: before) {
                    throw Difference(place: at, problem: folding)
                }
                last = scalar
                result += source[at..<end]
                at = end
            }
        }
        return String(decoding: result + closings(lone.first), as: UTF8.self)
    }

    private static func closings(_ count: Int?) -> [UInt8] {
        [UInt8](repeating: UInt8(ascii: ")"), count: count ?? 0)
    }

    private static var folding: String {
        say("letters that are several in another case, as ß and ss, are not supported with (?i)")
    }

    /// Whether a letter, with the one before it, is another number of letters in another case.
    private static func folds(_ scalar: Unicode.Scalar, after before: Unicode.Scalar?) -> Bool {
        let properties = scalar.properties
        if properties.uppercaseMapping.unicodeScalars.count > 1 || properties.lowercaseMapping.unicodeScalars.count > 1
            || scalar == "\u{1E9E}"
        {
            return true
        }
        guard let before else { return false }
        let isPair = foldedPairs.contains(before.properties.lowercaseMapping + properties.lowercaseMapping)
        return isPair || foldedEnds.contains(scalar.value) || before.value == 0x2BC && (scalar == "n" || scalar == "N")
    }

    /// `{2}`, `{2,}`, `{,2}`, `{2,3}`, or nil where the brace is a mere character.
    private static func interval(_ source: [UInt8], _ at: Int) -> (text: [UInt8], end: Int, isExact: Bool)? {
        guard let closing = source[at...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let inner = source[(at + 1)..<closing]
        let parts = inner.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }),
            parts.joined().allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        let text = Array((parts[0].isEmpty ? "{0" : "{").utf8) + inner + [UInt8(ascii: "}")]
        return (text, closing + 1, parts.count == 1)
    }

    /// The letters of `(?i)` and `(?i:`, or nil where the bracket begins another group. Both begin one in PCRE2: a lone
    /// `(?i)` holds all up to the end of the group that it stands in, with other choices, unless the pattern begins with it.
    private static func flags(
        _ source: [UInt8], _ at: Int
    ) throws(Difference) -> (text: [UInt8], end: Int, isGroup: Bool, ignoresCase: Bool?)? {
        guard at + 2 < source.count, source[at + 1] == UInt8(ascii: "?") else { return nil }
        var letters: [UInt8] = []
        var ignoresCase: Bool?
        var isOn = true
        var end = at + 2
        while end < source.count {
            switch source[end] {
            case UInt8(ascii: ":"), UInt8(ascii: ")"):
                let isGroup = source[end] == UInt8(ascii: ":")
                let last = isGroup || at > 0 ? UInt8(ascii: ":") : source[end]
                return (Array("(?".utf8) + letters + [last], end + 1, isGroup, ignoresCase)
            case UInt8(ascii: "-"):
                isOn = false
                letters.append(source[end])
            case UInt8(ascii: "i"):
                ignoresCase = isOn
                letters.append(source[end])
            // Oniguruma's `m` has the dot find line ends, which is PCRE2's `s`.
            case UInt8(ascii: "m"): letters.append(UInt8(ascii: "s"))
            case UInt8(ascii: "x"): letters.append(source[end])
            case UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "U"), UInt8(ascii: "J"):
                throw Difference(place: end, problem: say("an option other than i, m and x is not supported"))
            default: return nil
            }
            end += 1
        }
        return nil
    }

    /// What an escape outside of a set is in PCRE2, or nil where it is the same.
    private static func escape(_ letter: UInt8?) -> [UInt8]? {
        switch letter {
        case UInt8(ascii: "s"): Array("[\(space)]".utf8)
        case UInt8(ascii: "w"): Array("[\(loneWord)]".utf8)
        case UInt8(ascii: "h"): Array("[\(hexadecimal)]".utf8)
        case UInt8(ascii: "S"): Array("[^\(space)]".utf8)
        case UInt8(ascii: "W"): Array("[^\(loneWord)]".utf8)
        case UInt8(ascii: "H"): Array("[^\(hexadecimal)]".utf8)
        case UInt8(ascii: "b"): Array(boundary.utf8)
        case UInt8(ascii: "B"): Array(noBoundary.utf8)
        case UInt8(ascii: "v"): Array(#"\x0B"#.utf8)
        default: nil
        }
    }

    /// A set in brackets; one that holds the opposite of another becomes a choice.
    private static func set(
        _ source: [UInt8], _ start: Int, ignoresCase: Bool
    ) throws(Difference) -> (text: [UInt8], end: Int) {
        let opening = classOpening(source, start)
        let isNegative = opening.count > 1 && opening[1] == UInt8(ascii: "^")
        var members = Array(opening.dropFirst(isNegative ? 2 : 1))
        var opposites: [String] = []
        var at = start + opening.count
        while at < source.count {
            let byte = source[at]
            let next = at + 1 < source.count ? source[at + 1] : nil
            switch byte {
            case UInt8(ascii: "]"):
                if opposites.isEmpty {
                    return (Array((isNegative ? "[^" : "[").utf8) + members + [byte], at + 1)
                }
                var choices = opposites.map { "[^\($0)]" }
                if !members.isEmpty { choices.append("[\(String(decoding: members, as: UTF8.self))]") }
                let choice = choices.joined(separator: "|")
                return (Array((isNegative ? "(?:(?!\(choice))(?s:.))" : "(?:\(choice))").utf8), at + 1)
            case UInt8(ascii: "\\"):
                if next == UInt8(ascii: "p") || next == UInt8(ascii: "P") {
                    let property = try OnigurumaProperty(source, at)
                    if ignoresCase, property.hasCase {
                        throw Difference(
                            place: at, problem: say("letters of one case in a set are not supported with (?i)"))
                    }
                    members += property.text
                    at = property.end
                    continue
                }
                switch next {
                case UInt8(ascii: "v"): members += Array(#"\x0B"#.utf8)
                case UInt8(ascii: "s"): members += Array(space.utf8)
                case UInt8(ascii: "w"): members += Array(word.utf8)
                case UInt8(ascii: "h"): members += Array(hexadecimal.utf8)
                case UInt8(ascii: "S"): opposites.append(space)
                case UInt8(ascii: "W"): opposites.append(word)
                case UInt8(ascii: "H"): opposites.append(hexadecimal)
                default: members += [byte] + (next.map { [$0] } ?? [])
                }
                at += next == nil ? 1 : 2
            case UInt8(ascii: "[") where next != UInt8(ascii: ":"):
                throw Difference(place: at, problem: say("a set within a set is not supported"))
            case UInt8(ascii: "&") where next == byte:
                throw Difference(place: at, problem: say("the intersection of sets is not supported"))
            case UInt8(ascii: "["):
                let text = posixName(source, at)
                at += text.count
                var name = String(decoding: text.dropFirst(2).dropLast(2), as: UTF8.self)
                let isOpposite = name.hasPrefix("^")
                if isOpposite { name.removeFirst() }
                guard var set = posix[name] else {
                    members += text
                    break
                }
                if ignoresCase, isNegative || isOpposite, name == "lower" || name == "upper" {
                    throw Difference(
                        place: at, problem: say("letters of one case in a set are not supported with (?i)"))
                }
                if ignoresCase, name == "lower" || name == "upper" { set = #"\p{Lowercase}\p{Uppercase}\p{Lt}"# }
                if isOpposite { opposites.append(set) } else { members += Array(set.utf8) }
            default:
                var end = at + 1
                while end < source.count, UTF8Text.isContinuation(source[end]) { end += 1 }
                let scalar = String(decoding: source[at..<end], as: UTF8.self).unicodeScalars.first
                if ignoresCase, let scalar, folds(scalar, after: nil) { throw Difference(place: at, problem: folding) }
                members += source[at..<end]
                at = end
            }
        }
        // Without its end, for PCRE2 to refuse.
        return (Array(source[start...]), source.count)
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

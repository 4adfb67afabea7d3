import Testing

@testable import RopewalkTokenizers

@Suite struct PreTokenizerTests {
    static func split(
        _ text: String, _ pattern: String, _ behavior: SplitRule.Behavior, inverted: Bool = false
    ) throws -> [String] {
        let rule = SplitRule(pattern: .regex(try Pattern(pattern, file: "x")), behavior: behavior, isInverted: inverted)
        let bytes = Array(text.utf8)
        var stretches: [Stretch] = []
        try bytes.withUnsafeBytes {
            try rule.split($0, 0..<bytes.count, TextMatcher(rule.pattern), isCancelled: { false }, into: &stretches)
        }
        return stretches.map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }

    /// The example of the library's documentation.
    @Test func cutsByEveryBehavior() throws {
        let text = "the-final--countdown"
        #expect(try Self.split(text, "-", .removed) == ["the", "final", "countdown"])
        #expect(try Self.split(text, "-", .isolated) == ["the", "-", "final", "-", "-", "countdown"])
        #expect(try Self.split(text, "-", .mergedWithPrevious) == ["the-", "final-", "-", "countdown"])
        #expect(try Self.split(text, "-", .mergedWithNext) == ["the", "-final", "-", "-countdown"])
        #expect(try Self.split(text, "-", .contiguous) == ["the", "-", "final", "--", "countdown"])
        #expect(try Self.split(text, "[a-z]+", .removed, inverted: true) == ["the", "final", "countdown"])
        #expect(try Self.split("", "-", .isolated) == [])
        #expect(try Self.split("ab", "x*", .isolated) == ["a", "b"])
        #expect(try Self.split("-", "-", .removed) == [])
    }

    @Test func readsTheOnigurumaDialect() throws {
        #expect(try Self.split("a\u{85}b\u{180E}c", #"\s"#, .isolated) == ["a", "\u{85}", "b\u{180E}c"])
        #expect(try Self.split("aaab", "a{,2}", .isolated) == ["aa", "a", "b"])
        #expect(try Self.split("xfz", #"\h"#, .isolated) == ["x", "f", "z"])
        #expect(try Self.split("I'ſ", "(?i:'s)", .isolated) == ["I", "'ſ"])
        #expect(try Self.split("a1]", "[]1]+", .isolated) == ["a", "1]"])
        #expect(try Self.split("a1b", "[[:digit:]]", .isolated) == ["a", "1", "b"])
    }

    /// What tokenizers 0.23 gives.
    @Test(arguments: [
        (#"\w+"#, "x½y Ⓐ", ["x½y", " ", "Ⓐ"]),
        (#"\w+"#, "नेत a①", ["नेत", " ", "a", "①"]),
        (#"\W"#, "½ x", ["½", " ", "x"]),
        (#"[\w]+"#, "x½y", ["x", "½", "y"]),
        (#"[\W_]+"#, "a½_b", ["a", "½_", "b"]),
        (#"[^\W_]+"#, "a½_b", ["a", "½_", "b"]),
        (#"\b"#, "नेत, a½y", ["नेत", ", ", "a½y"]),
        (#"\B"#, "ab c", ["a", "b c"]),
        ("[[:alpha:]]+", "aेbⒶ1", ["aेbⒶ", "1"]),
        ("[[:alnum:]]+", "aे1½", ["aे1", "½"]),
        ("[[:word:]]+", "aे_½", ["aे_", "½"]),
        ("[[:punct:]]+", "a▁b™c€d", ["a", "▁", "b", "™", "c", "€", "d"]),
        ("[[:lower:]]+", "xªYⓐB", ["xª", "Y", "ⓐ", "B"]),
        ("(?i)[[:lower:]]", "aA1", ["a", "A", "1"]),
        ("[[:upper:]]+", "aⒶb", ["a", "Ⓐ", "b"]),
        ("[[:graph:]]+", "a \u{E000}\tb", ["a", " ", "\u{E000}", "\t", "b"]),
        ("[[:^alpha:]]+", "ab12c", ["ab", "12", "c"]),
        (#"[\S]"#, "\u{180E} b", ["\u{180E}", " ", "b"]),
        ("(?m).+", "a\nb", ["a\nb"]),
        ("(?m:.)-", "a\n-", ["a", "\n-"]),
        ("a{2}+", "aaaaa", ["aaaa", "a"]),
        ("(ab){1,2}+b", "ababab", ["ababab"]),
        ("a{2}?b", "aab b", ["aab", " ", "b"]),
        (#"\p{L}{2}+"#, "abcde", ["abcd", "e"]),
        ("a(?i)b|C", "aBxacxC", ["aB", "x", "ac", "xC"]),
        ("(?:a(?i)b|c)d", "acdCd", ["acd", "Cd"]),
        ("a(?i)x|c(?-i)d|E", "aCdaEaX", ["aCd", "aE", "aX"]),
        ("(?i)a|b", "xAB", ["x", "A", "B"]),
        (#"\p{Han}+"#, "一・二〇。三", ["一", "・", "二〇", "。", "三"]),
        (#"[\p{Han}a]+"#, "一・a二。", ["一", "・", "a二", "。"]),
        (#"[^\p{Han}]+"#, "一・。二", ["一", "・。", "二"]),
        (#"\P{Han}+"#, "一・。二", ["一", "・。", "二"]),
        (#"\p{^Han}"#, "一・二", ["一", "・", "二"]),
        (#"\p{Katakana}+"#, "アー・ゥ゙", ["ア", "ー・", "ゥ", "゙"]),
        (#"\p{Greek}+"#, "α\u{345}\u{301}β", ["α", "\u{345}\u{301}", "β"]),
        (#"\v"#, "a\u{B}\u{C}\u{85}b", ["a", "\u{B}", "\u{C}\u{85}b"]),
        (#"[\v]"#, "a\u{B}\u{2028}b", ["a", "\u{B}", "\u{2028}b"]),
        (#"\p{Hani}+"#, "一・二", ["一", "・", "二"]),
        (#"[^\v]+"#, "a\u{B}\u{C}b", ["a", "\u{B}", "\u{C}b"]),
    ])
    func meansWhatOnigurumaMeans(pattern: String, text: String, pieces: [String]) throws {
        #expect(try Self.split(text, pattern, .isolated) == pieces)
    }

    @Test(arguments: [
        "(", "[a", #"\"#, "a{2,1}", "[a[b]]", "[a-z&&[^b]]", "(?<n", "*", #"\C"#, "(?i:ss)", "(?i)s(?:s)", "(?i)[ß]",
        "(?s).", #"\p{sc=Han}"#, #"\p{Script=Han}"#, #"\p{L&}"#, #"\p{Xan}"#, #"\p{bidial}"#, #"\pL"#, #"[\PL]"#,
        #"\X"#,
        #"\V"#, #"(?i)[\p{Lu}a]"#, #"(?i:[^\p{Ll}])"#, "(?i)[^[:upper:]]",
    ])
    func namesAPatternThatCannotBeCompiled(pattern: String) {
        do {
            _ = try Pattern(pattern, file: "tokenizer.json")
            Issue.record("\(pattern) was compiled")
        } catch {
            #expect(error.description.hasPrefix("tokenizer.json: pattern \(pattern.debugDescription)"))
        }
    }

    @Test func givesUpOnAPatternThatWouldHang() {
        #expect(throws: TokenizerError.self) {
            try Self.split(String(repeating: "a", count: 5000) + "x", "^(a|aa)+$", .isolated)
        }
    }
}

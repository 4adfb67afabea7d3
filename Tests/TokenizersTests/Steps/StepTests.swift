import Testing

@testable import RopewalkTokenizers

/// Single normalizers and decoders, as the tokenizers library's documentation and source describe them.
@Suite struct StepTests {
    static func normalized(_ text: String, _ steps: NormalizerStep...) throws -> String {
        var prepared = PreparedText(Array(text.utf8), added: AddedTokenFinder([]) { _ in [] })
        for step in steps { try prepared.apply(step) { false } }
        return String(decoding: prepared.bytes, as: UTF8.self)
    }

    @Test func rewritesCharacters() throws {
        #expect(try Self.normalized("ÀÉ Straße İ Σ", .lowercase) == "àé straße i\u{307} σ")
        #expect(try Self.normalized("ﬁ①㎏", .unicode(.compatibilityComposition)) == "fi1kg")
        #expect(try Self.normalized("é각", .unicode(.canonicalDecomposition)).unicodeScalars.count == 5)
        #expect(try Self.normalized("e\u{301}a\u{323}\u{307}", .remove(.mark)) == "ea")
        #expect(try Self.normalized(" \t a b \n", .strip(left: true, right: true)) == "a b")
        #expect(try Self.normalized(" \n", .strip(left: true, right: true)) == "")
        #expect(try Self.normalized("ab", .prepend(Array("▁".utf8))) == "▁ab")
        #expect(try Self.normalized("", .prepend(Array("▁".utf8))) == "")
        #expect(try Self.normalized("a\0b\tc\u{FFFD}\u{AD}d\u{A0}e", .cleanControls) == "ab cd e")
        #expect(try Self.normalized("a中b", .surroundIdeographs) == "a 中 b")
        #expect(try Self.normalized("a\u{1}b\u{200B}c", .cleanFormats) == "ab c")
        #expect(try Self.normalized("é b", .byteLetters) == "Ã©Ġb")
        #expect(try Self.normalized("a  b", .replace(.regex(Pattern(" {2,}", file: "")), by: [0x2B])) == "a+b")
        #expect(try Self.normalized("abab", .replace(.literal([]), by: [0x2B])) == "abab")
        #expect(try Self.normalized("a b", .replace(.literal([0x20]), by: []), .prepend([0x78])) == "xab")
    }

    /// Forty steps that each double the text would make a terabyte of one letter: they are refused long before.
    @Test func stepsThatDoubleTheTextAreRefused() throws {
        let doubling = NormalizerStep.replace(.literal([0x61]), by: [0x61, 0x61])
        var prepared = PreparedText(Array(repeating: 0x61, count: 1000), added: AddedTokenFinder([]) { _ in [] })
        var steps = 0
        let error = #expect(throws: TokenizerError.self) {
            while steps < 40 {
                try prepared.apply(doubling) { false }
                steps += 1
            }
        }
        #expect(error?.description.contains("over 32 bytes of each of 1000") == true)
        #expect(steps < 7)
    }

    @Test func putsTokensTogether() {
        #expect(
            DecoderStep.byteFallback.apply(["a", "<0xC3>", "<0xA9>", "b", "<0xFF>"]) == ["a", "é", "b", "\u{FFFD}"])
        #expect(DecoderStep.fuse.apply(["a", "b"]) == ["ab"])
        #expect(DecoderStep.strip(" ", start: 1, stop: 1).apply(["  a ", " ", ""]) == [" a", "", ""])
        #expect(DecoderStep.strip(" ", start: -1, stop: .max).apply([" a "]) == [" a"])
        #expect(DecoderStep.metaspace("▁", dropsFirst: true).apply(["▁a", "▁b"]) == ["a", " b"])
        #expect(DecoderStep.metaspace("▁", dropsFirst: false).apply(["▁a"]) == [" a"])
        #expect(
            DecoderStep.wordPiece(prefix: "##", cleansUp: true).apply(["do", "n't", "walk", "##ing", "."])
                == ["do", "n't", " walk", "ing", "."])
        #expect(DecoderStep.wordEnd(suffix: "</w>").apply(["a</w>", "b", "c</w>"]) == ["a ", "b", "c"])
        #expect(DecoderStep.wordEnd(suffix: "</w>").apply([]) == [])
        #expect(
            DecoderStep.ctc(pad: "<pad>", delimiter: "|", cleansUp: true).apply(["a", "a", "<pad>", "a", "|", "b"])
                == ["a", "a", " ", "b"])
        #expect(DecoderStep.byteLevel.apply(["Ã", "©", "Ġb"]) == ["é b"])
        #expect(DecoderStep.replace(.literal(Array("▁".utf8)), by: [0x20]).apply(["▁a▁"]) == [" a "])
    }

    @Test func findsClustersAcrossWindows() {
        let text = String(repeating: "e\u{301}\r\nx👨‍👩‍👧\r", count: 300)
        let bytes = Array(text.utf8)
        let clusters = Clusters(bytes, 0..<bytes.count).map { String(decoding: bytes[$0], as: UTF8.self) }
        #expect(clusters == text.map(String.init))
        let long = "a" + String(repeating: "\u{301}", count: 5000)
        let parts = Array(Clusters(Array(long.utf8), 0..<long.utf8.count))
        #expect(parts.first?.lowerBound == 0 && parts.last?.upperBound == long.utf8.count)
    }

    @Test func findsAllPrefixes() {
        var trie = ByteTrie()
        for (index, word) in ["a", "ab", "abcd", "b"].enumerated() { trie.insert(word.utf8, Int32(index)) }
        var found: [[Int]] = []
        Array("abcx".utf8).withUnsafeBytes { trie.forEachPrefix(of: $0) { found.append([Int($0), $1]) } }
        #expect(found == [[0, 1], [1, 2]])
        #expect(trie.node(of: "abc".utf8) != nil && trie.node(of: "x".utf8) == nil)
    }

    /// Words cut at marks must give what the whole text gives.
    @Test func cutsOnlyWhereNoTokenReachesOver() {
        func cuts(_ tokens: String...) -> [String] {
            let cuts = WordCuts(tokens: tokens.map { Array($0.utf8) })
            let text = Array("▁▁a▁b▁".utf8)
            return text.withUnsafeBytes { bytes in
                var words: [String] = []
                var start = 0
                while start < bytes.count {
                    let end = cuts.end(of: start, in: bytes)
                    words.append(String(decoding: bytes[start..<end], as: UTF8.self))
                    start = end
                }
                return words
            }
        }
        #expect(cuts("▁a", "▁▁") == ["▁▁a", "▁b", "▁"])
        #expect(cuts("▁a", "a▁") == ["▁▁a▁b▁"])
        #expect(cuts("▁▁a▁b") == ["▁▁a▁b▁"])
    }
}

import RopewalkTokenizers
import TestSupport
import Testing

@testable import RopewalkDocuments

@Suite struct SearchTests {
    private func hits(_ typed: String, in text: String) throws -> [Range<Int>] {
        try SourceText(text).hits(#require(SearchQuery(typed: typed)))
    }

    @Test func findsAllPlacesInOrder() throws {
        #expect(try hits("whale", in: "The whale. the Whale. THE WHALE.") == [4..<9, 15..<20, 26..<31])
        #expect(try hits("shark", in: "The whale.") == [])
        #expect(SearchQuery(typed: "") == nil && SearchQuery(typed: "re:") == nil && SearchQuery(typed: "id:x") == nil)
    }

    @Test func mindsCaseWhereTheNeedleHasCapitals() throws {
        let text = "whale Whale ÉTÉ été"
        #expect(try hits("Whale", in: text) == [6..<11])
        #expect(try hits("été", in: text) == [12..<17, 18..<23])
        #expect(try hits("ÉTÉ", in: text) == [12..<17])
    }

    @Test func findsForeignTextAndNoPlaceWithinAnother() throws {
        let text = "aaaa 子曰子曰 İ"
        #expect(try hits("aa", in: text) == [0..<2, 2..<4])
        #expect(try hits("子曰", in: text) == [5..<11, 11..<17])
        #expect(try hits("aab", in: text) == [])
        #expect(try hits("曰 i", in: text).count == 1)
    }

    @Test func isLinearOnRepetitions() throws {
        let text = String(repeating: "a", count: 200_000)
        #expect(try hits(String(repeating: "a", count: 50_000) + "b", in: text) == [])
    }

    /// A text that was wrapped by hand has phrases across its lines; an empty line ends one.
    @Test func findsPhrasesAcrossALineBreak() throws {
        let text = "The quick brown\nfox jumps over\r\n   the lazy dog.\n\nThe end"
        #expect(try hits("brown fox jumps over the", in: text) == [10..<38])
        #expect(try hits("dog. the", in: text) == [])
        #expect(try hits(" fox", in: text) == [15..<19])
    }

    @Test func findsExpressionsWordsAndTokens() throws {
        let text = "a cat, a catalogue, concat 42"
        #expect(try hits("word:cat", in: text) == [2..<5])
        #expect(try hits("re:c.t\\b", in: text) == [2..<5, 23..<26])
        #expect(try hits("re:^a|[0-9]+", in: text) == [0..<1, 27..<29])
        for pattern in ["x*", "^"] {
            #expect(throws: DocumentError.emptyMatches(expression: pattern)) { try hits("re:" + pattern, in: text) }
        }
        #expect(try hits("re:x+", in: text) == [])
        let document = Document(
            text: try SourceText("abcb"), encoding: Encoding(ids: [7, 8, 9, 8], byteLengths: [1, 1, 1, 1]),
            tokenizer: nil)
        #expect(try document.text.hits(.token(8), tokens: document) == [1..<2, 3..<4])
        #expect(try document.text.hits(.token(5), tokens: document) == [])
    }

    @Test func saysWhereAnExpressionIsWrong() throws {
        #expect(throws: DocumentError.expression(problem: "missing closing parenthesis", byte: 3)) {
            _ = try hits("re:a(b", in: "text")
        }
        // Work without end has a bound.
        #expect(throws: DocumentError.self) {
            _ = try hits("re:(x+x+)+[yz]", in: String(repeating: "x", count: 4_000))
        }
    }
}

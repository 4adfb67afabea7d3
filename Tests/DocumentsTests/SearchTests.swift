import TestSupport
import Testing

@testable import RopewalkDocuments

@Suite struct SearchTests {
    @Test func findsForwardsAndBackwards() throws {
        let text = try SourceText("The whale. the Whale. THE WHALE.")
        let found = try #require(text.find("whale", from: -1))
        #expect(found == SearchResult(bytes: 4..<9, wrapped: false))
        #expect(text.find("whale", from: 4)?.bytes == 15..<20)
        #expect(text.find("whale", from: 26) == SearchResult(bytes: 4..<9, wrapped: true))
        #expect(text.find("whale", from: 15, .backwards) == SearchResult(bytes: 4..<9, wrapped: false))
        #expect(text.find("whale", from: 4, .backwards) == SearchResult(bytes: 26..<31, wrapped: true))
        #expect(text.find("shark", from: 0) == nil)
        #expect(text.find("", from: 0) == nil)
    }

    @Test func mindsCaseWhereTheNeedleHasCapitals() throws {
        let text = try SourceText("whale Whale ÉTÉ été")
        #expect(text.find("Whale", from: -1)?.bytes == 6..<11)
        #expect(text.find("été", from: -1)?.bytes == 12..<17)
        #expect(text.find("ÉTÉ", from: 12) == SearchResult(bytes: 12..<17, wrapped: true))
    }

    @Test func findsTheOnlyPlaceAgain() throws {
        let text = try SourceText("only here")
        #expect(text.find("here", from: 5) == SearchResult(bytes: 5..<9, wrapped: true))
        #expect(text.find("here", from: 5, .backwards) == SearchResult(bytes: 5..<9, wrapped: true))
        #expect(text.find("here", from: 7, .backwards) == SearchResult(bytes: 5..<9, wrapped: false))
    }

    @Test func findsOverlappingAndForeignText() throws {
        let text = try SourceText("aaaa 子曰子曰 İ")
        #expect(text.find("aa", from: 0)?.bytes == 1..<3)
        #expect(text.find("aa", from: 3, .backwards)?.bytes == 2..<4)
        #expect(text.find("子曰", from: 5)?.bytes == 11..<17)
        #expect(text.find("aab", from: 0) == nil)
        #expect(text.find("曰 i", from: 0) != nil)
    }

    @Test func isLinearOnRepetitions() throws {
        let text = try SourceText(String(repeating: "a", count: 200_000))
        #expect(text.find(String(repeating: "a", count: 50_000) + "b", from: 0) == nil)
    }
}

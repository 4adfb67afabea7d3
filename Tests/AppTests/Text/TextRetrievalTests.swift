import RopewalkDocuments
import Testing

@testable import RopewalkApp

/// `about:` finds what a question is about.
@Suite struct TextRetrievalTests {
    /// Twelve chunks, of which one is about whales and one about yarns.
    private static let text = [
        filler(1), "White whales swim in the cold sea. A whale sings for hours, and other whales answer.", filler(2),
        "At the far end the yarns were tarred and dried for nine days.", filler(3),
    ].joined(separator: "\n\n")

    private static func filler(_ part: Int) -> String {
        (1...20).map { "Spinner \(part * 100 + $0) walks backwards down the lane before noon." }.joined(separator: " ")
    }

    @Test func theChunksAreLitInTheOrderOfTheText() throws {
        var state = try Samples.state(text: Self.text)
        let search = state.search("about:whales that sing", forwards: true)
        let found = try #require(search)
        #expect((1...2).contains(found.hits.count) && found.names.count == found.hits.count)
        let hit = try #require(found.hits.first)
        #expect(state.sources.text.value?.string(hit).contains("whale") == true)
        #expect(found.names[hit.lowerBound]?.hasPrefix("#1 ") == true)
        let (none, little) = (
            state.search("about:", forwards: true), state.search("about:nothing of it zzz", forwards: true)
        )
        #expect(none?.hits == [] && little?.hits.count ?? 0 <= 1)
        let plain = state.search("whale", forwards: true)
        #expect(plain?.names == [:])
    }

    @Test func theListOfHitsHasRanks() throws {
        var state = try Samples.state(text: Self.text)
        state.find("about:yarns", forwards: true)
        #expect(state.placeList(.hits).entries.map(\.name).allSatisfy { $0.hasPrefix("#") })
        #expect((1...2).contains(state.placeList(.hits).entries.count))
    }

    @Test func aLongTextIsIndexedElsewhere() throws {
        let text = try SourceText(String(repeating: "word ", count: 2_000_000))
        #expect(throws: SearchProblem.self) { try TextRetrieval("word", in: text) }
    }
}

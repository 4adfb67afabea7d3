import Foundation
import RopewalkDocuments
import RopewalkTokenizers
import TestSupport
import Testing

@testable import RopewalkRetrieval

/// Chunks of tokens and of words.
struct ChunkTests {
    @Test(arguments: [(1, 0), (4, 1), (5, 2), (64, 16), (7, 99)]) func cutsHaveEveryUnit(size: Int, overlap: Int) {
        let plan = ChunkPlan(size: size, overlap: overlap)
        for count in [0, 1, 3, 4, 5, 6, 63, 64, 65, 500] {
            let cuts = plan.cuts(count) { _ in false }
            #expect(
                cuts.first?.lowerBound == (count > 0 ? 0 : nil) && cuts.last?.upperBound == (count > 0 ? count : nil))
            for (a, b) in zip(cuts, cuts.dropFirst()) {
                #expect(a.upperBound - b.lowerBound == plan.overlap && b.upperBound > a.upperBound)
            }
            #expect(cuts.allSatisfy { $0.count <= size && !$0.isEmpty })
        }
    }

    @Test func aChunkEndsWithASentenceWhereOneEndsInItsSecondHalf() {
        let plan = ChunkPlan(size: 10, keepsSentences: true)
        #expect(plan.cuts(30) { [3, 8, 17, 30].contains($0) } == [0..<8, 8..<17, 17..<27, 27..<30])
        let overlapping = ChunkPlan(size: 10, overlap: 4, keepsSentences: true)
        for cut in zip(overlapping.cuts(100) { $0 % 3 == 0 }, overlapping.cuts(100) { $0 % 3 == 0 }.dropFirst()) {
            #expect(cut.1.lowerBound > cut.0.lowerBound)
        }
    }

    @Test func wordsAndIdeographsAreUnits() throws {
        let text = try SourceText(" The old  rope-walk。绳廊 is\u{3000}long\n", name: "x")
        let words = TextWords.ranges(text.bytes).map { text.string($0) }
        #expect(words == ["The", "old", "rope-walk。", "绳", "廊", "is", "long"])
        let chunks = ChunkPlan(size: 3).chunks(text)
        #expect(chunks.map { text.string($0.bytes) } == ["The old  rope-walk。", "绳廊 is", "long"])
    }

    @Test func chunksOfADocumentHaveItsTokens() throws {
        let model = Fixture.project.path + "/samples/books-4m"
        let tokenizer = try Tokenizer(folder: model)
        let text = "The rope walk is long. It burned twice. Boys measure their races by it; 绳廊很长。"
        let document = try Document(text: SourceText(text, name: "x"), tokenizer: tokenizer)
        let chunks = ChunkPlan(size: 6).chunks(document)
        // The start token belongs to no chunk.
        #expect(chunks.first?.units.lowerBound == 1 && chunks.last?.units.upperBound == document.tokenCount)
        #expect(
            chunks.map { document.text.string($0.bytes) }.joined().filter { $0 != "\u{FFFD}" }.hasPrefix("The rope"))
        let sentences = ChunkPlan(size: 8, keepsSentences: true).chunks(document)
        #expect(document.text.string(sentences[0].bytes).hasPrefix("The rope walk is long."))
        #expect(ChunkPlan(size: 6).chunks(document.prefix(tokens: 0)) == [])
    }
}

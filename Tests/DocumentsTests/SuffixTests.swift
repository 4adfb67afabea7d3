import RopewalkDocuments
import RopewalkTokenizers
import TestSupport
import Testing

/// The tokens of a text from a later one on.
struct SuffixTests {
    @Test func tokensAndBytesAreThoseOfTheWhole() throws {
        let path = Fixture.project.appendingPathComponent("samples/books-4m/tokenizer.json").path
        let tokenizer = try Tokenizer(contentsOf: path)
        let text = try SourceText("Alice was beginning to get very tired. 孔子曰：學而時習之。", name: "text")
        let whole = try Document(text: text, tokenizer: tokenizer)
        let added = whole.byteRange(ofToken: 0).isEmpty ? 1 : 0
        for first in 1..<whole.tokenCount {
            let later = whole.suffix(from: first)
            let kept = first > added ? added : 0
            #expect(later.tokenCount == whole.tokenCount - (kept > 0 || added == 0 ? first - kept : 0))
            guard kept > 0 || added == 0 else { continue }
            for token in kept..<later.tokenCount {
                #expect(later.ids[token] == whole.ids[token - kept + first])
                #expect(later.byteRange(ofToken: token) == whole.byteRange(ofToken: token - kept + first))
            }
            let start = whole.byteRange(ofToken: first).lowerBound
            #expect(later.tokens(in: 0..<text.bytes.count).upperBound == later.tokenCount)
            #expect(later.token(atByte: max(0, start - 1)) == nil || start == 0)
        }
        #expect(whole.suffix(from: 0).ids == whole.ids && whole.suffix(from: 9_999).ids == whole.ids)
    }
}

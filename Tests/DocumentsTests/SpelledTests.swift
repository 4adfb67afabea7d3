import RopewalkDocuments
import RopewalkTokenizers
import TestSupport
import Testing

/// Tokens as they stand in the text.
struct SpelledTests {
    private func document(_ text: String) throws -> Document {
        let path = Fixture.project.appendingPathComponent("Tests/Fixtures/tokenizers/wordpiece_uncased/tokenizer.json")
            .path
        return try Document(text: SourceText(text), tokenizer: Tokenizer(contentsOf: path))
    }

    /// WordPiece has no token for the blanks between words.
    @Test func blanksThatNoTokenHasAreThere() throws {
        let document = try document("The lazy dog.  A fox")
        let all = 0..<document.tokenCount
        #expect(String(decoding: document.spelled(all), as: UTF8.self) == "[CLS]The lazy dog.  A fox[SEP]")
        #expect(String(decoding: document.spelled(1..<3), as: UTF8.self).hasPrefix("The"))
        #expect(document.spelled(2..<2).isEmpty)
    }

    /// What the tokenizer adds behind the text is of no sentence.
    @Test func specialTokensAreOfNoPart() throws {
        let document = try document("It is. So.")
        for part in TextPart.allCases {
            let parts = document.tokens(ofParts: part, below: document.tokenCount)
            #expect(parts.first?.lowerBound == 1 && parts.last?.upperBound == document.tokenCount - 1)
        }
    }
}

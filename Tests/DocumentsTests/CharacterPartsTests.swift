import RopewalkDocuments
import RopewalkTokenizers
import TestSupport
import Testing

/// Tokens that are parts of characters, as lines show them.
struct CharacterPartsTests {
    @Test func theCharacterIsWholeAndThePartIsNamed() throws {
        let path = Fixture.project.appendingPathComponent("samples/books-4m/tokenizer.json").path
        let text = try SourceText("Alice 孔子曰：學而時習之。", name: "text")
        let document = try Document(text: text, tokenizer: Tokenizer(contentsOf: path))
        var parts = 0
        for token in 0..<document.tokenCount {
            let whole = document.characterBytes(ofToken: token)
            #expect(!text.string(whole).contains("\u{FFFD}"), "\(token)")
            guard let part = document.characterPart(ofToken: token) else {
                #expect(document.quotedName(ofToken: token) == "“\(document.displayName(ofToken: token))”")
                continue
            }
            parts += 1
            #expect(text.string(whole) == part.character)
            #expect(document.quotedName(ofToken: token) == "“\(part.character)” \(part.part)/\(part.parts)")
        }
        #expect(parts > 6)
    }
}

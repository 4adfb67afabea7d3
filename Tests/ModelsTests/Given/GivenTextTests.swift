import Foundation
import TestSupport
import Testing

@testable import RopewalkModels

/// Tokens of other programs as a text: which marks they have, and what they spell.
struct GivenTextTests {
    private static func reads(_ tokens: [String], _ words: String, _ marks: GivenText.Marks) -> Bool {
        let text = GivenText(tokens)
        return String(decoding: text.bytes, as: UTF8.self) == words && text.marks == marks
    }

    @Test func marksAreRecognised() {
        #expect(Self.reads(["The", "Ġcat", "Ċ", "ĠÃ¼ber", "<|endoftext|>"], "The cat\n über<|endoftext|>", .byteLevel))
        #expect(Self.reads(["<s>", "▁Die", "▁Kat", "ze", "<0x0A>"], "<s> Die Katze\n", .underline))
        #expect(Self.reads(["[CLS]", "un", "##seen", "##", "cat"], "[CLS] unseen ## cat", .wordPiece))
        #expect(Self.reads(["The", "cat", "", "sat"], "The cat sat", .words))
        #expect(Self.reads(["The", " cat", " sat"], "The cat sat", .plain))
    }

    @Test func tokensHaveTheirBytesAndIds() {
        let text = GivenText(["a", "Ġb", "a", "Ġb", "Ġ", "e\u{301}", "é"])
        #expect(text.encoding.ids == [0, 1, 0, 1, 2, 3, 4])
        #expect(text.encoding.bytes(of: 1) == 1..<3 && text.encoding.bytes(of: 3) == 4..<6)
    }

    /// Two tokens of a character's bytes each.
    @Test func partsOfCharactersAreJoined() {
        let text = GivenText(["Ġ", "Ã", "¼"])
        #expect(text.bytes == Array(" ü".utf8) && text.encoding.bytes(of: 1) == 1..<2)
        let broken = GivenText(["Ġ", "Ã"])
        #expect(String(validating: broken.bytes, as: UTF8.self) == " \u{FFFD}")
    }

    /// Tokens of two texts are the same where they are written alike.
    @Test func textsShareTheirIds() {
        let first = GivenText(["a", "b", "a"])
        let second = GivenText(["c", "b", "d", "c"]).numbered(behind: first)
        #expect(second.encoding.ids == [2, 1, 3, 2] && second.bytes == Array("c b d c".utf8))
        #expect(second.encoding.bytes(of: 1) == 1..<3)
    }

    @Test func filesOfTokens() throws {
        let listed = try GivenText.tokens(contentsOf: Fixture.path("attention/tokens.json"))
        #expect(listed.count == 12 && listed[1] == "Ġcat")
        #expect(try GivenText.tokens(contentsOf: Fixture.path("attention/tokens.txt")) == listed)
        #expect(throws: ModelError.self) { try GivenText.tokens(contentsOf: Fixture.path("attention/gpt2.npy")) }
        #expect(throws: ModelError.self) { try GivenText.tokens(contentsOf: Fixture.path("attention/gpt2.json")) }
    }
}

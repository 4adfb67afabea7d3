import Foundation
import RopewalkDocuments
import RopewalkTokenizers
import TestSupport
import Testing

@Suite struct DocumentTests {
    static func document(_ text: String, kind: String = "roberta") throws -> Document {
        let tokenizer = try Tokenizer(contentsOf: Fixture.path("tokenizers/bytelevel_\(kind)/tokenizer.json"))
        return try Document(text: SourceText(text), tokenizer: tokenizer)
    }

    @Test(arguments: ["Hello, world! 人工 e\u{301} 😀\r\n\tend", "", " ", "😀"])
    func findsTheTokenOfEveryByte(text: String) throws {
        let document = try Self.document(text)
        for byte in 0..<document.text.bytes.count {
            let token = try #require(document.token(atByte: byte))
            #expect(document.byteRange(ofToken: token).contains(byte))
            #expect(document.tokens(in: byte..<byte + 1).contains(token))
        }
        #expect(document.token(atByte: document.text.bytes.count) == nil)
        #expect(document.token(atByte: -1) == nil)
        #expect(document.byteRange(ofToken: 0).isEmpty)
        #expect(document.byteRange(ofToken: 10_000).isEmpty)
        #expect(document.displayName(ofToken: 0) == "<s>")
    }

    @Test func piecesOfACharacterBearItsName() throws {
        let document = try Self.document("a 😀é!")
        var names: [String] = []
        for token in 0..<document.tokenCount {
            guard let part = document.characterPart(ofToken: token) else { continue }
            #expect(part.parts > 1 && (1...part.parts).contains(part.part))
            let bytes = document.byteRange(ofToken: token)
            let text = String(decoding: document.text.bytes[..<bytes.upperBound], as: UTF8.self)
            #expect(part.part < part.parts || text.hasSuffix(part.character))
            names.append(part.character)
        }
        #expect(names.allSatisfy { ["😀", "é"].contains($0) } && names.contains("😀"))
        #expect(document.characterPart(ofToken: -1) == nil && document.characterPart(ofToken: 99) == nil)
    }

    @Test func wholeTokensAndBrokenBytesAreNoParts() throws {
        for text in ["Hello, world!", ""] {
            let document = try Self.document(text)
            for token in 0..<document.tokenCount { #expect(document.characterPart(ofToken: token) == nil) }
        }
    }

    @Test func findsTheTokensOfARange() throws {
        let document = try Self.document("Hello, world!")
        let tokens = document.tokens(in: 5..<8)
        #expect(tokens.map { document.displayName(ofToken: $0) } == [",", "␣w"])
        #expect(document.tokens(in: 0..<13).upperBound == document.tokenCount - 1)
        #expect(document.tokens(in: 20..<30).isEmpty)
    }

    @Test func takesTheFirstTokens() throws {
        let document = try Self.document("Hello, world!").prefix(tokens: 4)
        #expect(document.tokenCount == 4)
        #expect(document.text.bytes.count == 13)
        #expect(document.token(atByte: 12) == nil)
        #expect(document.prefix(tokens: -1).tokenCount == 0)
    }

    @Test func agreesWithTheTextEverywhere() throws {
        let samples = Fixture.project.appendingPathComponent("samples")
        let tokenizer = try Tokenizer(contentsOf: samples.appendingPathComponent("books-4m/tokenizer.json").path)
        let text = try SourceText(contentsOf: samples.appendingPathComponent("texts/lunyu.txt").path)
        let document = try Document(text: text, tokenizer: tokenizer)
        for token in stride(from: 0, to: document.tokenCount, by: 101) {
            let range = document.byteRange(ofToken: token)
            guard !range.isEmpty else { continue }
            #expect(document.token(atByte: range.lowerBound) == token)
            #expect(document.bytes(ofToken: token).elementsEqual(text.bytes[range]))
        }
    }
}

@Suite struct TokenNameTests {
    @Test(arguments: [
        ("without", "without"), (" the", "␣the"), ("\n", "↵"), ("\t\t", "→→"), ("\u{7}", "\\x07"), ("\r\n", "\\x0D↵"),
        ("<|bos|>", "<|bos|>"), ("\u{200B}", "\\u{200B}"), ("\u{301}", "◌\u{301}"), ("人", "人"), ("\u{A0}", "\\u{A0}"),
        ("\u{1B}[31m", "\\x1B[31m"), ("\u{7F}", "\\x7F"), ("\u{9B}", "\\u{9B}"), ("", ""),
    ])
    func showsWhatIsInvisible(text: String, name: String) {
        #expect(TokenName.printable(Array(text.utf8)) == name)
    }

    @Test func showsPartsOfCharacters() {
        #expect(TokenName.printable([0xE4, 0xBA]) == "\\xE4\\xBA")
        #expect(TokenName.printable([0xBA, 0x61, 0xF0]) == "\\xBAa\\xF0")
        #expect(TokenName.printable([0xBA, 0xBA, 0xBA, 0xBA, 0xBA]) == "\\xBA\\xBA\\xBA\\xBA\\xBA")
    }
}

import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkTokenizers

@Suite struct GGUFTokenizerTests {
    /// The metadata that a converter writes for a byte-level tokenizer.json.
    static func byteLevel(_ kind: String, pre: String) throws -> GGUFTokenizer {
        let root = try JSONDocument(contentsOf: Fixture.path("tokenizers/bytelevel_\(kind)/tokenizer.json")).root
        var tokens: [Int: String] = [:]
        var types: [Int: Int] = [:]
        for member in root["model"]?["vocab"]?.members ?? [] { tokens[member.value.integer ?? -1] = member.key }
        for token in root["added_tokens"]?.array ?? [] {
            let id = token["id"]?.integer ?? -1
            tokens[id] = token["content"]?.string
            types[id] = token["special"]?.bool == true ? 3 : 4
        }
        var result = GGUFTokenizer(source: "m.gguf", model: "gpt2", tokens: (0..<tokens.count).map { tokens[$0] ?? "" })
        result.tokenTypes = (0..<tokens.count).map { types[$0] ?? 1 }
        result.merges = (root["model"]?["merges"]?.array ?? []).map { pair in
            pair.string ?? (pair.array ?? []).compactMap(\.string).joined(separator: " ")
        }
        result.pre = pre
        return result
    }

    static func cases(_ kind: String) throws -> [JSONValue] {
        try #require(
            try JSONDocument(contentsOf: Fixture.path("tokenizers/\(kind)/cases.json")).root["cases"]?.array)
    }

    @Test(arguments: [("llama3", "llama-bpe"), ("qwen2", "qwen2"), ("o200k", "gpt-4o"), ("deepseek", "deepseek-v3")])
    func readsByteLevelPairs(kind: String, pre: String) throws {
        var metadata = try Self.byteLevel(kind, pre: pre)
        metadata.beginningID = metadata.tokens.firstIndex(of: "<|begin_of_text|>")
        metadata.addsBeginning = metadata.beginningID != nil
        let tokenizer = try Tokenizer(gguf: metadata)
        #expect(tokenizer.kind == "byte-level BPE")
        for entry in try Self.cases("bytelevel_\(kind)") {
            let special = entry["add_special_tokens"]?.bool ?? false
            // Only one of the fixtures has a token at the beginning that GGUF can name.
            if special, metadata.beginningID == nil { continue }
            let encoding = try tokenizer.encode(entry["text"]?.string ?? "", addSpecialTokens: special)
            let ids = encoding.ids.map { JSONValue.integer(Int($0)) }
            #expect(ids == entry["ids"]?.array, "\(entry["name"]?.string ?? "")")
            let decoded = tokenizer.decode(encoding.ids.map(Int.init), skipSpecialTokens: false)
            #expect(decoded.utf8.elementsEqual((entry["decoded"]?.string ?? "?").utf8))
        }
    }

    @Test func readsSentencePieces() throws {
        let file = [UInt8](try Fixture.data("tokenizers/spm_bpe_llama2/tokenizer.model"))
        let pieces = try SentencePieceFile(file, source: "x").pieces.pieces
        var metadata = GGUFTokenizer(source: "m.gguf", model: "llama", tokens: pieces.map(\.text))
        metadata.scores = pieces.map(\.score)
        metadata.tokenTypes = pieces.map(\.kind.rawValue)
        (metadata.beginningID, metadata.endID, metadata.unknownID) = (1, 2, 0)
        (metadata.addsBeginning, metadata.addsEnd, metadata.addsSpacePrefix) = (true, false, true)
        let tokenizer = try Tokenizer(gguf: metadata)
        for entry in try Self.cases("spm_bpe_llama2") where entry["name"]?.string != "byte_tokens_text" {
            let encoding = try tokenizer.encode(
                entry["text"]?.string ?? "", addSpecialTokens: entry["add_special_tokens"]?.bool ?? false)
            let ids = encoding.ids.map { JSONValue.integer(Int($0)) }
            #expect(ids == entry["ids"]?.array, "\(entry["name"]?.string ?? "")")
        }
        metadata.addsSpacePrefix = false
        let bare = try Tokenizer(gguf: metadata).encode("dog", addSpecialTokens: false)
        #expect(bare.ids.allSatisfy { !pieces[Int($0)].text.contains("\u{2581}") })
    }

    @Test func readsWordPieces() throws {
        var metadata = GGUFTokenizer(
            source: "m.gguf", model: "bert", tokens: ["[UNK]", "[CLS]", "[SEP]", "▁the", "▁walk", "ing", "▁!", "▁t"])
        metadata.tokenTypes = [2, 3, 3, 1, 1, 1, 1, 1]
        (metadata.beginningID, metadata.separatorID, metadata.unknownID) = (1, 2, 0)
        let tokenizer = try Tokenizer(gguf: metadata)
        let encoding = try tokenizer.encode("The walking x!", addSpecialTokens: true)
        #expect(encoding.ids == [1, 3, 4, 5, 0, 6, 2])
        #expect(encoding.bytes(of: 3) == 8..<11)
        #expect(tokenizer.decode([3, 4, 5], skipSpecialTokens: true) == "the walking")
    }

    @Test func cutsWordsAsTheNameSays() throws {
        func words(_ pre: String, _ text: String) throws -> [String] {
            let named = try #require(WordPatterns.named(pre))
            var pieces = [text]
            for pattern in named.patterns {
                pieces = try pieces.flatMap { try PreTokenizerTests.split($0, pattern, .isolated) }
            }
            return pieces
        }
        let text = "It's  12345 HTTPServer’s\n\n  x+=1"
        #expect(
            try words("gpt-2", text)
                == ["It", "'s", " ", " 12345", " HTTPServer", "’", "s", "\n\n ", " x", "+=", "1"])
        #expect(
            try words("llama-bpe", text)
                == ["It", "'s", " ", " ", "123", "45", " HTTPServer", "’s", "\n\n", " ", " x", "+=", "1"])
        #expect(
            try words("tekken", text)
                == [
                    "It", "'s", " ", " ", "1", "2", "3", "4", "5", " HTTPServer", "’s", "\n\n", " ", " x", "+=", "1",
                ])
        #expect(try words("starcoder", "a 12") == ["a", " ", "1", "2"])
        #expect(try words("falcon", "a+b 12345") == ["a", "+", "b", " ", "123", "45"])
        #expect(try words("default", "a+b 12345") == ["a", "+", "b", " ", "123", "45"])
        #expect(try words("deepseek-llm", "Der Zug\n 12") == ["Der", " Zug", "\n", " ", "12"])
        #expect(try words("deepseek-coder", "ab, 12") == ["ab", ",", " ", "1", "2"])
        #expect(try words("bloom", "one, two") == ["one", ",", " two"])
        #expect(try words("viking", "a12") == ["a", "1", "2"])
    }

    @Test func namesWhatIsWrong() throws {
        func error(_ change: (inout GGUFTokenizer) -> Void) throws -> String {
            var metadata = try Self.byteLevel("llama3", pre: "llama-bpe")
            change(&metadata)
            do {
                _ = try Tokenizer(gguf: metadata)
                return "no error"
            } catch {
                return error.description
            }
        }
        #expect(try error { $0.pre = "klingon" } == "m.gguf: tokenizer.ggml.pre \"klingon\" is not supported")
        #expect(try error { $0.model = "rwkv" } == "m.gguf: tokenizer.ggml.model \"rwkv\" is not supported")
        #expect(try error { $0.scores = [1] }.contains("tokenizer.ggml.scores: are 1 for"))
        #expect(try error { $0.tokenTypes[3] = 99 }.contains("tokenizer.ggml.token_type: of token 3 is 99"))
        #expect(try error { $0.merges[2] = "a" }.contains("tokenizer.ggml.merges: entry 2 is no pair"))
        #expect(try error { ($0.beginningID, $0.addsBeginning) = (-4, true) }.contains("have no id -4"))
        #expect(try error { $0.tokens = [] }.contains("tokenizer.ggml.tokens"))
        #expect(
            try error { ($0.model, $0.characterMap) = ("t5", [9, 9]) }.contains("precompiled_charsmap: is damaged"))
    }
}

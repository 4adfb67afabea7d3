import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkTokenizers

@Suite struct SentencePieceTests {
    /// XLM-R puts its tokens one further than its SentencePiece model does.
    @Test(arguments: ["xlm-roberta", "mbart", "pegasus", "camembert"]) func otherIDsAreNotGuessed(type: String) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(
            at: Fixture.url("tokenizers/sentencepiece_unigram/tokenizer.model"),
            to: folder.appendingPathComponent("sentencepiece.bpe.model"))
        func write(_ type: String) throws {
            try Data("{\"model_type\":\"\(type)\"}".utf8).write(to: folder.appendingPathComponent("config.json"))
        }
        try write("t5")
        _ = try Tokenizer(folder: folder.path)
        try write(type)
        do {
            _ = try Tokenizer(folder: folder.path)
            Issue.record("the ids of the model were taken for those of \(type)")
        } catch {
            #expect("\(error)".contains("without a tokenizer.json for "))
        }
    }

    /// What the sentencepiece library gives for many strings.
    @Test(arguments: ["unigram", "bpe"])
    func agreesWithTheLibrary(kind: String) throws {
        let folder = Fixture.path("tokenizers/sentencepiece_\(kind)")
        let tokenizer = try Tokenizer(folder: folder)
        #expect(tokenizer.kind == (kind == "bpe" ? "SentencePiece BPE" : "SentencePiece Unigram"))
        let cases = try #require(try JSONDocument(contentsOf: folder + "/cases.json").root["cases"]?.array)
        #expect(cases.count > 60)
        for entry in cases {
            let text = try #require(entry["text"]?.string)
            let encoding = try tokenizer.encode(text, addSpecialTokens: false)
            let ids = encoding.ids.map { JSONValue.integer(Int($0)) }
            #expect(ids == entry["ids"]?.array, "\(entry["name"]?.string ?? "")")
        }
    }

    /// The same models as tokenizer.json: equal but for what the two libraries see differently.
    @Test(arguments: [
        ("spm_bpe_llama2", ["byte_tokens_text"]),
        ("unigram_precompiled", ["underscore_meta", "byte_tokens_text", "sp_s", "fuzz_04", "fuzz_13"]),
    ])
    func agreesWithTheSameModelAsJSON(kind: String, different: [String]) throws {
        let folder = Fixture.path("tokenizers/\(kind)")
        let tokenizer = try Tokenizer(contentsOf: folder + "/tokenizer.model")
        let cases = try #require(try JSONDocument(contentsOf: folder + "/cases.json").root["cases"]?.array)
        for entry in cases {
            let name = (entry["name"]?.string ?? "").split(separator: "+").first.map(String.init) ?? ""
            guard !different.contains(name) else { continue }
            let encoding = try tokenizer.encode(
                entry["text"]?.string ?? "", addSpecialTokens: entry["add_special_tokens"]?.bool ?? false)
            #expect(encoding.ids.map { JSONValue.integer(Int($0)) } == entry["ids"]?.array, "\(name)")
        }
    }

    @Test func findsUserDefinedTokensAndDecodes() throws {
        let tokenizer = try Tokenizer(folder: Fixture.path("tokenizers/sentencepiece_bpe"))
        let encoding = try tokenizer.encode("the<zap> dog\u{1F40A}", addSpecialTokens: true)
        let texts = (0..<encoding.count).map { tokenizer.token(at: $0, of: encoding) }
        #expect(texts.first == "<s>" && texts.contains("<zap>"))
        #expect(tokenizer.bytes(of: Int(encoding.ids[1])).first == 0x20)
        let decoded = tokenizer.decode(encoding.ids.map(Int.init), skipSpecialTokens: true)
        #expect(decoded.hasPrefix("the<zap>") && decoded.hasSuffix("dog\u{1F40A}"))
        let unigram = try Tokenizer(folder: Fixture.path("tokenizers/sentencepiece_unigram"))
        let ended = try unigram.encode("the dog", addSpecialTokens: true)
        #expect(unigram.token(Int(ended.ids[ended.count - 1])) == "</s>")
    }

    @Test func readsWhatSurroundsATextFromTheSettings() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = try Fixture.data("tokenizers/sentencepiece_bpe/tokenizer.model")
        try model.write(to: folder.appendingPathComponent("tokenizer.model"))
        let settings = """
            {"add_bos_token":false,"add_eos_token":true,"added_tokens_decoder":{"540":{"content":"[X]","special":true}}}
            """
        try settings.write(
            to: folder.appendingPathComponent("tokenizer_config.json"), atomically: true, encoding: .utf8)
        let tokenizer = try Tokenizer(folder: folder.path)
        let ids = try tokenizer.encode("a[X]", addSpecialTokens: true).ids
        #expect(ids.suffix(2) == [540, 2])
        #expect(ids.first != 1)
    }

    /// As in Gemma, whose runs of spaces are tokens of this kind.
    @Test func findsMarksThatAreUserDefined() throws {
        var pieces = SentencePieces(source: "x")
        pieces.pieces = [("▁▁", 0, 4), ("▁", -1, 1), ("a", -2, 1), ("b", -3, 1), ("▁a", -4, 1), ("<q>", 0, 4)].map {
            .init(text: $0, score: $1, kind: SentencePieces.Kind(rawValue: $2) ?? .normal)
        }
        pieces.normalizer.addsPrefix = false
        let tokenizer = try Tokenizer(pieces.parts())
        #expect(try tokenizer.encode("a  a a   b", addSpecialTokens: false).ids == [2, 0, 2, 4, 0, 1, 3])
        pieces.normalizer.addsPrefix = true
        let prefixing = try Tokenizer(pieces.parts())
        #expect(try prefixing.encode("a<q>a", addSpecialTokens: false).ids == [4, 5, 2])
    }

    @Test func saysWhereAFileIsDamaged() throws {
        let whole = [UInt8](try Fixture.data("tokenizers/sentencepiece_bpe/tokenizer.model"))
        #expect(throws: TokenizerError.self) { try SentencePieceFile(Array(whole.prefix(1000)), source: "x").parts() }
        #expect(
            throws: TokenizerError.invalid(file: "x", component: "vocabulary", problem: "has no tokens")
        ) { try SentencePieceFile([], source: "x").parts() }
        let longField: [UInt8] = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]
        do {
            _ = try SentencePieceFile(longField, source: "t.model")
            Issue.record("read")
        } catch {
            #expect(error.description == "t.model: byte 0: 4294967295 bytes are announced and 0 are left")
        }
        let endless = [UInt8](repeating: 0xFF, count: 40)
        #expect(throws: TokenizerError.self) { try SentencePieceFile(endless, source: "x") }
    }
}

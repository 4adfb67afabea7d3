import Foundation
import RopewalkFormats
import TestSupport
import Testing

/// `ropewalk retrieve --embed` with the folder of an encoder, laid out as sentence-transformers has MiniLM: a BERT, its WordPiece, and
/// how states are pooled.
struct EmbeddingTests {
    private static let text =
        "The rope walk is long. It burned twice. White whales swim in the cold sea. A spinner walks backwards down the lane before noon."

    /// - Parameter pooling: the mode that is said to be on; nil for no file
    private static func folder(_ scratch: Scratch, pooling: String?) throws -> String {
        let folder = scratch.url("mini")
        let files = FileManager.default
        try files.createDirectory(at: folder.appendingPathComponent("1_Pooling"), withIntermediateDirectories: true)
        for name in ["config.json", "model.safetensors"] {
            try files.copyItem(
                at: URL(fileURLWithPath: Fixture.path("hf/bert/\(name)")), to: folder.appendingPathComponent(name))
        }
        try Data(tokenizer.utf8).write(to: folder.appendingPathComponent("tokenizer.json"))
        if let pooling {
            let modes =
                #"{"word_embedding_dimension": 36, "pooling_mode_max_tokens": false, "pooling_mode_\#(pooling)": true}"#
            try Data(modes.utf8).write(to: folder.appendingPathComponent("1_Pooling/config.json"))
        }
        return folder.path
    }

    /// 64 words at most, as the fixture has them.
    private static var tokenizer: String {
        let words =
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ","]
            + "the rope walk is long it burned twice white whales swim in cold sea sing a spinner walks backwards down lane before noon"
            .split(separator: " ").map(String.init)
        let vocabulary = words.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
        let added = words.prefix(5).enumerated().map {
            #"{"id": \#($0), "content": "\#($1)", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}"#
        }.joined(separator: ", ")
        return """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [\(added)],
            "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null,
            "lowercase": true}, "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}], "pair": [],
            "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
            "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
            "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": {\(vocabulary)}}}
            """
    }

    /// The last states of a text that the encoder reads alone, as `trace` writes them. [token][dimension]
    private static func states(_ text: String, _ model: String, _ scratch: Scratch) throws -> [[Double]] {
        let out = scratch.path("states.safetensors")
        let run = try CommandRun([
            "trace", try scratch.file("chunk.txt", text), "--model", model, "--record", "hidden_states", "--out", out,
        ])
        #expect(run.status == 0, "\(run.errors)")
        let bytes = try #require(try SafetensorsFile(contentsOf: out).bytes(of: "hidden_states.2"))
        let width = 36
        #expect(bytes.count % (4 * width) == 0)
        return stride(from: 0, to: bytes.count, by: 4 * width).map { row in
            (0..<width).map { column in
                let start = bytes.startIndex + row + 4 * column
                let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) }
                return Double(Float(bitPattern: bits))
            }
        }
    }

    private static func cosine(_ a: [Double], _ b: [Double]) -> Double {
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }

    /// Cosines are those of the means of the states that `trace` writes of each chunk by itself, special tokens too; of the first
    /// state where the folder says so.
    @Test(arguments: [nil, "mean_tokens", "cls_token"]) func aFolderOfAnEncoderRanksChunks(_ pooling: String?) throws {
        let scratch = try Scratch()
        let model = try Self.folder(scratch, pooling: pooling)
        let book = try scratch.file("book.txt", Self.text)
        let question = "white whales sing"
        let run = try CommandRun([
            "retrieve", book, question, "--words", "7", "--embed", model, "--by", "vectors", "--model", "/nowhere",
            "--json",
        ])
        run.expectFine()
        let hits = try #require(try run.object()["hits"] as? [[String: Any]])
        #expect(hits.count == 4 && hits.map { $0["cosine_rank"] as? Int } == [1, 2, 3, 4])
        func pooled(_ text: String) throws -> [Double] {
            let states = try Self.states(text, model, scratch)
            if pooling == "cls_token" { return states[0] }
            return states[0].indices.map { place in states.reduce(0) { $0 + $1[place] } / Double(states.count) }
        }
        let asked = try pooled(question)
        var last = 1.0
        for hit in hits {
            let own = try pooled(try #require(hit["words"] as? String))
            let found = try #require(hit["cosine"] as? Double)
            #expect(abs(found - Self.cosine(asked, own)) < 1e-5, "\(hit)")
            #expect(found <= last)
            last = found
        }
    }

    /// Terms and vectors are fused with the encoder's ranks, and the index of vectors knows how they were pooled.
    @Test func bothRanksAndAnIndex() throws {
        let scratch = try Scratch()
        let model = try Self.folder(scratch, pooling: "mean_tokens")
        let book = try scratch.file("book.txt", Self.text)
        let line = [
            "retrieve", book, "white whales sing", "--words", "7", "--embed", model, "--by", "both", "--index",
            scratch.path("i.sqlite"), "--json",
        ]
        let first = try CommandRun(line)
        first.expectFine()
        for hit in try #require(try first.object()["hits"] as? [[String: Any]]) {
            let ranks = ["bm25_rank", "cosine_rank"].compactMap { hit[$0] as? Int }
            let fused = ranks.reduce(0) { $0 + 1 / Double(60 + $1) }
            #expect(hit["cosine_rank"] != nil && abs(fused - (hit["fused"] as? Double ?? 0)) < 1e-12)
        }
        let second = try CommandRun(line)
        second.expectFine()
        #expect(try second.object()["index_kept"] as? Bool == true)
        try Data(#"{"pooling_mode_cls_token": true}"#.utf8).write(
            to: scratch.url("mini").appendingPathComponent("1_Pooling/config.json"))
        let changed = try CommandRun(line)
        let made = try changed.object()["index_kept"] as? Bool
        #expect(changed.status == 0 && made == false)
    }

    /// A chunk that is longer than the encoder reads is cut, which is said; a way of pooling that is not computed is refused.
    @Test func whatIsCutIsSaidAndWhatIsUnknownRefused() throws {
        let scratch = try Scratch()
        let model = try Self.folder(scratch, pooling: "mean_tokens")
        let long = String(repeating: "white whales swim in the cold sea , ", count: 12)
        let run = try CommandRun([
            "retrieve", try scratch.file("long.txt", long), "whales", "--words", "90", "--embed", model, "--by",
            "vectors", "--json",
        ])
        #expect(run.status == 0 && run.errors.contains("more than the 40 tokens that mini reads"), "\(run.errors)")
        try Data(#"{"pooling_mode_lasttoken": true}"#.utf8).write(
            to: scratch.url("mini").appendingPathComponent("1_Pooling/config.json"))
        try CommandRun([
            "retrieve", try scratch.file("book.txt", Self.text), "whales", "--words", "7", "--embed", model, "--by",
            "vectors",
        ]).expectError("pooling by lasttoken is not known here")
    }
}

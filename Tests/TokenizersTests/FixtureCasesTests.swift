import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkTokenizers

/// What the tokenizers library gives for many strings, kind by kind.
@Suite struct FixtureCasesTests {
    static let kinds = [
        "bpe_whitespace", "bytelevel_deepseek", "bytelevel_gpt2", "bytelevel_llama3", "bytelevel_o200k",
        "bytelevel_qwen2", "bytelevel_roberta", "spm_bpe_gemma", "spm_bpe_llama2", "spm_bpe_metaspace",
        "unigram_nfkc", "unigram_precompiled", "wordpiece_cased", "wordpiece_uncased",
    ]

    @Test(arguments: kinds)
    func agreesWithTheLibrary(kind: String) throws {
        let folder = Fixture.path("tokenizers/\(kind)")
        let tokenizer = try Tokenizer(contentsOf: folder + "/tokenizer.json")
        let document = try JSONDocument(contentsOf: folder + "/cases.json")
        let cases = try #require(document.root["cases"]?.array)
        #expect(cases.count == 80)
        for entry in cases {
            let name = try #require(entry["name"]?.string)
            let text = try #require(entry["text"]?.string)
            let encoding = try tokenizer.encode(
                text, addSpecialTokens: entry["add_special_tokens"]?.bool ?? true)
            let ids = entry["ids"]?.array?.compactMap(\.integer)
            #expect(encoding.ids.map(Int.init) == ids, "\(name)")
            let tokens = (0..<encoding.count).map {
                JSONValue.string(tokenizer.token(at: $0, of: encoding))
            }
            // The random strings' entries have no token strings; their ids say the same.
            if let expected = entry["tokens"]?.array { #expect(tokens == expected, "\(name)") }
            let offsets = (0..<encoding.count).map { index in
                let range = encoding.offsets(of: index)
                return JSONValue.array([.integer(range.lowerBound), .integer(range.upperBound)])
            }
            #expect(offsets == entry["offsets"]?.array, "\(name)")
            let decoded = tokenizer.decode(ids ?? [], skipSpecialTokens: false)
            #expect(decoded.utf8.elementsEqual(entry["decoded"]?.string?.utf8 ?? "?".utf8), "\(name)")
            let skipped = tokenizer.decode(ids ?? [], skipSpecialTokens: true)
            // The file leaves it out where it is the same.
            let expected = (entry["decoded_skip_special"] ?? entry["decoded"])?.string ?? "?"
            #expect(skipped.utf8.elementsEqual(expected.utf8), "\(name)")
            if kind.hasPrefix("bytelevel") { expectTiling(encoding, text.utf8.count, name) }
        }
    }

    /// Added tokens that strip space included, every byte of the text lies in exactly one token.
    private func expectTiling(_ encoding: Encoding, _ bytes: Int, _ name: String) {
        var end = 0
        for index in 0..<encoding.count {
            #expect(encoding.bytes(of: index).lowerBound == end, "\(name), token \(index)")
            end = encoding.bytes(of: index).upperBound
        }
        #expect(end == bytes, "\(name)")
    }

    @Test func coversTheSampleTextsExactly() throws {
        let samples = Fixture.project.appendingPathComponent("samples")
        let tokenizer = try Tokenizer(contentsOf: samples.appendingPathComponent("books-4m/tokenizer.json").path)
        for name in ["alice.txt", "lunyu.txt"] {
            let text = [UInt8](try Data(contentsOf: samples.appendingPathComponent("texts/\(name)")))
            let encoding = try tokenizer.encode(text, addSpecialTokens: false)
            expectTiling(encoding, text.count, name)
            let decoded = tokenizer.decode(encoding.ids.map(Int.init), skipSpecialTokens: false)
            #expect(decoded.utf8.elementsEqual(text))
            for index in 0..<encoding.count {
                #expect(tokenizer.bytes(of: Int(encoding.ids[index])).elementsEqual(text[encoding.bytes(of: index)]))
            }
        }
    }
}

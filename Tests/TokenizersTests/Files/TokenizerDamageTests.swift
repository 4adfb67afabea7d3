import Foundation
import TestSupport
import Testing

@testable import RopewalkTokenizers

/// Damaged and hostile files: an error or a tokenizer, but no stop, and soon.
@Suite struct TokenizerDamageTests {
    static let probe = "Hello <s> 12345 été 😀 ﬁ ＡＢ\u{200B}  the walking dog[MASK]"

    /// Reads the file in whatever form, and uses what comes of it.
    static func use(_ bytes: [UInt8], isModel: Bool) {
        let tokenizer: Tokenizer? =
            if isModel {
                try? Tokenizer(SentencePieceFile(bytes, source: "x").parts())
            } else {
                try? Tokenizer(json: Data(bytes), source: "x")
            }
        guard let tokenizer, let encoding = try? tokenizer.encode(probe, addSpecialTokens: true) else { return }
        _ = tokenizer.decode(encoding.ids.map(Int.init), skipSpecialTokens: false)
        for index in 0..<encoding.count {
            _ = tokenizer.token(at: index, of: encoding)
            #expect(encoding.bytes(of: index).upperBound <= probe.utf8.count)
        }
    }

    @Test(arguments: FixtureCasesTests.kinds)
    func survivesChangedBytesOfJSON(kind: String) throws {
        let whole = [UInt8](try Fixture.data("tokenizers/\(kind)/tokenizer.json"))
        var random = SpanPropertyTests.Seeded(state: 11)
        for round in 0..<120 {
            var bytes = whole
            for _ in 0..<3 {
                // The parts around the vocabulary are few and say much, so that half of the changes go there.
                let range = round % 2 == 0 ? 0..<bytes.count : 0..<min(2500, bytes.count)
                bytes[Int.random(in: range, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
            }
            Self.use(bytes, isModel: false)
        }
        for end in stride(from: 0, to: whole.count, by: 211) { Self.use(Array(whole.prefix(end)), isModel: false) }
    }

    @Test(arguments: ["sentencepiece_unigram", "sentencepiece_bpe", "spm_bpe_llama2", "unigram_precompiled"])
    func survivesChangedBytesOfModels(kind: String) throws {
        let whole = [UInt8](try Fixture.data("tokenizers/\(kind)/tokenizer.model"))
        var random = SpanPropertyTests.Seeded(state: 12)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<3 {
                // What follows the pieces says how texts are rewritten.
                let range = Bool.random(using: &random) ? 0..<bytes.count : bytes.count - 1200..<bytes.count
                bytes[Int.random(in: range, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            Self.use(bytes, isModel: true)
        }
        for end in stride(from: 0, to: whole.count, by: 13) { Self.use(Array(whole.prefix(end)), isModel: true) }
    }

    @Test func survivesAnyCharacterMap() throws {
        var random = SpanPropertyTests.Seeded(state: 13)
        let text = Array(Self.probe.utf8)
        for _ in 0..<2000 {
            let units = Int.random(in: 0...64, using: &random)
            var blob = (0..<units * 4 + 20).map { _ in UInt8.random(in: 0...255, using: &random) & 0x7F }
            blob.replaceSubrange(0..<4, with: [UInt8(units * 4 & 0xFF), 0, 0, 0])
            guard let map = CharacterMap(blob) else { continue }
            var output = Alignment(sourceCount: text.count)
            map.rewrite(text, 0..<text.count, into: &output)
            #expect(output.sourceEnd == Int32(text.count))
            var second = Alignment(sourceCount: text.count)
            SentencePieceNormalizer(map: map).rewrite(text, 0..<text.count, into: &second)
            #expect(second.sourceEnd == Int32(text.count))
        }
    }

    @Test func refusesHugeNumbersAndDepth() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: TokenizerError.self) { try Tokenizer(json: Data(deep.utf8), source: "x") }
        let sequence = String(repeating: #"{"type":"Sequence","normalizers":["#, count: 70)
        #expect(TokenizerTests.error(TokenizerTests.json(rest: #","normalizer":"# + sequence)).hasPrefix("t.json"))
        let id = #","added_tokens":[{"id":4294967297,"content":"x"}]"#
        #expect(TokenizerTests.error(TokenizerTests.json(rest: id)).contains("no possible id"))
    }

    /// Steps that are each harmless could make a gigabyte of ten letters.
    @Test func refusesToDoubleAgainAndAgain() throws {
        let rule = #"{"type":"Replace","pattern":{"String":"a"},"content":"aa"}"#
        let rules = Array(repeating: rule, count: 40).joined(separator: ",")
        let sequence = #","normalizer":{"type":"Sequence","normalizers":[\#(rules)]}"#
        let tokenizer = try TokenizerTests.tokenizer(TokenizerTests.json(rest: sequence))
        for count in [10, 10_000] {
            #expect(throws: TokenizerError.rewritingTooLong(bytes: count)) {
                try tokenizer.encode(String(repeating: "a", count: count), addSpecialTokens: false)
            }
        }
    }

    /// A file could make a gigabyte of a short text.
    @Test func refusesToRewriteWithoutBound() throws {
        let content = String(repeating: "x", count: 5000)
        let rule = #"{"type":"Replace","pattern":{"String":"a"},"content":"\#(content)"}"#
        let tokenizer = try TokenizerTests.tokenizer(TokenizerTests.json(rest: #","normalizer":\#(rule)"#))
        let text = String(repeating: "a", count: 10_000)
        #expect(throws: TokenizerError.rewritingTooLong(bytes: 10_000)) {
            try tokenizer.encode(text, addSpecialTokens: false)
        }
    }

    @Test(arguments: SpanPropertyTests.tokenizers)
    func stopsWithinOneEndlessWord(path: String) throws {
        let tokenizer = try Tokenizer(contentsOf: Fixture.path("tokenizers/" + path))
        let word = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        let encoding = try tokenizer.encode(word, addSpecialTokens: false)
        #expect(encoding.count > 0)
        var asked = 0
        #expect(throws: TokenizerError.cancelled) {
            try tokenizer.encode(word, addSpecialTokens: false) {
                asked += 1
                return true
            }
        }
        #expect(asked == 1)
    }
}

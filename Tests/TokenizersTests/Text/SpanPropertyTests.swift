import Foundation
import TestSupport
import Testing

@testable import RopewalkTokenizers

/// What must hold of the spans of any text, for every kind of tokenizer.
@Suite struct SpanPropertyTests {
    /// A generator with a fixed seed, so that a failure comes again.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// Texts with what normalizers change, leave out, put together and take apart.
    static func text(_ random: inout Seeded) -> String {
        let odd = [
            "\0", "\u{1}", "\u{200B}", "\u{FEFF}", "e\u{301}", "\r\n", "\u{3000}", "\u{130}", "ß", "ﬁ", "…", "½",
            "각\u{11A8}", "か\u{3099}", "\u{344}", "ﷺ", "㎏", "👨‍👩‍👧", "▁", "\u{2028}", "क्षि", "a\u{345}\u{301}", "\u{FFFD}",
            "<s>",
            "[MASK]", "<mask>", "  ", " ", " ", "The", "walking", "12", "中", ".",
        ]
        return (0..<Int.random(in: 0...14, using: &random)).reduce(into: "") { text, _ in
            if Bool.random(using: &random) {
                text += odd[Int.random(in: 0..<odd.count, using: &random)]
            } else {
                let scalar = Unicode.Scalar(UInt32.random(in: 0...0x1_FFFF, using: &random)) ?? "x"
                text.unicodeScalars.append(scalar)
            }
        }
    }

    static let tokenizers =
        FixtureCasesTests.kinds.map { $0 + "/tokenizer.json" } + [
            "sentencepiece_unigram/tokenizer.model", "sentencepiece_bpe/tokenizer.model",
        ]

    @Test(arguments: tokenizers)
    func liesInTheTextFromLeftToRight(path: String) throws {
        let tokenizer = try Tokenizer(contentsOf: Fixture.path("tokenizers/" + path))
        var random = Seeded(state: 5)
        for _ in 0..<300 {
            let text = Self.text(&random)
            let bytes = Array(text.utf8)
            let encoding = try tokenizer.encode(bytes, addSpecialTokens: false)
            var end = 0
            for index in 0..<encoding.count {
                let span = encoding.bytes(of: index)
                #expect(span.lowerBound >= end && span.upperBound <= bytes.count, "\(text.debugDescription)")
                end = span.upperBound
                let offsets = encoding.offsets(of: index)
                #expect(offsets.upperBound <= text.unicodeScalars.count, "\(text.debugDescription)")
            }
            if path.hasPrefix("bytelevel") { expectTiling(encoding, bytes) }
        }
    }

    /// Byte-level tokens stand for every byte; where nothing is normalized they are those bytes.
    private func expectTiling(_ encoding: Encoding, _ bytes: [UInt8]) {
        let lengths = (0..<encoding.count).map { encoding.bytes(of: $0).count }
        #expect(lengths.reduce(0, +) == bytes.count)
    }

    /// A token of letters only stands for these letters, whatever was rewritten around it.
    @Test(arguments: tokenizers)
    func coversTheLettersOfItsToken(path: String) throws {
        let tokenizer = try Tokenizer(contentsOf: Fixture.path("tokenizers/" + path))
        var random = Seeded(state: 6)
        var checked = 0
        for _ in 0..<200 {
            let text = Self.text(&random) + " walking the dog " + Self.text(&random)
            let bytes = Array(text.utf8)
            let encoding = try tokenizer.encode(bytes, addSpecialTokens: false)
            for index in 0..<encoding.count {
                let letters = tokenizer.bytes(of: Int(encoding.ids[index])).filter { $0 != 0x20 }
                guard !letters.isEmpty, letters.allSatisfy({ (0x61...0x7A).contains($0) }) else { continue }
                let span = bytes[encoding.bytes(of: index)]
                let lowered = String(decoding: span, as: UTF8.self)
                    .decomposedStringWithCompatibilityMapping.lowercased()
                    .unicodeScalars.filter { ("a"..."z").contains($0) }
                // One character may become several tokens; then each has part of its bytes, or none.
                guard span.allSatisfy({ $0 < 0x80 }), !span.isEmpty else { continue }
                #expect(
                    String(String.UnicodeScalarView(lowered)) == String(decoding: letters, as: UTF8.self), "\(text)")
                checked += 1
            }
        }
        #expect(checked > 500)
    }

    /// The words of a text that is only letters and single spaces, whose spans leave no letter out.
    @Test(arguments: tokenizers)
    func leavesNoLetterOut(path: String) throws {
        let tokenizer = try Tokenizer(contentsOf: Fixture.path("tokenizers/" + path))
        let text = Array("running the quick brown café ＡＢＣ e\u{301}t résumé".utf8)
        let encoding = try tokenizer.encode(text, addSpecialTokens: false)
        var isCovered = [Bool](repeating: false, count: text.count)
        for index in 0..<encoding.count { for byte in encoding.bytes(of: index) { isCovered[byte] = true } }
        #expect(zip(text, isCovered).allSatisfy { $1 || $0 == 0x20 })
    }
}

import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkRetrieval

/// BM25 beside the formula in plain words.
struct BM25Tests {
    /// Scores by dictionaries of whole chunks.
    private static func reference(_ chunks: [[[UInt8]]], _ query: [[UInt8]]) -> [Double] {
        let mean = Double(chunks.reduce(0) { $0 + $1.count }) / Double(max(1, chunks.count))
        return chunks.map { chunk in
            query.reduce(0) { sum, term in
                let n = Double(chunks.count { $0.contains(term) })
                let f = Double(chunk.count { $0 == term })
                guard f > 0 else { return sum }
                let rarity = log(1 + (Double(chunks.count) - n + 0.5) / (n + 0.5))
                return sum + rarity * f * 2.2 / (f + 1.2 * (0.25 + 0.75 * Double(chunk.count) / mean))
            }
        }
    }

    static func index(_ chunks: [String]) -> TermIndex {
        let texts = chunks.map { Array($0.utf8) }
        return TermIndex(texts, texts.indices.map { ($0, 0..<texts[$0].count) })
    }

    @Test func theWorkedExample() throws {
        let (inputs, outputs) = try Vectors.example("bm25_small")
        let chunks = (inputs["docs"]?.array ?? []).map { Vectors.texts($0).joined(separator: " ") }
        let scores = try Self.index(chunks).scores(Vectors.texts(inputs["query"]).joined(separator: " "))
        for (found, expected) in zip(scores, Vectors.numbers(outputs["scores"])) {
            #expect(abs(found - expected) < 1e-6)
        }
    }

    @Test(arguments: [1, 2, 3]) func everyChunkOfRandomTexts(seed: Int) throws {
        var random = SmallGenerator(seed: UInt64(seed))
        let words = ["rope", "Walk", "绳", "绳廊长", "É", "e\u{301}", "42", "a-b", "naïve", "", "🎉", "ΣΑΣ", "한국"]
        let chunks = (0..<40).map { _ in
            (0..<Int.random(in: 0...30, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
                .joined(separator: " ")
        }
        let query = "walk ROPE rope 绳廊 É 42 missing"
        let scores = try Self.index(chunks).scores(query)
        let expected = Self.reference(chunks.map(TermReader.terms), TermReader.terms(query))
        for (found, expected) in zip(scores, expected) { #expect(abs(found - expected) < 1e-12) }
        #expect(scores.contains { $0 > 0 })
    }

    @Test func termsOfTexts() {
        func terms(_ text: String) -> [String] { TermReader.terms(text).map { String(decoding: $0, as: UTF8.self) } }
        #expect(terms("The ROPE-walk, 1862!") == ["the", "rope", "walk", "1862"])
        #expect(terms("ÉTÉ naïve Straße") == ["été", "naïve", "straße"])
        #expect(terms("长绳a廊") == ["长", "绳", "长绳", "a", "廊"])
        #expect(terms("") == [] && terms(" —🎉\n") == [])
        #expect(terms(String(repeating: "a", count: 500)).map(\.utf8.count) == [240, 240, 20])
        #expect(terms(String(repeating: "É", count: 200)).joined() == String(repeating: "é", count: 200))
    }

    @Test func aTableOfManyTermsFindsEachAgain() {
        var table = TermTable()
        let terms = (0..<50_000).map { Array("t\($0 % 25_000)".utf8) }
        let numbers = terms.map { $0.withUnsafeBufferPointer { table.add($0) } }
        #expect(table.count == 25_000)
        #expect(numbers[25_000...].elementsEqual(numbers[..<25_000]))
        #expect(Array(table.term(24_999)) == Array("t24999".utf8))
        #expect(Array("x".utf8).withUnsafeBufferPointer { table.number(of: $0) } == nil)
    }

    @Test func nothingAndEmptyChunks() throws {
        #expect(try Self.index([]).scores("x") == [])
        #expect(try Self.index(["", "x"]).scores("x y")[0] == 0)
        #expect(try Self.index(["a"]).scores("") == [0])
    }

    /// Index and query together; figures are in SPEED.md.
    @Test func tenMegabytesTakeLessThanASecond() throws {
        let book = Array(try Data(contentsOf: Fixture.project.appendingPathComponent("samples/texts/moby-dick.txt")))
        let text = Array(repeatElement(book, count: 9).joined().prefix(10_000_000))
        let chunks = stride(from: 0, to: text.count, by: 400).map { (0, $0..<min($0 + 400, text.count)) }
        let start = ContinuousClock.now
        let index = TermIndex([text], chunks)
        let built = ContinuousClock.now
        let scores = try index.scores("the white whale and the sea")
        let best = Ranking.best(10, of: scores, above: 0)
        let end = ContinuousClock.now
        print("PRINT BM25 over 10 MB: \(built - start) to index \(index.termCount) terms, \(end - built) a query")
        #expect(best.count == 10)
        #expect(end - start < .seconds(4))
    }
}

/// A generator whose numbers are the same everywhere (SplitMix64).
struct SmallGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}

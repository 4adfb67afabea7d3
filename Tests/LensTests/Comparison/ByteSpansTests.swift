import Foundation
import Testing

@testable import RopewalkLens

/// Losses of models that cut a text into other tokens, told by bytes.
@Suite struct ByteSpansTests {
    /// Spans of tokens with these lengths, one after the other.
    static func spans(_ lengths: [Int], from start: Int = 0) -> [Range<Int>] {
        var end = start
        return lengths.map { length in
            defer { end += length }
            return end..<end + length
        }
    }

    @Test func bytesThatAllPredictAreCounted() {
        // One model begins with a token without bytes, the other predicts nothing of the first three bytes.
        let a = [Self.spans([0, 4, 2, 4])]
        let b = [Self.spans([3, 3, 3])]
        let both = ByteSpans.of([a, b])
        #expect(both.map(\.common) == [[3..<9], [3..<9]])
        #expect(both[0].means([[4, 2, 8]]) == [1, 1, 1, 2, 2, 2])
        #expect(both[1].means([[3, 6]]) == [1, 1, 1, 2, 2, 2])
        #expect(abs(both[0].bytesPerToken - 10.0 / 3) < 1e-12)
    }

    /// What a text loses in all does not depend on where its bytes are cut.
    @Test func sumsAreKept() {
        var state: UInt64 = 3
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<100 {
            let lengths = (0..<20).map { _ in random(5) }
            let spans = ByteSpans.of([[Self.spans([0] + lengths, from: random(50))]])[0]
            let losses = lengths.map { _ in Float(random(1000)) / 100 }
            let expected = zip(lengths, losses).reduce(0.0) { $0 + ($1.0 == 0 ? 0 : Double($1.1)) }
            #expect(abs(spans.means([losses]).reduce(0, +) - expected) < 1e-6)
        }
    }

    @Test func severalTextsAreReadAsFarAsTheShortestGoes() {
        let spans = ByteSpans.of([[Self.spans([1, 2, 2]), Self.spans([1, 2], from: 90)]])[0]
        #expect(spans.length == 2)
        #expect(spans.means([[2, 4], [6]]) == [2, 2])
    }

    @Test func whatHasNothingInCommonIsEmpty() {
        #expect(ByteSpans.of([]).isEmpty)
        #expect(ByteSpans.of([[[]], [[0..<3]]])[0].means([[]]).isEmpty)
        let apart = ByteSpans.of([[Self.spans([1, 1])], [Self.spans([1, 1], from: 50)]])
        #expect(apart[0].length == 0 && apart[0].means([[1]]).isEmpty)
    }
}

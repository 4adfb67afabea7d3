import Foundation
import Testing

@testable import RopewalkLens

@Suite struct SurprisesTests {
    /// What the token after i costs stands at i; the last one is not known.
    @Test func worstTokensAndThreshold() throws {
        var losses = (0..<100).map { Float($0 % 10) / 10 }
        losses[30] = 9
        losses[71] = 12
        let surprises = try #require(Surprises(losses + [.nan]))
        #expect(surprises.worst(2).map(\.token) == [72, 31] && surprises.worst(2)[0].weight == 12)
        #expect(surprises.threshold == 9)
        #expect(surprises.loss(of: 72) == 12 && surprises.loss(of: 0) == nil && surprises.loss(of: 101) == nil)
        #expect(Surprises([]) == nil && Surprises([.nan]) == nil)
        #expect(abs(Surprises.probability(nats: 1) - 0.36788) < 1e-4)
    }

    @Test func theNextOneAndTheOneBefore() throws {
        var losses = [Float](repeating: 0.5, count: 100)
        losses[30] = 9
        losses[71] = 12
        let surprises = try #require(Surprises(losses))
        #expect(surprises.surprise(from: 1, forwards: true) == 31)
        #expect(surprises.surprise(from: 31, forwards: true) == 72)
        #expect(surprises.surprise(from: 72, forwards: true) == nil)
        #expect(surprises.surprise(from: 72, forwards: false) == 31)
        #expect(surprises.surprise(from: 31, forwards: false) == nil)
        #expect(surprises.surprise(from: 1_000, forwards: true) == nil)
        #expect(surprises.surprise(from: 1_000, forwards: false) == 72)
        #expect(surprises.surprise(from: -5, forwards: false) == nil)
    }
}

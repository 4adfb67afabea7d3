import Foundation
import RopewalkModels
import Testing

@testable import RopewalkLens

struct NextTokensTests {
    /// Against a softmax of the logits in float64.
    @Test func probabilitiesAndRanksAreThoseOfTheLogits() throws {
        let model = try Sample.model()
        let recording = try Sample.recording(40)
        for token in [0, 17, 38, 39] {
            let next = try #require(model.nextTokens(after: token, in: recording, count: 7))
            let logits = try #require(model.logits(after: token, in: recording)).map(Double.init)
            let highest = logits.max() ?? 0
            let sum = logits.reduce(0) { $0 + exp($1 - highest) }
            let order = logits.indices.sorted { logits[$0] > logits[$1] }
            #expect(next.candidates.map(\.id) == Array(order.prefix(7)))
            #expect(next.candidates.map(\.rank) == Array(1...7))
            for candidate in next.candidates {
                #expect(abs(Double(candidate.probability) - exp(logits[candidate.id] - highest) / sum) < 1e-6)
                #expect(abs(Double(candidate.logProbability) - (logits[candidate.id] - highest - log(sum))) < 1e-5)
            }
            let actual = token + 1 < 40 ? Int(recording.ids[token + 1]) : nil
            #expect(next.actual?.id == actual)
            if let actual, let found = next.actual { #expect(order[found.rank - 1] == actual) }
        }
        #expect(model.nextTokens(after: 40, in: recording, count: 7) == nil)
    }

    /// Too small for a Float: the logarithm says how small, and ranks tell such tokens apart.
    @Test func whatUnderflowsKeepsItsLogarithmAndRank() throws {
        let next = NextTokens(logProbabilities: [-150, -1e-7, -120, -.infinity], after: 0, ids: [1, 0], count: 9)
        #expect(next.candidates.map(\.id) == [1, 2, 0])
        let actual = try #require(next.actual)
        #expect(actual.probability == 0 && actual.logProbability == -150 && actual.nats == 150 && actual.rank == 3)
    }
}

import Foundation
import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkEvaluation

/// What a needle test loses without heads.
struct HeadLossesTests {
    private static let all = (0..<32).map { FoundHead(layer: $0 / 8, head: $0 % 8) }

    @Test func setsAreNestedAndApart() {
        let ranking = Array(Self.all.reversed())
        let sets = HeadSet.sets(ranking: ranking, of: Self.all, counts: [4, 1, 4, 40], draws: 2, seed: 3)
        // Of all heads there are no others left.
        #expect(sets.map(\.heads.count) == [0, 1, 4, 32])
        let small = HeadSet.sets(ranking: ranking, of: Self.all, counts: [4, 1], draws: 2, seed: 3)
        #expect(
            small.map(\.choice) == [
                .none, .strongest, .random(0), .random(1), .strongest, .random(0), .random(1),
            ])
        #expect(small[1].heads == [FoundHead(layer: 3, head: 7)] && small[4].heads == Array(Self.all.suffix(4)))
        let strongest = Set(small[4].heads)
        for set in small where set.choice == .random(0) || set.choice == .random(1) {
            #expect(strongest.isDisjoint(with: set.heads))
        }
        #expect(Set(small[2].heads).isSubset(of: small[5].heads) && small[5] != small[6])
        #expect(small == HeadSet.sets(ranking: ranking, of: Self.all, counts: [1, 4], draws: 2, seed: 3))
        #expect(HeadSet.sets(ranking: [], of: Self.all, counts: [3], draws: 1, seed: 0) == [HeadSet(.none)])
        let specs = HeadSet(.strongest, [ranking[0], ranking[9], ranking[2]]).ablations.map(\.spec)
        #expect(specs == ["ablate:layers=2,heads=6", "ablate:layers=3,heads=5/7"])
    }

    /// Against readings of every prompt by itself.
    @Test func lossesAreThoseOfTheNeedleTest() throws {
        let model = try NeedleSample.model()
        let haystack = try NeedleSample.haystack(model)
        var run = NeedleRun(
            tasks: [NeedleTask(.passkey)], scenarios: [try Scenario(parsing: ["rope"])], lengths: [256],
            depths: [30], seeds: [5, 6], haystack: haystack, model: model)
        run.threads = 2
        let heads = [FoundHead(layer: 3, head: 7), FoundHead(layer: 3, head: 6), FoundHead(layer: 2, head: 3)]
        var losses = HeadLosses(run: run, sets: [HeadSet(.none), HeadSet(.strongest, heads)])
        losses.excerpt = 80
        var done = 0
        let results = try losses.results { done = $0 }
        #expect(done == losses.total && done == 8)
        for (result, specs) in zip(
            results, [["rope"], ["rope", "ablate:layers=3,heads=6/7", "ablate:layers=2,heads=3"]])
        {
            let reader = NeedleReader(model: model, scenario: try Scenario(parsing: specs), threads: 2)
            for (index, seed) in [5, 6].enumerated() {
                let prompt = try NeedlePrompt(
                    NeedleTask(.passkey), at: .init(length: 256, depth: 30, seed: seed), in: haystack)
                let plain = try reader.result(of: prompt)
                #expect(result.found[index] == (plain.isFound ? 100 : 0))
                #expect(abs(result.score[index] - 100 * plain.share) < 1e-9)
                #expect(abs(result.loss[index] - plain.loss / Double(plain.answerTokens)) < 1e-9)
                let text = try Recorder(model: model, scenario: Scenario(parsing: specs), threads: 2)
                    .record(run.excerpt(80, seed: seed)).negativeLogLikelihood.map(Double.init)
                // 80 tokens have 79 that follow one.
                let mean = text.prefix(79).reduce(0, +) / 79
                #expect(abs(result.textLoss[index] - mean) < 1e-6)
            }
        }
        #expect(results[0].prompts == 2 && results[1].specs.count == 2 && results[0].specs.isEmpty)
        // Without those that copy what followed, the answer is less likely.
        #expect(HeadLosses.Result.mean(results[1].loss) > HeadLosses.Result.mean(results[0].loss) + 0.1)
    }

    @Test func spreadIsThatOfASample() {
        #expect(HeadLosses.Result.spread([1, .nan, 3]) == 2.0.squareRoot())
        #expect(HeadLosses.Result.spread([1]).isNaN && HeadLosses.Result.mean([.nan]).isNaN)
        #expect(HeadLosses.Result.changes([3, .nan], from: [1, 1])[0] == 2)
    }
}

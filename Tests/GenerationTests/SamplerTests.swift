import Foundation
import Testing

@testable import RopewalkGeneration

struct SamplerTests {
    private static let logits: [Float] = [1.5, -0.5, 3, 2.25, 0, 3, -4, 1]

    private static func sampler(
        _ temperature: Double, topK: Int? = nil, topP: Double? = nil, minP: Double? = nil, seed: UInt64 = 1
    ) throws -> Sampler {
        try Sampler(SamplingSettings(temperature: temperature, topK: topK, topP: topP, minP: minP, seed: seed))
    }

    /// The definition in plain words, step by step as transformers has it: every step takes the softmax of what is left.
    private static func plain(
        _ logits: [Float], _ temperature: Double, topK: Int? = nil, topP: Double? = nil, minP: Double? = nil
    ) -> [Double] {
        var scores = logits.map { Double($0) / temperature }
        func softmax() -> [Double] {
            let top = scores.max() ?? 0
            let all = scores.map { exp($0 - top) }
            return all.map { $0 / all.reduce(0, +) }
        }
        if let topK {
            let least = scores.sorted(by: >)[min(topK, scores.count) - 1]
            scores = scores.map { $0 < least ? -.infinity : $0 }
        }
        if let topP {
            let probabilities = softmax()
            let ascending = scores.indices.sorted { (scores[$0], $1) < (scores[$1], $0) }
            var sum = 0.0
            for (rank, place) in ascending.enumerated() where rank < ascending.count - 1 {
                sum += probabilities[place]
                if sum <= 1 - topP { scores[place] = -.infinity }
            }
        }
        if let minP {
            let probabilities = softmax()
            let least = minP * (probabilities.max() ?? 0)
            scores = zip(scores, probabilities).map { $1 < least ? -.infinity : $0 }
        }
        return softmax()
    }

    @Test(
        arguments: [
            (1.0, nil, nil, nil), (0.7, nil, nil, nil), (2.5, nil, nil, nil), (1.0, 3, nil, nil), (1.0, 1, nil, nil),
            (1.0, nil, 0.8, nil), (1.0, nil, 0.01, nil), (1.0, nil, 1.0, nil), (1.0, nil, nil, 0.2),
            (1.0, nil, nil, 1.0),
            (0.8, 5, 0.9, 0.1), (1.3, 6, 0.6, 0.05), (1.0, 100, 0.5, nil),
        ] as [(Double, Int?, Double?, Double?)])
    func isTheDistributionOfTheDefinition(temperature: Double, topK: Int?, topP: Double?, minP: Double?) throws {
        let sampler = try Self.sampler(temperature, topK: topK, topP: topP, minP: minP)
        let expected = Self.plain(Self.logits, temperature, topK: topK, topP: topP, minP: minP)
        var found = [Double](repeating: 0, count: Self.logits.count)
        for candidate in sampler.distribution(Self.logits) { found[Int(candidate.id)] = candidate.probability }
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-12, "\(found), not \(expected)") }
    }

    /// χ² of 20,000 draws against the distribution: with 7 degrees of freedom it is above 24.3 once in a thousand times.
    @Test(arguments: [UInt64(1), 2, 3, 0xFFFF_FFFF_FFFF_FFFF])
    func drawsAreOfTheDistribution(seed: UInt64) throws {
        var sampler = try Self.sampler(1.2, seed: seed)
        let count = 20_000
        var counts = [Int](repeating: 0, count: Self.logits.count)
        for _ in 0..<count {
            if let id = sampler.next(Self.logits) { counts[Int(id)] += 1 }
        }
        let expected = Self.plain(Self.logits, 1.2).map { $0 * Double(count) }
        let chiSquare = zip(counts, expected).reduce(0) { $0 + pow(Double($1.0) - $1.1, 2) / $1.1 }
        #expect(chiSquare < 24.3)
        #expect(chiSquare > 0.6)
    }

    /// Draws that follow on each other are independent: of pairs, χ² with 3 degrees of freedom.
    @Test func drawsDoNotFollowFromEachOther() throws {
        var sampler = try Self.sampler(1, seed: 5)
        let logits: [Float] = [0, 0]
        var pairs = [0, 0, 0, 0]
        for _ in 0..<10_000 {
            let (a, b) = (sampler.next(logits), sampler.next(logits))
            pairs[Int(2 * (a ?? 0) + (b ?? 0))] += 1
        }
        #expect(pairs.reduce(0) { $0 + pow(Double($1) - 2500, 2) / 2500 } < 16.3)
    }

    @Test func aSeedGivesTheSameDraws() throws {
        func draws(_ seed: UInt64) throws -> [Int32?] {
            var sampler = try Self.sampler(1, seed: seed)
            return (0..<50).map { _ in sampler.next(Self.logits) }
        }
        #expect(try draws(7) == draws(7))
        #expect(try draws(7) != draws(8))
        // Of SplitMix64 with the seed 1234567, as its authors' code gives them.
        var numbers = RandomNumbers(seed: 1_234_567)
        #expect(
            [numbers.next(), numbers.next(), numbers.next()] == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test func greedyTakesTheFirstOfTheHighest() throws {
        var sampler = try Self.sampler(0)
        #expect(sampler.next(Self.logits) == 2)
        #expect(sampler.next([]) == nil)
        #expect(sampler.next([1, .nan]) == nil)
        #expect(sampler.next([-.infinity, -.infinity]) == nil)
        #expect(sampler.next([-.infinity, -3]) == 1)
        #expect(sampler.distribution(Self.logits) == [.init(id: 2, probability: 1)])
        var drawing = try Self.sampler(1)
        #expect(drawing.next([-.infinity, -3]) == 1)
        #expect(drawing.next([.nan, 1]) == nil)
        #expect(drawing.next([3, .infinity]) == 1)
    }

    @Test(arguments: [
        SamplingSettings(temperature: -1), SamplingSettings(temperature: .nan), SamplingSettings(topK: 0),
        SamplingSettings(topP: 1.5), SamplingSettings(topP: .nan), SamplingSettings(minP: -0.1),
    ])
    func settingsOutOfRangeAreRefused(settings: SamplingSettings) {
        #expect(throws: GenerationError.self) { try Sampler(settings) }
    }

    @Test func logProbabilitiesAreThoseOfASoftmax() {
        let best = Likelihoods.highest(3, of: Self.logits)
        #expect(best.map(\.id) == [2, 5, 3])
        let expected = Self.plain(Self.logits, 1)
        for (id, logarithm) in best { #expect(abs(exp(Double(logarithm)) - expected[Int(id)]) < 1e-6) }
        #expect(Likelihoods.highest(100, of: Self.logits).count == 8)
    }
}

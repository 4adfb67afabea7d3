import RopewalkMethods
import Testing

/// The distances of methods with several pieces against their definitions, pair by pair.
@Suite struct DistanceReferenceTests {
    struct Example: CustomTestStringConvertible, Sendable {
        let method: any PositionMethod
        let window: Int
        /// The definition: g(q, k), for k ≤ q.
        let distance: @Sendable (Int, Int) -> Double
        var testDescription: String { "\(method.spec) trained on \(window)" }
    }

    static func limited(_ method: any PositionMethod, _ window: Int, trained: Int = 16) -> Example {
        Example(method: method, window: trained) { q, k in Double(min(q - k, window)) }
    }

    static func leaky(_ window: Int, _ step: Double) -> Example {
        Example(method: LeakyReRoPE(window: window, step: step), window: 16) { q, k in
            q - k < window ? Double(q - k) : Double(window) + Double(q - k - window) / step
        }
    }

    static func selfExtend(_ group: Int, _ window: Int) -> Example {
        Example(method: SelfExtend(group: group, window: window), window: 16) { q, k in
            Double(q - k < window ? q - k : q / group - k / group + window - window / group)
        }
    }

    static func dualChunk(_ method: DualChunk, chunk: Int, local: Int, farthest: Int, trained: Int) -> Example {
        Example(method: method, window: trained) { q, k in
            let place = q % chunk
            let places = [place, place < local ? chunk + place : farthest, farthest]
            return Double(places[min(q / chunk - k / chunk, 2)] - k % chunk)
        }
    }

    static func cache(_ sink: Int, _ window: Int) -> Example {
        Example(method: CachePositions(sink: sink, window: window), window: 16) { q, k in
            if q - k < window || q < sink + window { return Double(q - k) }
            return Double(sink + window - 1 - min(k, sink))
        }
    }

    static let examples: [Example] = {
        var examples: [Example] = []
        for window in [1, 2, 5, 16, 31, 32, 33, 100] {
            examples.append(limited(ReRoPE(window: window), window))
            examples.append(limited(DistanceLimit(window: window), window))
            for step in [1, 1.5, 5, 16] { examples.append(leaky(window, step)) }
            for group in [1, 2, 3, 8, 40] { examples.append(selfExtend(group, window)) }
            for sink in [0, 1, 4, 40] { examples.append(cache(sink, window)) }
        }
        examples.append(limited(DistanceLimit(window: 0), 16))
        for (chunk, window, local) in [
            (6, 10, 4), (1, 2, 1), (1, 1, 0), (5, 5, 0), (12, 16, 3), (31, 40, 9), (3, 40, 3),
        ] {
            examples.append(
                dualChunk(
                    DualChunk(chunk: chunk, window: window, local: local), chunk: chunk,
                    local: local > 0 ? local : max(0, window - chunk), farthest: window - 1, trained: 99))
        }
        for window in [16, 21, 40] {
            let most = 3 * window / 4
            let code = DualChunk(code: true)
            let local = window / 8
            examples.append(dualChunk(code, chunk: most - local, local: local, farthest: most, trained: window))
            examples.append(
                dualChunk(DualChunk(), chunk: most, local: window - most, farthest: window - 1, trained: window))
        }
        return examples
    }()

    @Test(arguments: examples) func everyPair(example: Example) {
        let tokens = 33
        let context = RotaryContext(dimensions: 8, base: 100, trainedWindow: example.window, tokens: tokens)
        #expect(example.method.problem(in: context) == nil)
        let encoding = example.method.encoding(in: context)
        let plain = context.inverseFrequencies
        for query in 0..<tokens {
            var seen = [Int](repeating: 0, count: query + 1)
            for piece in encoding.pieces {
                for key in piece.keys(of: query).clamped(to: 0..<query + 1) { seen[key] += 1 }
                // Only the plain piece of a text without far keys may name keys after the query.
                #expect(encoding.pieces.count == 1 || piece.keys(of: query).upperBound <= query + 1)
            }
            #expect(seen.allSatisfy { $0 == 1 }, "query \(query) \(seen)")
            for key in 0...query {
                let distance = example.distance(query, key)
                #expect(abs(encoding.effectiveDistance(query: query, key: key) - distance) <= 1e-12, "\(query) \(key)")
                for (subspace, angle) in encoding.angles(query: query, key: key).enumerated() {
                    #expect(angle == encoding.angle(subspace, query: query, key: key))
                    // Both turnings are rounded at angles of up to some hundred radians.
                    #expect(abs(angle - distance * plain[subspace]) <= 1e-12, "\(query) \(key) \(subspace)")
                }
            }
        }
    }

    @Test func interpolationDividesDistances() {
        let context = RotaryContext(dimensions: 8, base: 100, trainedWindow: 16, tokens: 64)
        let encoding = PositionInterpolation(factor: 4).encoding(in: context)
        #expect(encoding.effectiveDistance(query: 50, key: 8) == 10.5)
        #expect(agree([encoding.angle(1, query: 50, key: 8)], [10.5 * context.inverseFrequencies[1]]))
        #expect(encoding.distanceCurve(query: 8, distances: [0, 4, 8]) == [0, 1, 2])
    }
}

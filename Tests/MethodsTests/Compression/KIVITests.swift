import RopewalkMethods
import Testing

@Suite struct KIVITests {
    func matrix(_ tokens: Int, _ dimension: Int) -> [Float] {
        var random = SplitMix(state: UInt64(tokens * 31 + dimension))
        return (0..<tokens * dimension).map { _ in Float.random(in: -3...3, using: &random) }
    }

    /// round((x − min)/scale), halves to even, and back, in float64.
    func plain(_ values: [Float], bits: Int) -> [Float] {
        let low = Double(values.min() ?? 0)
        let scale = (Double(values.max() ?? 0) - low) / Double(1 << bits - 1)
        return values.map {
            scale == 0 ? $0 : Float(((Double($0) - low) / scale).rounded(.toNearestOrEven) * scale + low)
        }
    }

    @Test func keysByChannelAndValuesByToken() {
        for (tokens, dimension) in [(0, 4), (1, 4), (7, 3), (8, 5), (13, 6), (24, 1)] {
            let method = KIVI(bits: 2, group: 4, residual: 8)
            let rows = matrix(tokens, dimension)
            let keys = method.compressedKeys(rows, dimension: dimension)
            let values = method.compressedValues(rows, dimension: dimension)
            #expect(keys.count == rows.count && values.count == rows.count)
            for token in 0..<tokens {
                for c in 0..<dimension {
                    let place = token * dimension + c
                    if token >= tokens / 8 * 8 {
                        #expect(keys[place] == rows[place])
                    } else {
                        let group = (token / 4 * 4..<token / 4 * 4 + 4).map { rows[$0 * dimension + c] }
                        #expect(keys[place] == plain(group, bits: 2)[token % 4])
                    }
                    let start = c / 4 * 4
                    let part = (start..<min(start + 4, dimension)).map { rows[token * dimension + $0] }
                    #expect(values[place] == plain(part, bits: 2)[c - start])
                }
            }
        }
    }

    /// Half a step is the most that a number moves; more bits move it less.
    @Test func errorsAreBounded() {
        let rows = matrix(64, 8)
        var last = Float.infinity
        for bits in [1, 2, 4, 8] {
            let keys = KIVI(bits: bits, group: 32, residual: 32).compressedKeys(rows, dimension: 8)
            let error = zip(rows, keys).map { abs($0 - $1) }.max() ?? 0
            #expect(error <= 6 / Float(1 << bits - 1) / 2 + 1e-6)
            #expect(error < last)
            last = error
        }
    }

    @Test func equalAndImpossibleNumbersHaveACode() {
        #expect(AsymmetricQuantiser([2.0, 2.0], bits: 2).values == [2, 2])
        #expect(AsymmetricQuantiser([Double](), bits: 2).codes.isEmpty)
        #expect(AsymmetricQuantiser([1.0, .infinity], bits: 2).codes == [0, 0])
        #expect(AsymmetricQuantiser([1.0, .nan], bits: 2).codes.allSatisfy { (0...3).contains($0) })
    }

    /// What is exact does not change when the cache grows by a token, but for one group of keys or one value.
    @Test func theCacheFlushesKeysByTheResidualAndValuesOneByOne() {
        let method = KIVI(bits: 2, group: 4, residual: 8)
        for cached in 0..<40 {
            #expect(method.firstExactKey(cached: cached) % 8 == 0)
            #expect((0..<8).contains(cached - method.firstExactKey(cached: cached)))
            #expect(cached - method.firstExactValue(cached: cached) == min(cached, 8))
        }
    }

    @Test func bytes() {
        let method = KIVI(bits: 2, group: 4, residual: 8)
        // All of 5 tokens is exact: 2 · 5 · 4 numbers of 2 bytes.
        #expect(method.cacheBytes(tokens: 5, dimension: 4, exactBytes: 2) == 80)
        // Of 16 tokens 16 keys and 8 values are quantised: 24 · 4 numbers of 2 bits, a scale and a zero for every 4.
        #expect(method.cacheBytes(tokens: 16, dimension: 4, exactBytes: 2) == 64 + 24 + 96)
    }
}

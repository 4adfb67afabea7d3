import Foundation
import RopewalkMethods
import Testing

/// Selections of single keys and caches against their definitions, written out plainly.
@Suite struct CacheReferenceTests {
    static let sizes = [1, 2, 3, 7, 12, 25, 40]

    func states(_ tokens: Int) -> PlainStates {
        PlainStates(tokens: tokens, heads: 4, keyHeads: 2, dimension: 4, seed: UInt64(tokens + 50))
    }

    /// Softmax of the scores as the engine gives them.
    func weights(_ states: PlainStates, _ query: Int, _ head: Int, _ keys: [Int]) -> [Double] {
        plainSoftmax(keys.map { Double(Float(states.score(query, $0, head: head))) })
    }

    /// Compares the choices of every head with those of a plain run over the queries.
    func compare(
        _ method: any StateSelection, layer: Int = 0, layers: Int = 1,
        _ expected: (PlainStates, _ head: Int) -> [[Int]]
    ) {
        for tokens in Self.sizes {
            let states = states(tokens)
            for head in 0..<4 {
                let place = HeadPlace(layer: layer, head: head, layers: layers, heads: 4)
                let choices = method.choices(states, place: place).map(\.keys.list)
                #expect(choices == expected(states, head), "\(tokens) \(head)")
            }
        }
    }

    func nearest(
        _ count: Int, window: Int, memory: Int = .max, tokens: Int, score: (Int, Int) -> Double
    ) -> [[Int]] {
        (0..<tokens).map { query in
            let far = (0...query).filter { query - $0 >= window && query - $0 - window < memory }
            let best = ranked(far) { score(query, $0) }.prefix(count)
            return (best + (0...query).filter { query - $0 < window }).sorted()
        }
    }

    @Test func focusedTransformer() {
        let method = FocusedTransformer(k: 3, window: 4, memoryLayers: [1])
        compare(method, layer: 1, layers: 2) { states, head in
            self.nearest(3, window: 4, tokens: states.tokens) { Double(Float(states.score($0, $1, head: head))) }
        }
        compare(method) { states, _ in self.nearest(0, window: 4, tokens: states.tokens) { _, _ in 0 } }
    }

    @Test func memorizing() {
        let method = MemorizingTransformer(k: 3, window: 2, memory: 7, fromEnd: 2)
        compare(method, layer: 1, layers: 3) { states, head in
            self.nearest(3, window: 2, memory: 7, tokens: states.tokens) { query, key in
                let row = states.keyRows[head / 2][key].map(Double.init)
                return Double(Float(states.score(query, key, head: head)))
                    / row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            }
        }
        for layer in [0, 2] {
            compare(method, layer: layer, layers: 3) { states, _ in
                self.nearest(0, window: 2, tokens: states.tokens) { _, _ in 0 }
            }
        }
    }

    /// A key of length 0 has no direction: it counts as neither near nor opposite.
    @Test func keysOfLengthZeroHaveCosineZero() throws {
        let states = PlainStates(
            queries: Array(repeating: [1, 0], count: 4), keys: [[-1, 0], [0, 0], [-3, 1], [1, 0]])
        let method = MemorizingTransformer(k: 1, window: 1, memory: 9, fromEnd: 1)
        let choice = try #require(method.choice(for: 3, place: .only, states: states))
        #expect(choice.keys.list == [1, 3])
        #expect(choice.reason(1).sentence == "selected: cosine 0, rank 1 of 3")
    }

    @Test func unlimiformer() {
        compare(Unlimiformer(k: 4)) { states, head in
            self.nearest(3, window: 1, tokens: states.tokens) { Double(Float(states.score($0, $1, head: head))) }
        }
        compare(Unlimiformer(k: 4, firstLayer: 1)) { states, _ in
            self.nearest(0, window: 4, tokens: states.tokens) { _, _ in 0 }
        }
    }

    @Test func heavyHitters() {
        compare(HeavyHitters(heavy: 3, recent: 2)) { states, head in
            var kept: [Int] = []
            var received: [Int: Double] = [:]
            return (0..<states.tokens).map { query in
                let seen = kept + [query]
                for (key, weight) in zip(seen, self.weights(states, query, head, seen)) {
                    received[key, default: 0] += weight
                }
                let old = Array(seen.dropLast(2))
                let heavy = ranked(old) { received[$0] ?? 0 }.prefix(3)
                kept = heavy.sorted() + seen.suffix(2)
                return seen
            }
        }
    }

    @Test func tova() {
        compare(TOVA(capacity: 4)) { states, _ in
            var kept: [Int] = []
            return (0..<states.tokens).map { query in
                let seen = kept + [query]
                let rows = (0..<4).map { self.weights(states, query, $0, seen) }
                let best = ranked(Array(seen.indices)) { key in rows.reduce(0) { $0 + $1[key] } / 4 }.prefix(4)
                kept = best.sorted().map { seen[$0] }
                return seen
            }
        }
    }

    @Test func scissorhands() {
        let method = Scissorhands(buffer: 8, drop: 3, recent: 2, history: 4)
        compare(method) { states, head in
            var kept: [Int] = []
            /// The keys that had their share, by query.
            var rich: [Set<Int>] = []
            return (0..<states.tokens).map { query in
                let seen = kept + [query]
                let weights = self.weights(states, query, head, seen)
                rich.append(Set(zip(seen, weights).filter { $0.1 >= 1 / Double(seen.count) }.map(\.0)))
                kept = seen
                if seen.count >= 8 {
                    let counts = { (key: Int) in
                        Double(((query - 3)...query).filter { $0 >= key && !rich[$0].contains(key) }.count)
                    }
                    let lost = Set(ranked(Array(seen.dropLast(2)), by: counts).prefix(3))
                    kept = seen.filter { !lost.contains($0) }
                }
                return seen
            }
        }
    }

    @Test(arguments: [false, true]) func snapkv(takesMaximum: Bool) {
        let method = SnapKV(prompt: 12, capacity: 7, window: 3, kernel: 3, takesMaximum: takesMaximum)
        compare(method) { states, head in
            (0..<states.tokens).map { query in
                guard query >= 12 else { return Array(0...query) }
                let rows = (9..<12).map { self.weights(states, $0, head, Array(0...$0)) }
                let votes = (0..<9).map { key in rows.reduce(0) { $0 + $1[key] } }
                func pooled(_ key: Int) -> Double {
                    let near = (key - 1...key + 1).map { votes.indices.contains($0) ? votes[$0] : 0 }
                    return takesMaximum ? near.max() ?? 0 : (near[0] + near[1] + near[2]) / 3
                }
                return ranked(Array(0..<9), by: pooled).prefix(4).sorted() + (9...query)
            }
        }
        // A prompt under the capacity is kept whole.
        compare(SnapKV(prompt: 5, capacity: 7, window: 3, kernel: 3)) { states, _ in
            (0..<states.tokens).map { Array(0...$0) }
        }
    }

    @Test func pqcache() {
        let method = PQCache(prompt: 11, sink: 2, ratio: 0.5, parts: 2, bits: 2, rounds: 3)
        compare(method) { states, head in
            let rows = states.keyRows[head / 2]
            let prompt = Array(rows.prefix(11).dropFirst(2))
            let books = [0, 2].map { self.book(prompt, $0) }
            return (0..<states.tokens).map { query in
                guard query >= 11 else { return Array(0...query) }
                // ⌊0.5/2 · (11 − 2)⌋ = 2 are recent, and as many selected.
                let candidates = Array(2..<query - 2)
                var sums = [Double](repeating: 0, count: candidates.count)
                for other in [head / 2 * 2, head / 2 * 2 + 1] {
                    let q = states.queries[other][query].map(Double.init)
                    let scores = candidates.map { key in
                        [0, 2].enumerated().reduce(0.0) { sum, part in
                            let centroid = self.nearest(books[part.offset], rows[key], part.element)
                            return sum + q[part.element] * Double(centroid[0]) + q[part.element + 1]
                                * Double(centroid[1])
                        } / 2
                    }
                    for (index, weight) in plainSoftmax(scores).enumerated() { sums[index] += weight }
                }
                let best = ranked(Array(candidates.indices)) { sums[$0] }.prefix(2).map { candidates[$0] }
                return [0, 1] + best.sorted() + (query - 2...query)
            }
        }
    }

    /// Three rounds of k-means on two dimensions from `offset`, four centroids from evenly spread rows.
    func book(_ rows: [[Float]], _ offset: Int) -> [[Float]] {
        guard !rows.isEmpty else { return [] }
        var centroids = (0..<min(4, rows.count)).map { index in
            Array(rows[index * rows.count / min(4, rows.count)][offset..<offset + 2])
        }
        for _ in 0..<3 {
            let owners = rows.map { row in centroids.firstIndex(of: nearest(centroids, row, offset)) }
            centroids = centroids.indices.map { index in
                let own = zip(rows, owners).filter { $0.1 == index }.map { $0.0 }
                guard !own.isEmpty else { return centroids[index] }
                return (0..<2).map { c in
                    Float(own.reduce(0.0) { $0 + Double($1[offset + c]) } / Double(own.count))
                }
            }
        }
        return centroids
    }

    func nearest(_ centroids: [[Float]], _ row: [Float], _ offset: Int) -> [Float] {
        centroids.min { a, b in
            func distance(_ c: [Float]) -> Float {
                (row[offset] - c[0]) * (row[offset] - c[0]) + (row[offset + 1] - c[1]) * (row[offset + 1] - c[1])
            }
            return distance(a) < distance(b)
        } ?? []
    }

    @Test func lazyllm() {
        let method = LazyLLM(keep: 0.6, denseLayers: 1)
        for tokens in Self.sizes {
            let states = PlainStates.stack(4, tokens: tokens, heads: 2, keyHeads: 1, dimension: 4)
            for layer in 0..<4 {
                let place = HeadPlace(layer: layer, head: 0, layers: 4, heads: 2)
                for (query, choice) in method.choices(states, place: place).enumerated() {
                    var alive = Array(0...query)
                    for below in 0..<layer where below > 0 {
                        let rows = (0..<2).map { self.weights(states.layers[below], query, $0, alive) }
                        // 0.4 of the tokens, rounded down, leave.
                        let staying = alive.count - alive.count * 4 / 10
                        let best = ranked(Array(alive.indices.dropLast())) { rows[0][$0] + rows[1][$0] }
                        alive = best.prefix(staying - 1).sorted().map { alive[$0] } + [query]
                    }
                    #expect(choice.keys.list == alive, "\(tokens) \(layer) \(query)")
                }
            }
        }
        // Without the layers below nothing is left out, and the reason says so.
        let alone = method.choices(states(7), place: HeadPlace(layer: 3, head: 0, layers: 4, heads: 4))
        #expect(alone.last?.keys.count == 7)
        #expect(alone.last?.reason(0).sentence == "kept: the layers below, which decide, are not at hand")
    }
}

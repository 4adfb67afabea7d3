import RopewalkMethods
import Testing

/// Selections under position methods that score near and far keys in several ways: they choose by these scores.
@Suite struct PieceSelectionTests {
    static let positions = [
        "rerope:window=9", "self-extend:group=3,window=8", "dual-chunk:chunk=12,window=20",
        "leaky-rerope:window=7,step=4",
        "cache-positions:sink=2,window=10", "rope",
    ]
    static let tokens = 61

    func states(_ spec: String) throws -> PlainStates {
        let method = try #require(try MethodSpec.parse(spec) as? any PositionMethod)
        let plain = PlainStates(tokens: Self.tokens, heads: 2, keyHeads: 1, dimension: 6, seed: 5)
        return PlainStates(
            queries: plain.queries, keys: plain.keyRows, values: plain.valueRows, method: method, window: 24)
    }

    func expect(
        _ method: any StateSelection, _ position: String,
        _ expected: (PlainStates, _ head: Int, _ query: Int) -> [Int]
    ) throws {
        let states = try states(position)
        for head in 0..<2 {
            let place = HeadPlace(layer: 0, head: head, layers: 1, heads: 2)
            for (query, choice) in method.choices(states, place: place).enumerated() {
                let keys = Set(expected(states, head, query)).filter { $0 <= query }.sorted()
                #expect(choice.keys.list == keys, "\(position) \(head) \(query)")
            }
        }
    }

    /// The product with a mean key is the mean of the scores.
    @Test(arguments: positions) func moba(position: String) throws {
        try expect(MoBA(block: 5, topk: 3), position) { states, head, query in
            let own = query / 5
            let best = ranked(Array(0..<own)) { block in
                (block * 5..<block * 5 + 5).reduce(0) { $0 + states.score(query, $1, head: head) }
            }
            return ([own] + best.prefix(2)).flatMap { $0 * 5..<$0 * 5 + 5 }
        }
    }

    @Test(arguments: positions) func landmark(position: String) throws {
        try expect(Landmark(block: 3, topk: 2, isStingy: false), position) { states, head, query in
            let own = query / 4
            let best = ranked(Array(0..<own)) { states.score(query, $0 * 4 + 3, head: head) }
            return ([own] + best.prefix(2)).flatMap { $0 * 4..<$0 * 4 + 3 }
        }
    }

    /// No key of a page scores higher than its bound, and pages with the highest bounds are read.
    @Test(arguments: positions) func quest(position: String) throws {
        try expect(Quest(page: 4, budget: 12, denseLayers: 0, keepsLastPage: true), position) { states, head, query in
            func bound(_ page: Int) -> Double {
                let keys = page * 4..<min(page * 4 + 4, query + 1)
                var highest = -Double.infinity
                for piece in 0..<states.pieces
                where !keys.clamped(to: states.keys(of: query, piece: piece)).isEmpty {
                    let vector = states.query(query, head: head, piece: piece)
                    let rows = states.keys(keys, keyHead: 0, piece: piece)
                    let sum = vector.indices.reduce(0.0) { sum, c in
                        let products = stride(from: c, to: rows.count, by: vector.count).map {
                            Double(vector[c]) * Double(rows[$0])
                        }
                        return sum + (products.max() ?? 0)
                    }
                    highest = max(highest, sum)
                }
                let best = keys.map { states.score(query, $0, head: head) / states.scale(of: query) }.max() ?? 0
                #expect(best <= highest + 1e-5)
                return highest
            }
            let last = query / 4
            let pages = ranked(Array(0..<last), by: bound).prefix(2) + [last]
            return pages.flatMap { $0 * 4..<$0 * 4 + 4 }
        }
    }

    /// With as many codes as keys nothing is rounded, and the best keys by the scores of the scenario are read.
    @Test(arguments: positions) func pqcache(position: String) throws {
        let method = PQCache(prompt: 40, sink: 2, ratio: 0.3, parts: 1, bits: 8, rounds: 0)
        let states = try states(position)
        let place = HeadPlace(layer: 0, head: 0, layers: 1, heads: 2)
        let choices = method.choices(states, place: place)
        // The query after the prompt chooses among keys that all are centroids.
        let query = 40
        let candidates = Array(2..<query - method.selectedCount)
        let weights = (0..<2).map { head in plainSoftmax(candidates.map { states.score(query, $0, head: head) }) }
        let best = ranked(Array(candidates.indices)) { weights[0][$0] + weights[1][$0] }.prefix(method.selectedCount)
        let recent = Array(query - method.selectedCount...query)
        #expect(choices[query].keys.list == Set(best.map { candidates[$0] } + recent + [0, 1]).sorted())
    }
}

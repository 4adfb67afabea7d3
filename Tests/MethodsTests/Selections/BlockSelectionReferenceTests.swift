import Foundation
import RopewalkMethods
import Testing

/// Selections of blocks against their definitions, written out plainly for one query at a time.
@Suite struct BlockSelectionReferenceTests {
    static let sizes = [1, 2, 3, 7, 12, 25, 40]

    /// Compares every choice of every head with the keys that `expected` names, in any order.
    func compare(
        _ method: any StateSelection, layers: Int = 1, layer: Int = 0,
        _ expected: (PlainStates, _ head: Int, _ query: Int) -> [Int]
    ) {
        for tokens in Self.sizes {
            let states = PlainStates(
                tokens: tokens, heads: 4, keyHeads: 2, dimension: 3, seed: UInt64(tokens))
            for head in 0..<4 {
                let place = HeadPlace(layer: layer, head: head, layers: layers, heads: 4)
                for (query, choice) in method.choices(states, place: place).enumerated() {
                    #expect(
                        choice.keys.list == Set(expected(states, head, query)).sorted(), "\(tokens) \(head) \(query)")
                }
            }
        }
    }

    func tokens(_ block: Int, _ size: Int, _ query: Int) -> [Int] {
        (block * size..<(block + 1) * size).filter { $0 <= query }
    }

    func mean(_ rows: [[Float]]) -> [Double] {
        rows[0].indices.map { c in rows.reduce(0) { $0 + Double($1[c]) } / Double(rows.count) }
    }

    func product(_ query: [Float], _ key: [Double]) -> Double { zip(query, key).reduce(0) { $0 + Double($1.0) * $1.1 } }

    @Test(arguments: [true, false]) func quest(keepsLast: Bool) {
        let method = Quest(page: 4, budget: 9, denseLayers: 1, keepsLastPage: keepsLast)
        compare(method) { _, _, query in Array(0...query) }
        compare(method, layers: 2, layer: 1) { states, head, query in
            func bound(_ page: Int) -> Double {
                let keys = self.tokens(page, 4, query).map { states.keyRows[head / 2][$0] }
                return (0..<3).reduce(0.0) { sum, c in
                    let q = Double(states.queries[head][query][c])
                    return sum + (keys.map { q * Double($0[c]) }.max() ?? 0)
                }
            }
            let last = query / 4
            let pages =
                keepsLast
                ? [last] + ranked(Array(0..<last), by: bound).prefix(1)
                : Array(ranked(Array(0...last), by: bound).prefix(3))
            return pages.flatMap { self.tokens($0, 4, query) }
        }
    }

    @Test func moba() {
        compare(MoBA(block: 3, topk: 3, denseLayers: 1), layers: 2, layer: 1) { _, _, query in Array(0...query) }
        compare(MoBA(block: 3, topk: 3, denseLayers: 1), layers: 2, layer: 0) { states, head, query in
            let own = query / 3
            let best = ranked(Array(0..<own)) { block in
                self.product(
                    states.queries[head][query],
                    self.mean(self.tokens(block, 3, query).map { states.keyRows[head / 2][$0] }))
            }
            return ([own] + best.prefix(2)).flatMap { self.tokens($0, 3, query) }
        }
    }

    @Test func infllm() {
        let method = InfLLM(first: 2, local: 5, block: 3, topk: 2, representatives: 2)
        compare(method) { states, _, query in
            var keys = (0...query).filter { query - $0 < 5 || $0 < 2 }
            var scores: [Double] = []
            var start = 2
            // A block is in the memory when it and one more token have left the window.
            while start + 3 <= query - 5 {
                let block = Array(start..<start + 3)
                scores.append(
                    (0..<4).reduce(0.0) { sum, head in
                        let rows = states.keyRows[head / 2]
                        let best = ranked(block) { key in
                            (key + 1...key + 4).reduce(0.0) { sum, later in
                                sum + self.product(states.queries[head][later], rows[key].map(Double.init))
                            } / 4
                        }
                        return sum
                            + self.product(states.queries[head][query], self.mean(best.prefix(2).map { rows[$0] }))
                    })
                start += 3
            }
            keys += (start...max(start, query - 5)).filter { $0 <= query - 5 }
            for block in ranked(Array(scores.indices), by: { scores[$0] }).prefix(2) {
                keys += 2 + block * 3..<2 + block * 3 + 3
            }
            return keys
        }
    }

    @Test func landmark() {
        compare(Landmark(block: 3, topk: 2)) { states, head, query in
            let own = query / 4
            let best = ranked(Array(0..<own)) { states.score(query, $0 * 4 + 3, head: head) }
            return ([own] + best.prefix(2)).flatMap { block in
                self.tokens(block, 4, query).filter { $0 % 4 != 3 }
            }
        }
    }

    @Test func nsa() {
        let method = NSA(length: 4, stride: 2, block: 6, blocks: 3, first: 1, local: 1, window: 3)
        compare(method) { states, head, query in
            let last = query / 6
            var scores = [Double](repeating: 0, count: last + 1)
            let stretches = (0...query).map { $0 * 2..<$0 * 2 + 4 }.filter { $0.upperBound <= query + 1 }
            for other in [head / 2 * 2, head / 2 * 2 + 1] where !stretches.isEmpty {
                let weights = plainSoftmax(
                    stretches.map { stretch in
                        let key = self.mean(stretch.map { states.keyRows[head / 2][$0] })
                        return self.product(states.queries[other][query], key) / 3.0.squareRoot()
                    })
                // Every half of a stretch votes for every block of three halves that it lies in.
                for (index, weight) in weights.enumerated() {
                    for half in [index, index + 1] where half / 3 <= last { scores[half / 3] += weight }
                }
            }
            let free = ranked((0...last).filter { $0 != 0 && $0 != last }) { scores[$0] }
            let chosen = Set([0, last]).union(free.prefix(3 - Set([0, last]).count))
            return chosen.flatMap { self.tokens($0, 6, query) } + (max(0, query - 2)...query)
        }
    }

    @Test func longHeads() {
        compare(LongHeads(chunk: 3, budget: 13)) { states, head, query in
            let own = query / 3
            func summary(_ chunk: Int) -> [Double] {
                let range = Array(chunk * 3..<chunk * 3 + 3)
                let keys = range.map { states.keyRows[head / 2][$0] }
                let outputs = range.map { row in
                    let weights = plainSoftmax(range.map { Double(Float(states.score(row, $0, head: head))) })
                    return (0..<3).map { c in
                        zip(weights, range).reduce(0) { $0 + $1.0 * Double(states.valueRows[head / 2][$1.1][c]) }
                    }
                }
                let output = (0..<3).map { c in outputs.reduce(0) { $0 + $1[c] } / 3 }
                let weights = plainSoftmax(keys.map { self.product($0, output) / 3.0.squareRoot() })
                return (0..<3).map { c in zip(weights, keys).reduce(0) { $0 + $1.0 * Double($1.1[c]) } }
            }
            let forced = Set([0, own - 1, own].filter { $0 >= 0 })
            let free = ranked((0..<max(1, own)).filter { !forced.contains($0) }) {
                self.product(states.queries[head][query], summary($0))
            }
            return forced.union(free.prefix(4 - forced.count)).flatMap { self.tokens($0, 3, query) }
        }
    }

    @Test func retro() {
        compare(RETRO(chunk: 2, neighbours: 2, window: 3)) { states, head, query in
            let near = Array(max(0, query - 2)...query)
            guard query >= 1 else { return near }
            let own = (query - 1) / 2
            func mean(_ chunk: Int) -> [Double] {
                self.mean([chunk * 2, chunk * 2 + 1].map { states.keyRows[head / 2][$0] })
            }
            let earlier = (0..<max(0, own)).filter { $0 * 2 + 4 <= own * 2 }
            let best = ranked(earlier) { chunk in
                -zip(mean(chunk), mean(own)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            }
            return near + best.prefix(2).flatMap { $0 * 2..<$0 * 2 + 4 }
        }
    }
}

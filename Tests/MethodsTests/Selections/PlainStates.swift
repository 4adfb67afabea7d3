import Foundation
import RopewalkMethods

/// States of one layer as plain arrays, with scores straight from the formula.
struct PlainStates: LayerStates {
    /// [head][token][dimension]
    var queries: [[[Float]]]
    /// [keyHead][token][dimension]
    var keyRows: [[[Float]]]
    /// [keyHead][token][dimension]
    var valueRows: [[[Float]]]
    /// Layer 0, 1 ... of the same run.
    var layers: [PlainStates] = []

    var tokens: Int { keyRows.first?.count ?? 0 }
    var heads: Int { queries.count }
    var keyHeads: Int { keyRows.count }
    var dimension: Int { keyRows.first?.first?.count ?? 0 }

    func query(_ token: Int, head: Int) -> [Float] { queries[head][token] }
    func key(_ token: Int, keyHead: Int) -> [Float] { keyRows[keyHead][token] }
    func value(_ token: Int, keyHead: Int) -> [Float] { valueRows[keyHead][token] }

    func score(_ query: Int, _ key: Int, head: Int) -> Double {
        let keyHead = head / (heads / keyHeads)
        let sum = zip(queries[head][query], keyRows[keyHead][key]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        return sum / Double(dimension).squareRoot()
    }

    func scores(query: Int, head: Int, keys: Range<Int>) -> [Float] {
        keys.map { Float(score(query, $0, head: head)) }
    }

    func states(ofLayer layer: Int) -> (any LayerStates)? { layers.indices.contains(layer) ? layers[layer] : nil }

    /// One head of given queries and keys; the values are the keys.
    init(queries: [[Float]], keys: [[Float]]) {
        self.queries = [queries]
        keyRows = [keys]
        valueRows = [keys]
    }

    init(tokens: Int, heads: Int, keyHeads: Int, dimension: Int, seed: UInt64) {
        var random = SplitMix(state: seed)
        func rows() -> [[Float]] {
            (0..<tokens).map { _ in (0..<dimension).map { _ in Float.random(in: -2...2, using: &random) } }
        }
        queries = (0..<heads).map { _ in rows() }
        keyRows = (0..<keyHeads).map { _ in rows() }
        valueRows = (0..<keyHeads).map { _ in rows() }
    }

    /// Several layers of one run; the states are those of the top one.
    static func stack(_ layers: Int, tokens: Int, heads: Int, keyHeads: Int, dimension: Int) -> PlainStates {
        let below = (0..<layers).map {
            PlainStates(
                tokens: tokens, heads: heads, keyHeads: keyHeads, dimension: dimension, seed: UInt64(100 + $0))
        }
        var top = below[layers - 1]
        top.layers = below
        return top
    }
}

/// exp(s) / Σ exp(s), written out once more.
func plainSoftmax(_ scores: [Double]) -> [Double] {
    let top = scores.max() ?? 0
    let exponentials = scores.map { exp($0 - top) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
}

/// Keys by score: higher first, of equal ones the first.
func ranked(_ keys: [Int], by score: (Int) -> Double) -> [Int] {
    keys.map { ($0, score($0)) }.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }.map(\.0)
}

extension KeyRanges {
    /// Every key, one by one.
    var list: [Int] { ranges.flatMap { Array($0) } }
}

extension StateSelection {
    /// The choices of all queries of a head, in order.
    func choices(_ states: PlainStates, place: HeadPlace = .only) -> [KeyChoice] {
        var selector = selector(for: place, states: states)
        return (0..<states.tokens).map { _ in selector.next() }
    }
}

extension HeadPlace {
    /// The only head of a model.
    static let only = HeadPlace(layer: 0, head: 0, layers: 1, heads: 1)
}

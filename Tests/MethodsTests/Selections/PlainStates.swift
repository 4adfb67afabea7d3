import Foundation
import RopewalkMethods

/// States of one layer as plain arrays, with scores straight from the formula; turned where an encoding says how.
struct PlainStates: LayerStates {
    /// [head][token][dimension]
    var queries: [[[Float]]]
    /// [keyHead][token][dimension]
    var keyRows: [[[Float]]]
    /// [keyHead][token][dimension]
    var valueRows: [[[Float]]]
    /// Layer 0, 1 ... of the same run.
    var layers: [PlainStates] = []
    /// How the arrays above are turned; nil where they are as they are read.
    var encoding: PositionEncoding?

    var tokens: Int { keyRows.first?.count ?? 0 }
    var heads: Int { queries.count }
    var keyHeads: Int { keyRows.count }
    var dimension: Int { keyRows.first?.first?.count ?? 0 }

    var pieces: Int { encoding?.pieces.count ?? 1 }

    func keys(of query: Int, piece: Int) -> Range<Int> { encoding?.pieces[piece].keys(of: query) ?? 0..<Int.max }

    func query(_ token: Int, head: Int, piece: Int) -> [Float] {
        let turning = encoding?.pieces[piece].queries
        return Self.turned(queries[head][token], turning?.angles(token: token), turning?.factor)
    }

    func keys(_ keys: Range<Int>, keyHead: Int, piece: Int) -> [Float] {
        let turning = encoding?.pieces[piece].keys
        return keys.flatMap { Self.turned(keyRows[keyHead][$0], turning?.angles(token: $0), turning?.factor) }
    }

    func query(_ token: Int, head: Int, at place: Int) -> [Float] { placed(queries[head][token], at: place) }

    func keys(_ keys: Range<Int>, keyHead: Int, at place: Int, movingOn: Bool) -> [Float] {
        keys.flatMap { placed(keyRows[keyHead][$0], at: movingOn ? place + $0 - keys.lowerBound : place) }
    }

    func scale(of query: Int) -> Double { (encoding?.queryScale?(query) ?? 1) / Double(dimension).squareRoot() }

    private func placed(_ state: [Float], at place: Int) -> [Float] {
        let turning = encoding?.pieces[0].queries
        return Self.turned(state, turning?.inverseFrequencies.map { $0 * Double(place) }, turning?.factor)
    }

    /// Halves of a state turned by an angle a pair.
    private static func turned(_ x: [Float], _ angles: [Double]?, _ factor: Double?) -> [Float] {
        guard let angles, let factor else { return x }
        let half = x.count / 2
        var result = x
        for i in 0..<half {
            let (a, b) = (Double(x[i]), Double(x[i + half]))
            result[i] = Float(factor * (a * cos(angles[i]) - b * sin(angles[i])))
            result[i + half] = Float(factor * (b * cos(angles[i]) + a * sin(angles[i])))
        }
        return result
    }

    func value(_ token: Int, keyHead: Int) -> [Float] { valueRows[keyHead][token] }

    func score(_ query: Int, _ key: Int, head: Int) -> Double {
        let keyHead = head / (heads / keyHeads)
        let piece = encoding?.piece(query: query, key: key) ?? 0
        let vectors = zip(
            self.query(query, head: head, piece: piece), keys(key..<key + 1, keyHead: keyHead, piece: piece))
        return vectors.reduce(0.0) { $0 + Double($1.0) * Double($1.1) } * scale(of: query)
    }

    func scores(query: Int, head: Int, keys: Range<Int>) -> [Float] {
        keys.map { Float(score(query, $0, head: head)) }
    }

    /// Period of the selection that takes keys to other places.
    var keyPeriod = 1

    func scores(query: Int, head: Int, keys: KeyRanges, places: [PlacedKeys]) -> [Float] {
        keys.list.map { Float(score(query, $0, head: head, places: places)) }
    }

    /// At the distance that the place of the query says, where one is said.
    func score(_ query: Int, _ key: Int, head: Int, places: [PlacedKeys]) -> Double {
        guard let placed = places.first(where: { $0.keys.contains(key) }) else { return score(query, key, head: head) }
        let q = self.query(query, head: head, at: placed.distance(to: key, period: keyPeriod))
        let k = keys(key..<key + 1, keyHead: head / (heads / keyHeads), at: 0, movingOn: false)
        return zip(q, k).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } * scale(of: query)
    }

    func states(ofLayer layer: Int) -> (any LayerStates)? { layers.indices.contains(layer) ? layers[layer] : nil }

    /// Given states before rotation. [head][token][dimension]
    init(
        queries: [[[Float]]], keys: [[[Float]]], values: [[[Float]]], method: any PositionMethod, window: Int = 4096
    ) {
        self.queries = queries
        keyRows = keys
        valueRows = values
        encoding = method.encoding(
            in: RotaryContext(
                dimensions: keys[0][0].count, base: 10000, trainedWindow: window, tokens: keys[0].count))
    }

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

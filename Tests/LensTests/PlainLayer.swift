import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// The states of one layer of a run as plain arrays, turned and scored by plain formulas in float64: what a selection
/// replayed beside the run looks at, and what its attention is computed from once more.
struct PlainLayer: LayerStates {
    /// [head][token][dimension]
    let queries: [[[Float]]]
    /// [keyHead][token][dimension]
    let keyRows: [[[Float]]]
    let valueRows: [[[Float]]]
    /// Before rotation.
    let plainQueries: [[[Float]]]
    let plainKeys: [[[Float]]]
    private let specs: [String]
    private let shape: ModelShape
    let lower: [PlainLayer]
    /// Period of the selection that takes keys to other places.
    var keyPeriod = 1

    /// Every layer of a run with rotary positions.
    static func layers(_ recording: Recording, _ specs: [String]) -> [PlainLayer] {
        (0..<recording.shape.layers).reduce(into: []) { below, layer in
            below.append(PlainLayer(recording, specs, layer: layer, lower: below))
        }
    }

    private init(_ recording: Recording, _ specs: [String], layer: Int, lower: [PlainLayer]) {
        func turned(_ states: [[Float]]) -> [[Float]] {
            states.enumerated().map { Self.turned($1, at: $0, specs, recording.shape) }
        }
        let tokens = 0..<recording.tokens
        plainQueries = (0..<recording.shape.heads).map { head in
            tokens.map { Array(recording.query(layer: layer, head: head, token: $0) ?? []) }
        }
        plainKeys = (0..<recording.shape.keyValueHeads).map { head in
            tokens.map { Array(recording.key(layer: layer, keyValueHead: head, token: $0) ?? []) }
        }
        queries = plainQueries.map(turned)
        keyRows = plainKeys.map(turned)
        self.specs = specs
        shape = recording.shape
        valueRows = (0..<recording.shape.keyValueHeads).map { head in
            tokens.map { Array(recording.value(layer: layer, keyValueHead: head, token: $0) ?? []) }
        }
        self.lower = lower
    }

    var tokens: Int { keyRows[0].count }
    var heads: Int { queries.count }
    var keyHeads: Int { keyRows.count }
    var dimension: Int { queries[0][0].count }
    func keyHead(_ head: Int) -> Int { head / (heads / keyHeads) }

    private static func turned(_ state: [Float], at place: Int, _ specs: [String], _ shape: ModelShape) -> [Float] {
        LayerReference.turned(state.map(Double.init), position: place, specs, shape).map { Float($0) }
    }

    var pieces: Int { 1 }
    func keys(of query: Int, piece: Int) -> Range<Int> { 0..<Int.max }
    func query(_ token: Int, head: Int, piece: Int) -> [Float] { queries[head][token] }
    func keys(_ keys: Range<Int>, keyHead: Int, piece: Int) -> [Float] { keys.flatMap { keyRows[keyHead][$0] } }
    func query(_ token: Int, head: Int, at place: Int) -> [Float] {
        Self.turned(plainQueries[head][token], at: place, specs, shape)
    }
    func keys(_ keys: Range<Int>, keyHead: Int, at place: Int, movingOn: Bool) -> [Float] {
        keys.flatMap { key in
            let position = movingOn ? place + key - keys.lowerBound : place
            return Self.turned(plainKeys[keyHead][key], at: position, specs, shape)
        }
    }
    func scale(of query: Int) -> Double { 1 / Double(dimension).squareRoot() }
    func value(_ token: Int, keyHead: Int) -> [Float] { valueRows[keyHead][token] }
    func states(ofLayer layer: Int) -> (any LayerStates)? { lower.indices.contains(layer) ? lower[layer] : nil }

    func scores(query: Int, head: Int, keys: Range<Int>) -> [Float] {
        keys.map { Float(score(queries[head][query], keyRows[keyHead(head)][$0])) }
    }

    func scores(query: Int, head: Int, keys: KeyRanges, places: [PlacedKeys]) -> [Float] {
        keys.ranges.flatMap { $0 }.map { Float(score(query, head: head, key: $0, places: places)) }
    }

    /// At the distance that the place of the query says, where one is said.
    func score(_ query: Int, head: Int, key: Int, places: [PlacedKeys]) -> Double {
        let keyHead = keyHead(head)
        guard let placed = places.first(where: { $0.keys.contains(key) }) else {
            return score(queries[head][query], keyRows[keyHead][key])
        }
        let distance = placed.distance(to: key, period: keyPeriod)
        return score(self.query(query, head: head, at: distance), plainKeys[keyHead][key])
    }

    func score(_ query: [Float], _ key: [Float]) -> Double {
        var sum = 0.0
        for i in query.indices { sum += Double(query[i]) * Double(key[i]) }
        return sum / Double(query.count).squareRoot()
    }

    /// The choices of all queries of a head, each head asked for itself, whoever shares them.
    func choices(_ selection: any StateSelection, layer: Int, head: Int, of layers: Int) -> [KeyRanges] {
        keyChoices(selection, layer: layer, head: head, of: layers).map(\.keys)
    }

    /// The same with what is added to the scores of some keys.
    func keyChoices(_ selection: any StateSelection, layer: Int, head: Int, of layers: Int) -> [KeyChoice] {
        let group = heads / keyHeads
        let first: Int =
            switch selection.sharing {
            case .head: head
            case .group: head / group * group
            case .layer: 0
            }
        var selector = selection.selector(
            for: HeadPlace(layer: layer, head: first, layers: layers, heads: heads), states: self)
        return (0..<tokens).map { _ in selector.next() }
    }

    /// Attention of one query over the keys that `visible` holds, from given keys and values of its head.
    /// - Parameters:
    ///   - places: where the query stands to keys that are elsewhere than in the text
    ///   - additions: to scores of keys
    func attention(
        _ query: Int, head: Int, visible: (Int) -> Bool, keys: [[Float]]? = nil, values: [[Float]]? = nil,
        places: [PlacedKeys] = [], additions: [KeyAddition] = []
    ) -> PlainAttention {
        let keys = keys ?? keyRows[keyHead(head)]
        let values = values ?? valueRows[keyHead(head)]
        let scores = (0...query).map { score(queries[head][query], keys[$0]) }
        let masked = scores.indices.map { key in
            guard visible(key) else { return -Double.infinity }
            let read = places.isEmpty ? scores[key] : score(query, head: head, key: key, places: places)
            return read + Double(additions.first { $0.keys.contains(key) }?.value ?? 0)
        }
        let highest = masked.max() ?? 0
        let sum = masked.reduce(0) { $0 + exp($1 - highest) }
        let weights = masked.map { exp($0 - highest) / sum }
        var output = [Double](repeating: 0, count: dimension)
        for (key, weight) in weights.enumerated() {
            for i in output.indices { output[i] += weight * Double(values[key][i]) }
        }
        let full = scores.max() ?? 0
        let fullSum = scores.reduce(0) { $0 + exp($1 - full) }
        return PlainAttention(
            weights: weights, logSumExp: highest + log(sum), fullLogSumExp: full + log(fullSum), output: output)
    }
}

/// What one query reads.
struct PlainAttention {
    let weights: [Double]
    let logSumExp: Double
    /// As if nothing were hidden.
    let fullLogSumExp: Double
    let output: [Double]

    /// |this − other| / |other|
    func error(from other: PlainAttention) -> Double {
        let difference = zip(output, other.output).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (difference / other.output.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
}

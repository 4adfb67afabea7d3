import Foundation
import RopewalkKernels
import RopewalkMethods

/// One layer's states as a selection sees them, of a run or of a recording. One thread at a time may ask.
final class TurnedStates: LayerStates {
    private let setup: RunSetup
    private let layer: Int
    private let shape: ModelShape
    private let keyStore: [TurnedKeys]
    private let count: () -> Int
    /// Before rotation, [dimension].
    private let queryState: (_ token: Int, _ head: Int) -> [Float]
    private let valueState: (_ token: Int, _ keyHead: Int) -> [Float]
    private let lower: (_ layer: Int) -> (any LayerStates)?
    private lazy var placeTurning = setup.encoding(layer: layer)?.pieces[0].queries

    init(
        setup: RunSetup, layer: Int, shape: ModelShape, keys: [TurnedKeys], count: @escaping () -> Int,
        query: @escaping (Int, Int) -> [Float], value: @escaping (Int, Int) -> [Float],
        lower: @escaping (Int) -> (any LayerStates)?
    ) {
        self.setup = setup
        self.layer = layer
        self.shape = shape
        keyStore = keys
        self.count = count
        queryState = query
        valueState = value
        self.lower = lower
    }

    var tokens: Int { count() }
    var heads: Int { shape.heads }
    var keyHeads: Int { shape.keyValueHeads }
    var dimension: Int { shape.headDimension }

    private var positions: PositionTables { setup.positions(layer) }

    /// A compressed cache splits each way of scoring; what chooses looks at exact keys, so both parts are alike to it.
    var pieces: Int { positions.pieces.count }

    func keys(of query: Int, piece: Int) -> Range<Int> { positions.pieces[piece].range?(query) ?? 0..<Int.max }

    func query(_ token: Int, head: Int, piece: Int) -> [Float] {
        positions.pieces[piece].queries.rotated(queryState(token, head), position: token)
    }

    func keys(_ keys: Range<Int>, keyHead: Int, piece: Int) -> [Float] {
        let slot = positions.pieces[piece].slot % positions.keys.count
        var result: [Float] = []
        result.reserveCapacity(keys.count * dimension)
        for token in keys { result += keyStore[keyHead].key(token, slot: slot) }
        return result
    }

    func query(_ token: Int, head: Int, at place: Int) -> [Float] { turned(queryState(token, head), to: place) }

    func keys(_ keys: Range<Int>, keyHead: Int, at place: Int, movingOn: Bool) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(keys.count * dimension)
        for token in keys {
            let position = movingOn ? place + token - keys.lowerBound : place
            result += turned(keyStore[keyHead].plainKey(token), to: position)
        }
        return result
    }

    /// A state before rotation, turned by the scenario's frequencies; angles are float32 products as in its tables.
    private func turned(_ state: [Float], to place: Int) -> [Float] {
        guard let frequencies = placeTurning?.inverseFrequencies else { return state }
        var result = state
        let factor = Float(placeTurning?.factor ?? 1)
        for (i, frequency) in frequencies.enumerated() {
            let angle = Double(Float(frequency) * Float(place))
            let (c, s) = (Float(cos(angle)) * factor, Float(sin(angle)) * factor)
            let (a, b) = (state[i], state[i + frequencies.count])
            result[i] = a * c - b * s
            result[i + frequencies.count] = b * c + a * s
        }
        return result
    }

    func scale(of query: Int) -> Double {
        let scales = positions.queryScales
        return Double(setup.layerTraits[layer].scoreScale) * (scales.isEmpty ? 1 : Double(scales[query]))
    }

    func value(_ token: Int, keyHead: Int) -> [Float] { valueState(token, keyHead) }

    func scores(query: Int, head: Int, keys: Range<Int>) -> [Float] { scores(query: query, head: head, ranges: [keys]) }
    func scores(query: Int, head: Int, keys: KeyRanges) -> [Float] {
        scores(query: query, head: head, ranges: keys.ranges)
    }

    func scores(query: Int, head: Int, keys: KeyRanges, places: [PlacedKeys]) -> [Float] {
        scores(query: query, head: head, ranges: keys.ranges, places: places)
    }

    private func scores(query: Int, head: Int, ranges: [Range<Int>], places: [PlacedKeys] = []) -> [Float] {
        var rule = setup.rules[layer]
        if !places.isEmpty { rule.places = KeyPlaces { _, _ in places.map { ($0.keys, $0.place) } } }
        return keyStore[head / shape.groupSize].scores(
            state: { queryState(query, head) }, place: query, head: head, scale: setup.layerTraits[layer].scoreScale,
            rule: rule, keys: ranges)
    }

    func states(ofLayer layer: Int) -> (any LayerStates)? { lower(layer) }
}

extension Recording {
    /// A layer's states under a setup, turned when they are asked for.
    /// - Parameter compressed: all keys as the setup's compressed cache gives them back, turned, for every way of turning;
    ///   asked only where there is such a cache
    package func states(
        layer: Int, setup: RunSetup, compressed: @escaping (_ layer: Int, _ keyHead: Int) -> [[KeyTile]]
    ) -> any LayerStates {
        TurnedStates(
            setup: setup, layer: layer, shape: shape,
            keys: (0..<shape.keyValueHeads).map { head in
                TurnedKeys(
                    keyTiles(layer: layer, keyValueHead: head, tokens: 0..<tokens), dimension: shape.headDimension,
                    positions: setup.positions(layer), compressed: { compressed(layer, head) })
            },
            count: { tokens }, query: { Array(query(layer: layer, head: $1, token: $0) ?? []) },
            value: { Array(value(layer: layer, keyValueHead: $1, token: $0) ?? []) },
            lower: { 0..<layer ~= $0 ? states(layer: $0, setup: setup, compressed: compressed) : nil })
    }
}

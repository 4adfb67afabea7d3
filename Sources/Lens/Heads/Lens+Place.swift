import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// What one head gives some keys from one query.
package struct PlaceShare: Equatable, Sendable {
    /// After softmax, summed over the keys, 0 to 1.
    package let weight: Float
    /// What the keys add to the head's output, by its length: Σ weight · |value| over them, of the same over all keys.
    ///
    /// 0 to 1. A sink that a head only rests on has a high weight and a short value.
    package let byValue: Float

    package init(weight: Float, byValue: Float) {
        self.weight = weight
        self.byValue = byValue
    }
}

extension Lens {
    /// The weight that every head gives some keys from one query, layer by layer. [layer · head]
    ///
    /// From the recorded sums, so that no row is computed; nil for a preview, which does not know them, and where the
    /// query or a key is not recorded or comes later than the query sees.
    package func placeWeights(query: Int, keys: Range<Int>) -> [Float]? {
        guard (0..<shape.layers).allSatisfy(knowsSums), hasPlace(query: query, keys: keys) else { return nil }
        return workers.map(shape.layers * shape.heads) { index in
            recordedWeight(
                layer: index / shape.heads, head: index % shape.heads, query: query, keys: keys)
        }
    }

    /// The same of one layer with whole rows, which says how much of the output it is too; nil where rows cannot be had.
    /// [head]
    package func placeShares(layer: Int, query: Int, keys: Range<Int>) -> [PlaceShare]? {
        guard hasPlace(query: query, keys: keys), (0..<shape.layers).contains(layer) else { return nil }
        let lengths = workers.map(shape.keyValueHeads) {
            valueLengths(layer: layer, keyValueHead: $0, query: query)
        }
        var shares: [PlaceShare] = []
        for head in 0..<shape.heads {
            guard recording.holds(layer: layer, head: head) else {
                shares.append(PlaceShare(weight: .nan, byValue: .nan))
                continue
            }
            guard let row = row(layer: layer, head: head, query: query) else { return nil }
            let added = ValueWeights(row.weights, values: lengths[keyValueHead(of: head)]).shares
            shares.append(
                PlaceShare(weight: row.weights[keys].reduce(0, +), byValue: added[keys].reduce(0, +)))
        }
        return shares
    }

    /// What every key adds to a head's output: weight · |value| of the same over all keys; empty where the row cannot be
    /// had. [key]
    package func valueShares(layer: Int, head: Int, query: Int) -> [Float] {
        row(layer: layer, head: head, query: query).map(valueShares) ?? []
    }

    /// The same of a row that is there already. [key]
    package func valueShares(of row: AttentionRow) -> [Float] {
        let lengths = valueLengths(
            layer: row.layer, keyValueHead: keyValueHead(of: row.head), query: row.query)
        return ValueWeights(row.weights, values: lengths).shares
    }

    private func hasPlace(query: Int, keys: Range<Int>) -> Bool {
        hasWholeModel && (0..<shape.layers).contains(where: recording.hasAttention)
            && (0..<recording.tokens).contains(query) && !keys.isEmpty && keys.lowerBound >= 0
            && keys.upperBound <= keyEnd(query)
    }

    /// exp(score − log-sum-exp), summed over the keys that the query sees; NaN in layers without softmax attention, and of
    /// heads that are not recorded.
    func recordedWeight(layer: Int, head: Int, query: Int, keys: Range<Int>) -> Float {
        guard recording.hasAttention(layer: layer), recording.holds(layer: layer, head: head) else { return .nan }
        guard let (chunk, row) = recording.place(of: query) else { return 0 }
        let attention = chunk.layers[layer].attention
        let place = head * chunk.tokens.count + row
        if let given = recording.given {
            return given.weights(layer: layer, head: head, query: query, keys: keys).reduce(0, +)
        }
        let tiles = recording.keyTiles(
            layer: layer, keyValueHead: keyValueHead(of: head), tokens: keys,
            global: recording.isGlobal(query: query))
        let first = keys.lowerBound / tileSize * tileSize
        let scores = scoreRows(layer: layer, head: head, queries: [query])
            .scores(with: tiles, compressed: compressedTiles(layer: layer, head: head))
            .copy(row: 0, columns: keys.lowerBound - first..<keys.upperBound - first)
        let sight = SeenKeys(self, query: query, layer: layer, head: head, attention: attention, place: place)
        return zip(keys, scores).reduce(0) { sum, pair in
            sight.sees(pair.0, score: pair.1) ? sum + weight(pair.1, attention.logSumExp[place]) : sum
        }
    }

    /// |value| of every key that a query could see, before the head's output projection; NaN where maps alone are given. [key]
    package func valueLengths(layer: Int, keyValueHead: Int, query: Int) -> [Float] {
        let end = keyEnd(query)
        guard recording.given == nil else { return Array(repeating: .nan, count: end) }
        var lengths = recording.valueLengths(
            layer: layer, keyValueHead: keyValueHead, tokens: end, global: recording.isGlobal(query: query))
        if let compressed, let compression = setup.compression {
            // What lies far enough behind the query comes from the compressed cache.
            let values = compressed.values(layer: layer, keyHead: keyValueHead)
            let d = shape.headDimension
            for key in 0..<min(end, compression.firstExactValue(cached: query)) {
                lengths[key] = values[key * d..<(key + 1) * d].reduce(0) { $0 + $1 * $1 }.squareRoot()
            }
        }
        return lengths
    }
}

/// Which keys a recorded query sees in a head, worked out once for many of them.
private struct SeenKeys {
    /// Nil where it sees all.
    private let visible: KeyRanges?
    /// What a selection keeps whatever its score, and its cut; nil without one.
    private let selected: (fixed: KeyRanges, cut: ScoreSelection.Cut)?

    init(_ lens: Lens, query: Int, layer: Int, head: Int, attention: AttentionSummary, place: Int) {
        guard !lens.setup.isDense(layer: layer, head: head) else {
            (visible, selected) = (nil, nil)
            return
        }
        let visible = lens.visibleKeys(query, layer: layer, head: head)
        self.visible = visible
        selected =
            lens.scenario.selection == nil
            ? nil
            : (
                lens.fixedKeys(query, visible: visible),
                ScoreSelection.Cut(threshold: attention.threshold[place], lastTie: Int(attention.lastTie[place]))
            )
    }

    func sees(_ key: Int, score: Float) -> Bool {
        guard let visible else { return true }
        guard visible.contains(key) else { return false }
        return selected.map { $0.fixed.contains(key) || $0.cut.keeps(score, key: key) } ?? true
    }
}

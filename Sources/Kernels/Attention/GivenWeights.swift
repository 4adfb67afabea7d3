import Foundation

/// Maps of weights that another program has computed: a tensor a layer, [head, query, key], read where it lies.
///
/// There are no queries and keys behind them: what is shown are the weights as they are given.
package struct GivenWeights: Sendable {
    /// Of a layer that is not given, nil. All others have the same sizes.
    private let layers: [FileTensor?]
    package let heads: Int
    package let queries: Int
    package let keys: Int

    /// Nil where the layers have different sizes, or none is given.
    package init?(_ layers: [FileTensor?]) {
        guard let first = layers.lazy.compactMap({ $0 }).first else { return nil }
        (heads, queries, keys) = (first.heads.count, first.rows, first.width)
        for case let layer? in layers {
            guard layer.heads == 0..<heads, layer.rows == queries, layer.width == keys else { return nil }
        }
        self.layers = layers
    }

    /// Those of one query for some keys; 0 in layers that are not given. [key − first]
    package func weights(layer: Int, head: Int, query: Int, keys range: Range<Int>) -> [Float] {
        [Float](unsafeUninitializedCapacity: range.count) { buffer, count in
            if let target = buffer.baseAddress { copy(layer: layer, head: head, query: query, range, to: target) }
            count = range.count
        }
    }

    private func copy(
        layer: Int, head: Int, query: Int, _ range: Range<Int>, to target: UnsafeMutablePointer<Float>
    ) {
        // Layers, heads, queries and keys are those of the recording that stands on these maps.
        precondition(range.lowerBound >= 0 && range.upperBound <= keys)
        guard let tensor = layers[layer] else {
            target.update(repeating: 0, count: range.count)
            return
        }
        tensor.widen(head: head, row: query, column: range.lowerBound, count: range.count, to: target)
    }

    /// Whole rows as they are given, up to a key. [row, tile · tileSize]: 0 from `end` on
    package func rows(layer: Int, head: Int, queries: [Int], keys end: Int, workers: Workers) -> Matrix {
        let end = min(end, keys)
        let tiles = max(1, (end + tileSize - 1) / tileSize)
        let result = Matrix(rows: max(1, queries.count), columns: tiles * tileSize)
        workers.forEach(queries.count) { row in
            copy(layer: layer, head: head, query: queries[row], 0..<end, to: result.row(row))
        }
        return result
    }

    /// ln of the weights of some tiles of keys, −∞ for 0. [row, tile · tileSize]
    func logarithms(layer: Int, head: Int, queries: [Int], tiles: [Int], workers: Workers) -> Matrix {
        let result = Matrix(
            rows: max(1, queries.count), columns: max(1, tiles.count) * tileSize, filling: -.infinity)
        workers.forEach(queries.count) { row in
            let target = result.row(row)
            for (place, tile) in tiles.enumerated() {
                let range = (tile * tileSize..<(tile + 1) * tileSize).clamped(to: 0..<keys)
                guard !range.isEmpty else { continue }
                let start = target + place * tileSize
                copy(layer: layer, head: head, query: queries[row], range, to: start)
                for i in 0..<range.count { start[i] = start[i] > 0 ? logf(start[i]) : -.infinity }
            }
        }
        return result
    }

    /// Calls `body` with every row of a head as the file has it, in their order, until it says no.
    func forEachRow(layer: Int, head: Int, _ body: (_ query: Int, _ row: UnsafePointer<Float>) -> Bool) {
        guard let tensor = layers[layer] else { return }
        let row = Matrix(rows: 1, columns: max(1, keys), filling: nil)
        for query in 0..<queries {
            tensor.copy(head: head, row: query, count: keys, to: row.base)
            guard body(query, row.base) else { return }
        }
    }

    /// Whether a layer is given.
    package func has(layer: Int) -> Bool { layers.indices.contains(layer) && layers[layer] != nil }

    /// How many layers there are, given or not.
    package var layerCount: Int { layers.count }
}

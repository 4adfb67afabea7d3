import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// Weights that may be below 0, of some queries of a head.
struct SignedWeights {
    /// As values are weighed by them. [row, tile · tileSize]
    let weights: Matrix
    /// |weight| / Σ |weight| of the row. [row, tile · tileSize]
    let shares: Matrix
    /// What the products of each row were divided by, without what their features share.
    let divisors: [Double]
    let products: SignedRows

    init(_ map: SignedFeatures, lens: Lens, layer: Int, head: Int, queries: [Int]) {
        let recording = lens.recording
        let keyHead = lens.keyValueHead(of: head)
        let end = lens.keyEnd(queries.max() ?? 0)
        products = SignedRows(
            map, keyHead: keyHead, tiles: recording.keyTiles(layer: layer, keyValueHead: keyHead, tokens: 0..<end),
            states: queries.flatMap { recording.query(layer: layer, head: head, token: $0) ?? [] }, places: queries,
            scale: lens.setup.layerTraits[layer].scoreScale, positions: lens.setup.positions(layer),
            workers: lens.workers)
        let weights = products.products
        divisors = lens.workers.map(queries.count) { row in
            var square = 0.0
            if map.normaliser == .rootMeanSquare {
                let output = recording.weightedValues(
                    layer: layer, keyValueHead: keyHead, weights: weights, row: row, keys: lens.keyEnd(queries[row]))
                square = output.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, output.count))
            }
            let divisor = map.divisor(
                sum: weights.signedSum(row: row), square: square,
                decayed: map.decayed(keyHead: keyHead, query: queries[row]))
            weights.scaleRow(row, by: divisor == 0 ? 0 : Float(1 / divisor))
            return divisor
        }
        self.weights = weights
        shares = weights.shares()
    }
}

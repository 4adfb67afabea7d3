import CRopewalkKernels

/// The scores of one key with many queries.
package enum ScoreColumn {
    /// The scaled scores of `count` queries that follow each other from a tile's first position.
    /// - Parameters:
    ///   - key: turned, [dimension]
    ///   - queries: before rotation, [query, dimension], from `offset` on
    ///   - tile: the tile whose positions the queries have
    package static func scores(
        key: [Float], queries: RecordedNumbers, offset: Int, count: Int, tile: Int, scale: Float, table: RotaryTable
    ) -> [Float] {
        let d = key.count
        // Callers go tile by tile through the queries of a chunk.
        precondition(count <= tileSize && offset + count * d <= queries.count)
        let packed = Matrix(rows: d, columns: tileSize)
        let turned = Matrix(rows: d, columns: tileSize)
        queries.with(offset..<offset + count * d) { ck_pack_tile($0, d, count, d, packed.base) }
        table.rotateTile(packed.base, tile: tile, dimension: d, to: turned.base)
        // Scaled where a run scales them, so that the scores are its own to the bit.
        for i in 0..<d * tileSize { turned.base[i] *= scale }
        let scores = Matrix(rows: 1, columns: tileSize)
        ck_scores(key, 1, turned.base, d, scores.base)
        return scores.copy(row: 0, columns: 0..<count)
    }
}

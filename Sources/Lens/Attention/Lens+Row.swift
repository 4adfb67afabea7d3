import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkModels

func expFloat(_ x: Float) -> Float { expf(x) }

extension Lens {
    /// What a query reads; nil where it is not recorded yet, or where a preview would have to replay too many queries.
    ///
    /// Layers, heads and tokens count from 0.
    public func row(layer: Int, head: Int, query: Int) -> AttentionRow? {
        rows(layer: layer, head: head, queries: [query]).first
    }

    /// What some queries read, in their order; empty where one of them is not recorded yet. All rows are in memory
    /// at once.
    package func rows(layer: Int, head: Int, queries: [Int]) -> [AttentionRow] {
        guard let rows = FullRows(self, layer: layer, head: head, queries: queries) else { return [] }
        return queries.enumerated().map { row, query in
            AttentionRow(
                layer: layer, head: head, query: query,
                weights: rows.weights.copy(row: row, columns: 0..<keyEnd(query)),
                logSumExp: rows.logSumExp[row],
                signedWeights: rows.signed?.copy(row: row, columns: 0..<keyEnd(query)), provenance: provenance)
        }
    }

    /// The score of a query and a key, split over the subspaces; nil where one is not recorded or out of reach, and of given
    /// maps, which have no scores.
    ///
    /// Layers, heads and tokens count from 0. Out of reach are later tokens of a decoder.
    public func pair(layer: Int, head: Int, query: Int, key: Int) -> PairScore? {
        guard has(layer: layer, head: head, token: query), key >= 0, key < keyEnd(query),
            let row = FullRows(self, layer: layer, head: head, queries: [query])
        else { return nil }
        return pair(
            layer: layer, head: head, query: query, key: key,
            weight: row.weights.copy(row: 0, columns: key..<key + 1)[0])
    }

    /// The same with a weight that is known already.
    package func pair(layer: Int, head: Int, query: Int, key: Int, weight: Float) -> PairScore? {
        let isGlobal = recording.isGlobal(query: query)
        guard has(layer: layer, head: head, token: query), key >= 0, key < keyEnd(query),
            let queryState = recording.query(layer: layer, head: head, token: query),
            let keyState = recording.key(
                layer: layer, keyValueHead: keyValueHead(of: head), token: key, global: isGlobal)
        else { return nil }
        let positions = setup.positions(layer)
        let piece = positions.pieces[positions.piece(query: query, key: key)]
        let scale =
            setup.layerTraits[layer].scoreScale * (positions.queryScales.isEmpty ? 1 : positions.queryScales[query])
        let placed = places(query, layer: layer, head: head).first { $0.keys.contains(key) }
        let q = piece.queries.rotated(Array(queryState), position: placed?.place ?? query).map { $0 * scale }
        let slot = piece.slot + (placed == nil ? 0 : positions.folded ?? 0)
        let k = turnedKey(keyState, layer: layer, head: head, key: key, slot: slot)
        let encoding = setup.encoding(layer: layer)
        // Where keys are taken to stand elsewhere, the distance decides about the angle.
        let apart = placed.map { $0.distance(to: key, period: setup.stateSelection(layer)?.keyPeriod ?? 1) }
        let half = piece.queries.subspaces
        let shares = (0..<half).map { i in
            PairScore.Share(
                subspace: i, angle: encoding?.angle(i, query: query, key: apart.map { query - $0 } ?? key) ?? 0,
                amplitude: hypotf(q[i], q[i + half]) * hypotf(k[i], k[i + half]),
                contribution: q[i] * k[i] + q[i + half] * k[i + half])
        }
        // Dimensions that do not turn are part of the score, and of no subspace.
        let unturned = (2 * half..<q.count).reduce(Float(0)) { $0 + q[$1] * k[$1] }
        return PairScore(
            query: query, key: key, score: score(layer: layer, head: head, query: query, key: key),
            weight: weight > 0 || isVisible(layer: layer, head: head, query: query, key: key) ? weight : nil,
            shares: shares, unturned: unturned, provenance: provenance)
    }

    /// A key as a score is made of it: turned, or as the compressed cache gives it back.
    private func turnedKey(_ state: [Float], layer: Int, head: Int, key: Int, slot: Int) -> [Float] {
        let tables = setup.positions(layer).keys
        guard slot >= tables.count, let compressed else { return tables[slot].rotated(state, position: key) }
        return compressed.tiles(layer: layer, keyHead: keyValueHead(of: head))[slot - tables.count][key / tileSize]
            .key(key % tileSize, dimension: shape.headDimension)
    }

    /// The scaled score of a pair, with what the layer makes of it before the softmax. Both must be recorded.
    func score(layer: Int, head: Int, query: Int, key: Int) -> Float {
        let tiles = recording.keyTiles(
            layer: layer, keyValueHead: keyValueHead(of: head), tokens: key..<key + 1,
            global: recording.isGlobal(query: query))
        let scores = scoreRows(layer: layer, head: head, queries: [query]).scores(
            with: tiles, compressed: compressedTiles(layer: layer, head: head))
        return scores.copy(row: 0, columns: key % tileSize..<key % tileSize + 1)[0]
    }

    /// Whether the scenario lets a query see a key.
    package func isVisible(layer: Int, head: Int, query: Int, key: Int) -> Bool {
        reason(layer: layer, head: head, query: query, key: key)?.isVisible ?? false
    }

    /// The queries that give a key the highest weight, highest first.
    ///
    /// Only for an exact lens: a preview does not know the sums of the other queries. Layers, heads and tokens count
    /// from 0.
    public func topQueries(layer: Int, head: Int, key: Int, count: Int) -> [WeightedToken] {
        guard let column = column(layer: layer, head: head, key: key) else { return [] }
        return TopTokens.highest(count, in: column.weights, firstIndex: column.first)
    }

    /// exp(score − ln Σ exp). Sums of files may be anything: no weight of a softmax is above 1.
    func weight(_ score: Float, _ sum: Float) -> Float {
        let weight = expf(score - sum)
        return weight <= 2 || !recording.isStored ? weight : 1
    }
}

import Foundation
import Kernels
import Methods
import Models

func expFloat(_ x: Float) -> Float { expf(x) }

extension Lens {
    /// What a query reads; nil where it is not recorded yet.
    public func row(layer: Int, head: Int, query: Int) -> AttentionRow? {
        rows(layer: layer, head: head, queries: [query]).first
    }

    /// What some queries read, in their order; empty where one of them is not recorded yet. All rows are in memory
    /// at once.
    public func rows(layer: Int, head: Int, queries: [Int]) -> [AttentionRow] {
        guard let rows = FullRows(self, layer: layer, head: head, queries: queries) else { return [] }
        return queries.enumerated().map { row, query in
            AttentionRow(
                layer: layer, head: head, query: query, weights: rows.weights.copy(row: row, columns: 0..<query + 1),
                logSumExp: rows.logSumExp[row], provenance: Provenance(basis: basis))
        }
    }

    /// The score of a query and a key, split over the subspaces; nil where one is not recorded or the key comes later.
    public func pair(layer: Int, head: Int, query: Int, key: Int) -> PairScore? {
        guard key >= 0, key <= query, let row = FullRows(self, layer: layer, head: head, queries: [query]) else {
            return nil
        }
        return pair(
            layer: layer, head: head, query: query, key: key,
            weight: row.weights.copy(row: 0, columns: key..<key + 1)[0])
    }

    /// The same with a weight that is known already.
    public func pair(layer: Int, head: Int, query: Int, key: Int, weight: Float) -> PairScore? {
        guard key >= 0, key <= query, has(layer: layer, head: head, token: query),
            let queryState = recording.query(layer: layer, head: head, token: query),
            let keyState = recording.key(layer: layer, keyValueHead: keyValueHead(of: head), token: key)
        else { return nil }
        let q = table.rotated(Array(queryState), position: query).map { $0 * shape.scoreScale }
        let k = table.rotated(keyState, position: key)
        let rotation = scenario.position.rotation(in: shape.rotaryContext(tokens: recording.ids.count))
        let half = table.subspaces
        let shares = (0..<half).map { i in
            PairScore.Share(
                subspace: i, angle: rotation.angle(i, distance: query - key),
                amplitude: hypotf(q[i], q[i + half]) * hypotf(k[i], k[i + half]),
                contribution: q[i] * k[i] + q[i + half] * k[i + half])
        }
        // Dimensions that do not turn are part of the score, and of no subspace.
        let rest = (2 * half..<q.count).reduce(Float(0)) { $0 + q[$1] * k[$1] }
        return PairScore(
            query: query, key: key, score: shares.reduce(rest) { $0 + $1.contribution },
            weight: weight > 0 || isVisible(layer: layer, head: head, query: query, key: key) ? weight : nil,
            shares: shares, provenance: Provenance(basis: basis))
    }

    /// Whether the scenario lets a query see a key.
    public func isVisible(layer: Int, head: Int, query: Int, key: Int) -> Bool {
        reason(layer: layer, head: head, query: query, key: key)?.isVisible ?? false
    }

    /// The queries that give a key the highest weight, highest first. Only for an exact lens: a preview does not know
    /// the sums of the other queries.
    public func topQueries(layer: Int, head: Int, key: Int, count: Int) -> [WeightedToken] {
        guard basis == .exact, has(layer: layer, head: head, token: key),
            let state = recording.key(layer: layer, keyValueHead: keyValueHead(of: head), token: key)
        else { return [] }
        let turned = table.rotated(state, position: key)
        let chunks = recording.chunks.filter { $0.tokens.upperBound > key }
        let columns = workers.map(chunks.count) { place in
            columnWeights(of: chunks[place], layer: layer, head: head, key: key, turned: turned)
        }
        let first = chunks.first?.tokens.lowerBound ?? 0
        return TopTokens.highest(count, in: columns.flatMap { $0 }, firstIndex: first)
    }

    /// The weights that the queries of a chunk give a key.
    private func columnWeights(
        of chunk: RecordedChunk, layer: Int, head: Int, key: Int, turned: [Float]
    ) -> [Float] {
        let recorded = chunk.layers[layer]
        let d = shape.headDimension
        var weights: [Float] = []
        for start in stride(from: 0, to: chunk.tokens.count, by: tileSize) {
            let count = min(tileSize, chunk.tokens.count - start)
            let scores = ScoreColumn.scores(
                key: turned, queries: recorded.queries, offset: (head * chunk.tokens.count + start) * d, count: count,
                tile: (chunk.tokens.lowerBound + start) / tileSize, scale: shape.scoreScale, table: table)
            for (i, score) in scores.enumerated() {
                let place = head * chunk.tokens.count + start + i
                let query = chunk.tokens.lowerBound + start + i
                let isSeen = query >= key && sees(query, key, score: score, attention: recorded.attention, place: place)
                weights.append(isSeen ? expf(score - recorded.attention.logSumExp[place]) : 0)
            }
        }
        return weights
    }

    /// Whether a recorded query sees a key, from the cut that the run noted.
    func sees(_ query: Int, _ key: Int, score: Float, attention: AttentionSummary, place: Int) -> Bool {
        guard !scenario.isDense else { return key <= query }
        guard visibleKeys(query).contains(key) else { return false }
        guard let selection = scenario.selection else { return true }
        let cut = ScoreSelection.Cut(
            threshold: attention.threshold[place], lastTie: Int(attention.lastTie[place]))
        return selection.fixedKeys(query: query, tokens: recording.ids.count).contains(key)
            || cut.keeps(score, key: key)
    }
}

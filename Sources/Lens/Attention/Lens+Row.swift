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

    /// The weights that the recorded queries from `first` on give a key, those before it none; nil for a preview, and
    /// where the key is not recorded.
    func column(layer: Int, head: Int, key: Int) -> (first: Int, weights: [Float])? {
        guard has(layer: layer, head: head, token: 0), knowsSums(layer: layer), key < recording.keyTokens else {
            return nil
        }
        if let given = recording.given { return givenColumn(given, layer: layer, head: head, key: key) }
        guard let state = recording.key(layer: layer, keyValueHead: keyValueHead(of: head), token: key)
        else { return nil }
        // Positions with several pieces, biases and caps have no column in one product.
        guard let table = setup.positions(layer).onlyTable, rule(layer: layer, head: head).isPlain,
            setup.globals.isEmpty
        else {
            return generalColumn(layer: layer, head: head, key: key)
        }
        let turned = table.rotated(state, position: key)
        let chunks = recording.chunks.filter { $0.tokens.upperBound > (recording.isCausal ? key : -1) }
        let columns = workers.map(chunks.count) { place in
            columnWeights(of: chunks[place], layer: layer, head: head, key: key, turned: turned, table: table)
        }
        return (chunks.first?.tokens.lowerBound ?? 0, columns.flatMap { $0 })
    }

    /// The same of weights that are given.
    private func givenColumn(_ given: GivenWeights, layer: Int, head: Int, key: Int) -> (first: Int, weights: [Float])?
    {
        guard key >= 0 else { return nil }
        let first = recording.isCausal ? key : 0
        let weights = (first..<recording.tokens).map {
            given.weights(layer: layer, head: head, query: $0, keys: key..<key + 1)[0]
        }
        return (first, weights)
    }

    /// The same from the scores of all queries with the tile of the key.
    private func generalColumn(layer: Int, head: Int, key: Int) -> (first: Int, weights: [Float]) {
        let first = recording.isCausal ? key : 0
        if setup.rules[layer].features != nil { return (first, featureColumn(layer: layer, head: head, key: key)) }
        let weights = workers.map(recording.tokens - first) { index -> Float in
            let query = first + index
            guard let (chunk, row) = recording.place(of: query) else { return 0 }
            let attention = chunk.layers[layer].attention
            let place = head * chunk.tokens.count + row
            let score = score(layer: layer, head: head, query: query, key: key)
            let isSeen = sees(query, key, layer: layer, head: head, score: score, attention: attention, place: place)
            return isSeen ? weight(score, attention.logSumExp[place]) : 0
        }
        return (first, weights)
    }

    /// The same a tile of queries at a time: the features of the key's tile are then made once for all of them.
    private func featureColumn(layer: Int, head: Int, key: Int) -> [Float] {
        let first = recording.isCausal ? key : 0
        let tiles = recording.keyTiles(layer: layer, keyValueHead: keyValueHead(of: head), tokens: key..<key + 1)
        let groups = Array(stride(from: first, to: recording.tokens, by: tileSize))
        return workers.map(groups.count) { index -> [Float] in
            let queries = groups[index]..<min(groups[index] + tileSize, recording.tokens)
            let scores = scoreRows(layer: layer, head: head, queries: Array(queries)).scores(with: tiles)
            return queries.enumerated().map { row, query in
                guard let (chunk, inChunk) = recording.place(of: query) else { return 0 }
                let attention = chunk.layers[layer].attention
                let place = head * chunk.tokens.count + inChunk
                let score = scores.copy(row: row, columns: key % tileSize..<key % tileSize + 1)[0]
                let isSeen = sees(
                    query, key, layer: layer, head: head, score: score, attention: attention, place: place)
                return isSeen ? weight(score, attention.logSumExp[place]) : 0
            }
        }.flatMap { $0 }
    }

    /// The weights that the queries of a chunk give a key.
    private func columnWeights(
        of chunk: RecordedChunk, layer: Int, head: Int, key: Int, turned: [Float], table: RotaryTable
    ) -> [Float] {
        let recorded = chunk.layers[layer]
        let d = shape.headDimension
        var weights: [Float] = []
        for start in stride(from: 0, to: chunk.tokens.count, by: tileSize) {
            let count = min(tileSize, chunk.tokens.count - start)
            let scores = ScoreColumn.scores(
                key: turned, queries: recorded.queries, offset: (head * chunk.tokens.count + start) * d, count: count,
                tile: (chunk.tokens.lowerBound + start) / tileSize, scale: setup.layerTraits[layer].scoreScale,
                table: table)
            for (i, score) in scores.enumerated() {
                let place = head * chunk.tokens.count + start + i
                let query = chunk.tokens.lowerBound + start + i
                let isSeen = sees(
                    query, key, layer: layer, head: head, score: score, attention: recorded.attention, place: place)
                weights.append(isSeen ? weight(score, recorded.attention.logSumExp[place]) : 0)
            }
        }
        return weights
    }

    /// exp(score − ln Σ exp). Sums of files may be anything: no weight of a softmax is above 1.
    func weight(_ score: Float, _ sum: Float) -> Float {
        let weight = expf(score - sum)
        return weight <= 2 || !recording.isStored ? weight : 1
    }

    /// Whether a recorded query sees a key, from the cut that the run noted.
    func sees(
        _ query: Int, _ key: Int, layer: Int, head: Int, score: Float, attention: AttentionSummary, place: Int
    ) -> Bool {
        guard key < keyEnd(query) else { return false }
        guard !setup.isDense(layer: layer, head: head) else { return true }
        let visible = visibleKeys(query, layer: layer, head: head)
        guard visible.contains(key) else { return false }
        guard scenario.selection != nil else { return true }
        let cut = ScoreSelection.Cut(
            threshold: attention.threshold[place], lastTie: Int(attention.lastTie[place]))
        return fixedKeys(query, visible: visible).contains(key) || cut.keeps(score, key: key)
    }
}

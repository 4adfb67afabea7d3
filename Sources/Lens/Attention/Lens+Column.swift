import RopewalkKernels
import RopewalkMethods
import RopewalkModels

extension Lens {
    /// The weights that the recorded queries from `first` on give a key, those before it none; nil for a preview, and
    /// where the key is not recorded.
    func column(layer: Int, head: Int, key: Int) -> (first: Int, weights: [Float])? {
        guard let column = KeyColumn(self, layer: layer, head: head, key: key) else { return nil }
        return (column.first, column.weights(of: column.first..<recording.tokens))
    }
}

/// The weights that queries give one key, some queries at a time.
struct KeyColumn: Sendable {
    /// Stretches of queries begin so many tokens after the first, or a multiple of it: products are made in groups, and what
    /// they give must not depend on where a stretch begins.
    static let stretch = 256 * tileSize

    private let lens: Lens
    private let layer: Int
    private let head: Int
    private let key: Int
    private let sight: KeySight
    /// Where one product is all that a score needs: the key as it is turned, and what turns the queries.
    private let plain: (turned: [Float], table: RotaryTable)?
    /// Queries before it give no weight.
    let first: Int

    /// Nil for a preview, and where the key is not recorded.
    init?(_ lens: Lens, layer: Int, head: Int, key: Int) {
        let recording = lens.recording
        guard lens.has(layer: layer, head: head, token: 0), lens.knowsSums(layer: layer), key < recording.keyTokens
        else {
            return nil
        }
        self.lens = lens
        (self.layer, self.head, self.key) = (layer, head, key)
        sight = KeySight(lens, layer: layer, head: head, key: key)
        if recording.given != nil {
            guard key >= 0 else { return nil }
            plain = nil
            first = recording.isCausal ? key : 0
            return
        }
        guard let state = recording.key(layer: layer, keyValueHead: lens.keyValueHead(of: head), token: key) else {
            return nil
        }
        // Positions with several pieces, biases and caps have no column in one product.
        guard let table = lens.setup.positions(layer).onlyTable, lens.rule(layer: layer, head: head).isPlain,
            lens.setup.globals.isEmpty
        else {
            plain = nil
            first = recording.isCausal ? key : 0
            return
        }
        plain = (table.rotated(state, position: key), table)
        first = recording.isCausal ? recording.place(of: key)?.chunk.tokens.lowerBound ?? 0 : 0
    }

    /// The stretches of all recorded queries.
    var stretches: [Range<Int>] {
        stride(from: first, to: lens.recording.tokens, by: Self.stretch).map {
            $0..<min($0 + Self.stretch, lens.recording.tokens)
        }
    }

    /// - Parameter queries: one stretch, or several that follow each other.
    func weights(of queries: Range<Int>) -> [Float] {
        if let given = lens.recording.given {
            return queries.map { given.weights(layer: layer, head: head, query: $0, keys: key..<key + 1)[0] }
        }
        if let plain { return plainWeights(of: queries, plain.turned, plain.table) }
        if lens.setup.rules[layer].features != nil { return featureWeights(of: queries) }
        return generalWeights(of: queries)
    }

    private func plainWeights(of queries: Range<Int>, _ turned: [Float], _ table: RotaryTable) -> [Float] {
        guard !queries.isEmpty else { return [] }
        let (size, chunks) = (lens.recording.chunkSize, lens.recording.chunks)
        let places = queries.lowerBound / size...(queries.upperBound - 1) / size
        return lens.workers.map(places.count) { index in
            let chunk = chunks[places.lowerBound + index]
            return weights(of: chunk.tokens.clamped(to: queries), in: chunk, turned, table)
        }.flatMap { $0 }
    }

    /// The weights that the queries of a chunk give a key.
    private func weights(
        of queries: Range<Int>, in chunk: RecordedChunk, _ turned: [Float], _ table: RotaryTable
    ) -> [Float] {
        let recorded = chunk.layers[layer]
        let d = lens.shape.headDimension
        var weights: [Float] = []
        weights.reserveCapacity(queries.count)
        let inChunk = queries.lowerBound - chunk.tokens.lowerBound..<queries.upperBound - chunk.tokens.lowerBound
        let base = head * chunk.tokens.count
        for start in stride(from: inChunk.lowerBound / tileSize * tileSize, to: inChunk.upperBound, by: tileSize) {
            let count = min(tileSize, chunk.tokens.count - start)
            let scores = ScoreColumn.scores(
                key: turned, queries: recorded.queries, offset: (base + start) * d, count: count,
                tile: (chunk.tokens.lowerBound + start) / tileSize, scale: lens.setup.layerTraits[layer].scoreScale,
                table: table)
            let rows = max(start, inChunk.lowerBound)..<min(start + count, inChunk.upperBound)
            let seen = rows.map {
                sight.sees(
                    chunk.tokens.lowerBound + $0, score: scores[$0 - start], attention: recorded.attention,
                    place: base + $0)
            }
            // Sums that nobody needs are not looked at.
            guard seen.contains(true) else {
                weights += Array(repeating: 0, count: seen.count)
                continue
            }
            let sums = recorded.attention.logSumExp.numbers(base + rows.lowerBound..<base + rows.upperBound)
            for (index, row) in rows.enumerated() {
                weights.append(seen[index] ? lens.weight(scores[row - start], sums[index]) : 0)
            }
        }
        return weights
    }

    /// The same from the scores of all queries with the tile of the key.
    private func generalWeights(of queries: Range<Int>) -> [Float] {
        lens.workers.map(queries.count) { index -> Float in
            let query = queries.lowerBound + index
            guard let (chunk, row) = lens.recording.place(of: query) else { return 0 }
            return weight(
                lens.score(layer: layer, head: head, query: query, key: key), of: query, row: row, in: chunk)
        }
    }

    /// The same a tile of queries at a time: the features of the key's tile are then made once for all of them.
    private func featureWeights(of queries: Range<Int>) -> [Float] {
        let tiles = lens.recording.keyTiles(
            layer: layer, keyValueHead: lens.keyValueHead(of: head), tokens: key..<key + 1)
        let groups = Array(stride(from: queries.lowerBound, to: queries.upperBound, by: tileSize))
        return lens.workers.map(groups.count) { index -> [Float] in
            let group = groups[index]..<min(groups[index] + tileSize, queries.upperBound)
            let scores = lens.scoreRows(layer: layer, head: head, queries: Array(group)).scores(with: tiles)
            return group.enumerated().map { row, query in
                guard let (chunk, inChunk) = lens.recording.place(of: query) else { return 0 }
                let score = scores.copy(row: row, columns: key % tileSize..<key % tileSize + 1)[0]
                return weight(score, of: query, row: inChunk, in: chunk)
            }
        }.flatMap { $0 }
    }

    private func weight(_ score: Float, of query: Int, row: Int, in chunk: RecordedChunk) -> Float {
        let attention = chunk.layers[layer].attention
        let place = head * chunk.tokens.count + row
        return sight.sees(query, score: score, attention: attention, place: place)
            ? lens.weight(score, attention.logSumExp[place]) : 0
    }
}

/// Which recorded queries see a key, from the cut that the run noted; what they have in common is found out once.
struct KeySight: Sendable {
    private let lens: Lens
    private let layer: Int
    private let head: Int
    private let key: Int
    private let isDense: Bool
    private let windows: [any WindowMethod]
    /// Whether windows alone decide.
    private let isOfWindows: Bool

    init(_ lens: Lens, layer: Int, head: Int, key: Int) {
        self.lens = lens
        (self.layer, self.head, self.key) = (layer, head, key)
        let setup = lens.setup
        isDense = setup.isDense(layer: layer, head: head)
        windows = setup.windows(layer: layer, head: head)
        isOfWindows =
            setup.present == nil && setup.stateSelection(layer) == nil && lens.scenario.selection == nil
    }

    /// - Parameter place: of the query among the measures of its chunk
    func sees(_ query: Int, score: Float, attention: AttentionSummary, place: Int) -> Bool {
        guard key < lens.keyEnd(query) else { return false }
        if isDense { return true }
        if isOfWindows {
            return windows.allSatisfy { $0.visibleKeys(query: query, tokens: lens.setup.keys).contains(key) }
        }
        let visible = lens.visibleKeys(query, layer: layer, head: head)
        guard visible.contains(key) else { return false }
        guard lens.scenario.selection != nil else { return true }
        let cut = ScoreSelection.Cut(
            threshold: attention.threshold[place], lastTie: Int(attention.lastTie[place]))
        return lens.fixedKeys(query, visible: visible).contains(key) || cut.keeps(score, key: key)
    }
}

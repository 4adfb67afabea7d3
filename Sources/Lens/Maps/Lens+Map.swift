import RopewalkKernels
import RopewalkMethods
import RopewalkModels

extension Lens {
    /// Dot products that a frame has time for; to choose the highest of them costs several times more.
    private var sampleBudget: Int { scenario.selection == nil ? 1_500_000 : 300_000 }

    /// A window of the map. Exact lenses answer from the recorded blocks or compute every weight; a preview samples
    /// queries where there are too many, and says so.
    package func map(_ request: MapRequest) -> MapImage {
        guard request.rows > 0, request.columns > 0, request.cell > 0,
            has(layer: request.layer, head: request.head, token: 0)
        else {
            let count = max(0, request.rows) * max(0, request.columns)
            return MapImage(request: request, values: Array(repeating: .nan, count: count), provenance: provenance)
        }
        if basis == .exact, !needsSampling(request) {
            let isPooled = isPooled(request)
            let rows =
                isPooled
                ? (0..<request.rows).map { pooledRow(request, $0) }
                : workersFor(request).map(request.rows) { exactRow(request, $0) }
            // Recorded blocks are the run's own numbers.
            return MapImage(
                request: request, values: rows.flatMap { $0 },
                provenance: isPooled && recording.given == nil ? .exact : provenance)
        }
        return sampledMap(request)
    }

    /// Whether the highest weights of so many pairs are asked for that the run did not look at.
    private func needsSampling(_ request: MapRequest) -> Bool {
        // Recordings of other programs may have no blocks.
        if !recording.hasPools(layer: request.layer) { return isAligned(request) }
        return (request.pooling == .max || isSigned(layer: request.layer)) && !recording.hasPairs(layer: request.layer)
            && isAligned(request)
    }

    /// Whether a window of the map is put together from recorded blocks; else every weight is computed.
    package func isPooled(_ request: MapRequest) -> Bool {
        isAligned(request) && !needsSampling(request)
    }

    private func isAligned(_ request: MapRequest) -> Bool {
        let block = recording.poolBlock
        return request.cell % block == 0 && request.firstQuery % block == 0 && request.firstKey % block == 0
    }

    /// Starting a thread costs as much as some ten thousand dot products.
    private func workersFor(_ request: MapRequest) -> Workers {
        request.rows * request.columns * request.cell * request.cell < 200_000 ? Workers(count: 1) : workers
    }

    /// The recorded queries of a row of cells.
    private func queries(_ request: MapRequest, _ row: Int) -> Range<Int> {
        let first = request.firstQuery + row * request.cell
        return (first..<first + request.cell).clamped(to: 0..<recording.tokens)
    }

    /// The keys of a cell.
    private func keys(_ request: MapRequest, _ column: Int) -> Range<Int> {
        let first = request.firstKey + column * request.cell
        return (first..<first + request.cell).clamped(to: 0..<recording.keyTokens)
    }

    /// How many columns of a row of cells hold keys that its last query could see.
    private func visibleColumns(_ request: MapRequest, _ queries: Range<Int>) -> Int {
        guard let last = queries.last, keyEnd(last) > request.firstKey else { return 0 }
        return min(request.columns, (keyEnd(last) - 1 - request.firstKey) / request.cell + 1)
    }

    /// A row of cells put together from recorded blocks.
    private func pooledRow(_ request: MapRequest, _ row: Int) -> [Float] {
        var values = [Float](repeating: .nan, count: request.columns)
        let queries = queries(request, row)
        let columns = visibleColumns(request, queries)
        guard columns > 0 else { return values }
        var sums = [Float](repeating: 0, count: columns)
        let block = recording.poolBlock
        let perCell = request.cell / block
        for start in stride(from: queries.lowerBound, to: queries.upperBound, by: block) {
            guard let (chunk, inChunk) = recording.place(of: start) else { continue }
            let summary = chunk.layers[request.layer].attention
            let base = (request.head * summary.poolRows + inChunk / block) * summary.poolColumns
            let pooled = request.pooling == .max ? summary.pooledMaximum : summary.pooledMass
            let first = request.firstKey / block
            let (low, end) = (max(0, first), min(first + columns * perCell, summary.poolColumns))
            guard low < end else { continue }
            let blocks = pooled.numbers(base + low..<base + end)
            for column in 0..<columns {
                let from = max(low, first + column * perCell)
                let to = min(first + (column + 1) * perCell, end)
                guard from < to else { continue }
                for place in from..<to {
                    let value = blocks[place - low]
                    sums[column] = request.pooling == .max ? max(sums[column], value) : sums[column] + value
                }
            }
        }
        for column in 0..<columns where !keys(request, column).isEmpty {
            let area = Float(queries.count * keys(request, column).count)
            values[column] = request.pooling == .max ? sums[column] : sums[column] / area
        }
        return values
    }

    /// A row of cells with every weight computed from the recorded sums.
    private func exactRow(_ request: MapRequest, _ row: Int) -> [Float] {
        var values = [Float](repeating: .nan, count: request.columns)
        let queries = queries(request, row)
        let columns = visibleColumns(request, queries)
        guard columns > 0, let last = queries.last else { return values }
        let end = min(keyEnd(last), keys(request, columns - 1).upperBound)
        // Global tokens have keys of their own, and some weights no recorded sums: their rows are computed whole.
        // Given maps are rows as they stand.
        let isWhole = queries.contains(where: recording.isGlobal) || isSigned(layer: request.layer)
        if isWhole || recording.given != nil {
            return wholeRow(request, queries, columns: columns)
        }
        let tiles = recording.keyTiles(
            layer: request.layer, keyValueHead: keyValueHead(of: request.head), tokens: request.firstKey..<end)
        guard let firstTile = tiles.first else { return values }
        let rows = scoreRows(layer: request.layer, head: request.head, queries: Array(queries))
        let weights = rows.scores(
            with: tiles, compressed: compressedTiles(layer: request.layer, head: request.head))
        let offset = firstTile.index * tileSize
        for (index, query) in queries.enumerated() {
            weigh(weights, row: index, query: query, layer: request.layer, head: request.head, offset: offset)
        }
        pool(weights, rows: 0..<queries.count, request, columns: columns, offset: offset, into: &values[...])
        return values
    }

    /// A row of cells from whole rows of the map.
    private func wholeRow(_ request: MapRequest, _ queries: Range<Int>, columns: Int) -> [Float] {
        var values = [Float](repeating: .nan, count: request.columns)
        if let rows = FullRows(self, layer: request.layer, head: request.head, queries: Array(queries)) {
            pool(rows.weights, rows: 0..<queries.count, request, columns: columns, offset: 0, into: &values[...])
        }
        return values
    }

    /// Turns the scores of a stretch of keys into weights, with the sums that the run recorded.
    private func weigh(_ weights: Matrix, row: Int, query: Int, layer: Int, head: Int, offset: Int) {
        guard let (chunk, inChunk) = recording.place(of: query) else { return }
        let summary = chunk.layers[layer].attention
        let place = head * chunk.tokens.count + inChunk
        let window = offset..<offset + weights.columns
        func shifted(_ ranges: KeyRanges) -> [Range<Int>] {
            ranges.intersection(window).ranges.map { $0.lowerBound - offset..<$0.upperBound - offset }
        }
        let visible = visibleKeys(query, layer: layer, head: head)
        weights.hide(row: row, outside: shifted(visible))
        if scenario.selection != nil {
            let fixed = fixedKeys(query, visible: visible)
            let cut = ScoreSelection.Cut(
                threshold: summary.threshold[place], lastTie: Int(summary.lastTie[place]))
            weights.apply(cut, row: row, visible: shifted(visible), fixed: shifted(fixed), firstKey: offset)
        }
        weights.weigh(row: row, logSumExp: summary.logSumExp[place])
        // Sums of files may be anything.
        if recording.isStored { weights.bound(row: row) }
    }

    /// Pools rows of weights into one row of cells.
    private func pool(
        _ weights: Matrix, rows: Range<Int>, _ request: MapRequest, columns: Int, offset: Int,
        into values: inout ArraySlice<Float>
    ) {
        let first = values.startIndex
        for column in 0..<columns {
            let keys = keys(request, column)
            let range = (keys.lowerBound - offset..<keys.upperBound - offset).clamped(to: 0..<weights.columns)
            guard !range.isEmpty else { continue }
            var result: Float = 0
            for row in rows {
                result =
                    request.pooling == .max
                    ? max(result, weights.maximum(row: row, columns: range))
                    : result + weights.sum(row: row, columns: range)
            }
            values[first + column] =
                request.pooling == .max ? result : result / Float(rows.count * max(1, keys.count))
        }
    }

    /// The map under another scenario than the recorded one: whole rows for some queries of every row of cells.
    /// - Parameter signed: weights as values are multiplied by them, where some may be below 0; else shares
    func sampledMap(_ request: MapRequest, signed: Bool = false) -> MapImage {
        let perRow = max(1, min(request.cell, sampleBudget / max(1, request.rows * recording.tokens)))
        let stride = max(1, request.cell / perRow)
        let sampled = (0..<request.rows).map { samples(queries(request, $0), stride: stride) }
        var values = [Float](repeating: .nan, count: request.rows * request.columns)
        let all = sampled.flatMap { $0 }
        if let rows = FullRows(self, layer: request.layer, head: request.head, queries: all) {
            var first = 0
            for (row, chosen) in sampled.enumerated() {
                let columns = visibleColumns(request, queries(request, row))
                pool(
                    signed ? rows.given : rows.weights, rows: first..<first + chosen.count, request, columns: columns,
                    offset: 0,
                    into: &values[row * request.columns..<(row + 1) * request.columns])
                first += chosen.count
            }
        }
        return MapImage(
            request: request, values: values,
            provenance: provenance(sampling: stride))
    }

    /// The middle of each stride, so that one sample a cell does not favour its first query.
    private func samples(_ queries: Range<Int>, stride: Int) -> [Int] {
        let middles = Swift.stride(from: queries.lowerBound + stride / 2, to: queries.upperBound, by: stride)
        let sampled = Array(middles)
        return sampled.isEmpty ? queries.last.map { [$0] } ?? [] : sampled
    }

    /// Small maps of all heads over everything recorded, [layer · heads + head].
    package func thumbnails(side: Int, pooling: Pooling = .max) -> [MapImage] {
        let heads = shape.heads
        return workers.map(shape.layers * heads) { index in
            thumbnail(layer: index / heads, head: index % heads, side: side, pooling: pooling)
        }
    }

    /// Tokens of which small maps are computed where recorded blocks are too large for them: some milliseconds a head.
    private static let computedTokens = 512

    /// The side of the cells of a small map: recorded blocks, or fewer tokens where a text is but some blocks long.
    private func thumbnailCell(side: Int) -> Int {
        let longer = max(recording.tokens, recording.keyTokens)
        let needed = max(1, (longer + max(1, side) - 1) / max(1, side))
        let block = recording.poolBlock
        if needed < block, longer <= Self.computedTokens { return needed }
        return (needed + block - 1) / block * block
    }

    /// A small map of one head over everything recorded, at most `side` cells wide.
    package func thumbnail(layer: Int, head: Int, side: Int, pooling: Pooling = .max) -> MapImage {
        map(thumbnailRequest(layer: layer, head: head, side: side, pooling: pooling))
    }

    /// The same of weights as they are, some below 0: means over cells.
    package func signedThumbnail(layer: Int, head: Int, side: Int) -> MapImage {
        sampledMap(thumbnailRequest(layer: layer, head: head, side: side, pooling: .mean), signed: true)
    }

    private func thumbnailRequest(layer: Int, head: Int, side: Int, pooling: Pooling) -> MapRequest {
        let cell = thumbnailCell(side: side)
        let rows = max(1, (recording.tokens + cell - 1) / cell)
        let columns = max(1, (recording.keyTokens + cell - 1) / cell)
        return MapRequest(layer: layer, head: head, cell: cell, rows: rows, columns: columns, pooling: pooling)
    }
}

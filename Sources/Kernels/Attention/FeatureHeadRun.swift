import CRopewalkKernels
import Foundation

/// One key head, and the heads that read it, on their way through the blocks of a chunk.
final class FeatureHeadRun {
    private let attention: FeatureAttention
    private let keyHead: Int
    private let tokens: Range<Int>
    private let results: AttentionResults
    private let state: FeatureState
    private let mapBlocks: FeatureMapBlocks
    private let keys: FeatureBlock
    private let map: FeatureMap

    /// Of the queries of a block: features divided by what the state's are, scores with the keys of the block, outputs, sums.
    private let weights: Matrix
    private let scores = Matrix(rows: FeatureState.block, columns: FeatureState.block)
    private let output: Matrix
    private let sums = Matrix(rows: FeatureState.block, columns: FeatureState.Sum.columns)
    private let ones = Matrix(rows: 1, columns: FeatureState.block, filling: 1)
    /// Σ of the queries' weights over a row of blocks of the map, each divided by the query's sum. [head of the group, width]
    private let received: Matrix
    /// Queries of that row that see something. [head of the group]
    private var seeing: [Int]

    /// How far features may be raised before what queries gave is worked out.
    private static let furthest: Float = 20

    init(attention: FeatureAttention, keyHead: Int, tokens: Range<Int>, results: AttentionResults) {
        self.attention = attention
        self.keyHead = keyHead
        self.tokens = tokens
        self.results = results
        state = attention.states[keyHead]
        mapBlocks = attention.mapBlocks[keyHead]
        map = state.map
        keys = FeatureBlock(map: map, valueWidth: state.valueWidth)
        weights = Matrix(rows: FeatureState.block, columns: map.width)
        output = Matrix(rows: FeatureState.block, columns: state.valueWidth)
        let share = attention.heads / attention.cache.heads
        received = Matrix(rows: (share + 15) / 16 * 16, columns: map.width)
        seeing = Array(repeating: 0, count: share)
    }

    private var cache: KeyValueCache { attention.cache }
    private var share: Int { seeing.count }

    /// Takes the keys of a block into the state, and gives its queries what they read.
    func step(_ block: Range<Int>, queries: Matrix?, context: Matrix) {
        let first = block.lowerBound
        let slot = attention.positions.pieces[0].slot
        let place = first % tileSize
        let values = cache.valueTile(head: keyHead, tile: first / tileSize) + place * cache.width
        keys.take(
            cache.keyTile(head: keyHead, tile: first / tileSize, slot: slot), first: first, count: block.count,
            values: values)
        state.raise(for: keys)
        if let queries {
            raiseReceived()
            for member in 0..<share { read(block, member: member, queries: queries, context: context) }
        }
        state.add(keys)
        finishMapBlock(block, hasQueries: queries != nil)
    }

    // MARK: Queries

    private func read(_ block: Range<Int>, member: Int, queries: Matrix, context: Matrix) {
        let head = keyHead * share + member
        let dimension = cache.dimension
        let chunkRow = block.lowerBound - tokens.lowerBound
        let turned = TurnedQueries(
            positions: attention.positions, rule: attention.rule, head: head, places: Array(block),
            dimension: dimension, scale: attention.scale
        ) { UnsafePointer(queries.row(chunkRow + $0) + head * dimension) }
        let (features, shared) = turned.features[0]
        let tops = (0..<block.count).map {
            map.weigh(features.row($0), highest: state.highest.base, to: weights.row($0))
        }
        sum(block.count)
        for row in 0..<block.count {
            let target = context.row(chunkRow + row) + head * dimension
            let place = block.lowerBound + row
            if sums.row(row)[FeatureState.Sum.features.rawValue] < FeatureMap.least {
                let pair = FeaturePairs(state: state, keys: keys, features: features.row(row), row: row)
                for i in 0..<dimension { target[i] = Float(pair.output(i)) }
                let logarithm = Float(pair.logarithm) + shared[row] + map.offset
                note(head, place, pair.measures(place: place, logSumExp: logarithm))
                seeing[member] += 1
                give(pair.weights, of: member, highest: state.before.highest)
                continue
            }
            let values = sums.row(row)
            let total = values[FeatureState.Sum.features.rawValue]
            let result = output.row(row)
            for i in 0..<dimension { target[i] = result[i] / total }
            note(
                head, place,
                FeatureMeasures(
                    logSumExp: logf(total) + tops[row] + shared[row] + map.offset,
                    distance: Float(place) - values[FeatureState.Sum.places.rawValue] / total,
                    first: values[FeatureState.Sum.first.rawValue] / total,
                    previous: row > 0
                        ? scores.row(row)[row - 1] / total : values[FeatureState.Sum.last.rawValue] / total))
            seeing[member] += 1
            ck_add_scaled(received.row(member), weights.row(row), map.width, 1 / total)
        }
    }

    /// What the queries read of the keys before the block and in it, not yet divided by its sum.
    private func sum(_ count: Int) {
        let size = FeatureState.block
        ck_sums(weights.base, count, map.width, state.values.base, state.valueWidth, nil, output.base)
        ck_sums(weights.base, count, map.width, state.sums.base, FeatureState.Sum.columns, nil, sums.base)
        ck_sums(weights.base, count, map.width, keys.features.base, size, nil, scores.base)
        for row in 0..<count {
            (scores.row(row) + row + 1).update(repeating: 0, count: size - row - 1)
        }
        // What the state says of the last key is that of the block before, and of a block of the map nothing yet.
        let last = (0..<count).map { sums.row($0)[FeatureState.Sum.last.rawValue] }
        ck_sums(scores.base, count, size, keys.values, state.valueWidth, ones.base, output.base)
        ck_sums(scores.base, count, size, keys.places.base, FeatureState.Sum.columns, ones.base, sums.base)
        for row in 0..<count { sums.row(row)[FeatureState.Sum.last.rawValue] = last[row] }
    }

    private func note(_ head: Int, _ place: Int, _ measures: FeatureMeasures) {
        let row = place - tokens.lowerBound
        results.set(.logSumExp, head: head, row: row, measures.logSumExp)
        results.set(.distance, head: head, row: row, measures.distance)
        results.set(.sink, head: head, row: row, measures.first)
        results.set(.previous, head: head, row: row, place > 0 ? measures.previous : 0)
        for measure in [AttentionResults.Measure.entropy, .induction] {
            results.set(measure, head: head, row: row, .nan)
        }
        results.set(.topKey, head: head, row: row, key: -1)
    }

    // MARK: The recorded map

    /// Brings what queries gave to what features are divided by now.
    private func raiseReceived() {
        if state.raised > Self.furthest { return flush(highest: state.before.highest) }
        for feature in 0..<map.count {
            let old = state.before.highest.base[feature]
            guard old > -.infinity, state.highest.base[feature] > old else { continue }
            let factor = expf(state.highest.base[feature] - old)
            for member in 0..<share { received.row(member)[feature] *= factor }
        }
    }

    /// Ends a block of the map where it ends, or the chunk does.
    private func finishMapBlock(_ block: Range<Int>, hasQueries: Bool) {
        let end = block.upperBound
        guard end % attention.poolBlock == 0 || end == tokens.upperBound else { return }
        if hasQueries {
            flush(highest: state.highest)
            finishRow(results.poolRow(ofQuery: end - 1))
        }
        if end % attention.poolBlock == 0 {
            mapBlocks.append(state)
            state.beginMapBlock()
        }
    }

    /// Gives the blocks before this one what the queries so far gave them.
    private func flush(highest: Matrix) {
        guard mapBlocks.count > 0 else { return received.base.update(repeating: 0, count: received.rows * map.width) }
        for start in stride(from: 0, to: share, by: 16) {
            let group = Matrix(rows: 16, columns: map.width, filling: nil)
            group.base.update(from: received.row(start), count: 16 * map.width)
            let masses = mapBlocks.masses(group, highest: highest.base, features: map.count)
            for member in start..<min(start + 16, share) {
                let row = results.pooledMass.row(poolPlace(member))
                for block in 0..<mapBlocks.count { row[block] += masses.row(block)[member - start] }
            }
        }
        received.base.update(repeating: 0, count: received.rows * map.width)
    }

    /// Gives the blocks before this one what one query gives them.
    private func give(_ weights: [Float], of member: Int, highest: Matrix) {
        guard mapBlocks.count > 0 else { return }
        let group = Matrix(rows: 16, columns: map.width)
        for (feature, weight) in weights.enumerated() { group.base[feature] = weight }
        let masses = mapBlocks.masses(group, highest: highest.base, features: map.count)
        let row = results.pooledMass.row(poolPlace(member))
        for block in 0..<mapBlocks.count { row[block] += masses.row(block)[0] }
    }

    private func poolPlace(_ member: Int) -> Int {
        (keyHead * share + member) * results.poolRows
            + results.poolRow(ofQuery: mapBlocks.count * attention.poolBlock)
    }

    /// What is left to the block of the queries themselves.
    private func finishRow(_ poolRow: Int) {
        for member in 0..<share {
            let row = results.pooledMass.row((keyHead * share + member) * results.poolRows + poolRow)
            var rest = Float(seeing[member])
            for block in 0..<mapBlocks.count { rest -= row[block] }
            row[mapBlocks.count] += max(0, rest)
            seeing[member] = 0
        }
    }
}

/// What a query's sums say of it.
struct FeatureMeasures {
    let logSumExp: Float
    let distance: Float
    let first: Float
    let previous: Float
}

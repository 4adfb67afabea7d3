import CRopewalkKernels
import Foundation

/// Attention that is a recurrence, a chunk of queries at a time.
package protocol RecurrentAttention {
    /// - Parameters:
    ///   - tokens: of the chunk, whose keys and values the cache has
    ///   - queries: before rotation, [query of the chunk, head · dimension]; nil to add the keys alone
    ///   - context: gets the weighted values, [query of the chunk, head · dimension]
    func run(_ tokens: Range<Int>, queries: Matrix?, context: Matrix, workers: Workers) -> AttentionSummary
}

/// Attention by products of signed features as a recurrence.
///
/// Nothing but the weighted values is measured: weights below 0 have no entropy, no distance and no share of a row.
package struct SignedAttention: RecurrentAttention {
    private let map: SignedFeatures
    private let states: [SignedState]
    private let cache: KeyValueCache
    private let positions: PositionTables
    private let heads: Int
    private let scale: Float

    package init(
        map: SignedFeatures, cache: KeyValueCache, positions: PositionTables, heads: Int, scale: Float
    ) {
        // Tables that turn keys in one way (`RunSetup.isRecurrent`).
        precondition(positions.isSimple)
        self.map = map
        self.cache = cache
        self.positions = positions
        self.heads = heads
        self.scale = scale
        states = (0..<cache.heads).map { SignedState(map: map, keyHead: $0, valueWidth: cache.width) }
    }

    package func run(_ tokens: Range<Int>, queries: Matrix?, context: Matrix, workers: Workers) -> AttentionSummary {
        workers.forEach(cache.heads) { keyHead in
            let run = HeadRun(attention: self, keyHead: keyHead)
            for block in FeatureState.blocks(of: tokens) {
                run.step(block, chunk: tokens.lowerBound, queries: queries, context: context)
            }
        }
        return AttentionSummary.unmeasured(heads: heads, queries: tokens.count)
    }

    /// One key head, and the heads that read it, on their way through the blocks of a chunk.
    private struct HeadRun {
        let attention: SignedAttention
        let keyHead: Int
        let state: SignedState
        /// Of the queries of a block: features, those with the decay since the block before, scores, outputs, sums.
        let features: Matrix
        let decayed: Matrix
        let scores = Matrix(rows: FeatureState.block, columns: FeatureState.block)
        let output: Matrix
        /// Values of keys that do not begin a block: behind them there need not be so many more.
        let copied: Matrix
        let sums = Matrix(rows: FeatureState.block, columns: 16)
        let ones = Matrix(rows: 1, columns: FeatureState.block, filling: 1)

        init(attention: SignedAttention, keyHead: Int) {
            self.attention = attention
            self.keyHead = keyHead
            state = attention.states[keyHead]
            features = Matrix(rows: FeatureState.block, columns: attention.map.width)
            decayed = Matrix(rows: FeatureState.block, columns: attention.map.width)
            output = Matrix(rows: FeatureState.block, columns: attention.cache.width)
            copied = Matrix(rows: FeatureState.block, columns: attention.cache.width)
        }

        func step(_ block: Range<Int>, chunk: Int, queries: Matrix?, context: Matrix) {
            let cache = attention.cache
            let (tile, place) = (block.lowerBound / tileSize, block.lowerBound % tileSize)
            let keys = cache.keyTile(head: keyHead, tile: tile, slot: attention.positions.pieces[0].slot)
            var values = UnsafePointer(cache.valueTile(head: keyHead, tile: tile) + place * cache.width)
            if place % FeatureState.block != 0 {
                copied.base.update(from: values, count: block.count * cache.width)
                values = UnsafePointer(copied.base)
            }
            state.take(keys, at: place, count: block.count)
            if let queries {
                let share = attention.heads / cache.heads
                for head in keyHead * share..<(keyHead + 1) * share {
                    read(block, head: head, row: block.lowerBound - chunk, queries, values: values, context: context)
                }
            }
            state.add(count: block.count, values: values)
        }

        private func read(
            _ block: Range<Int>, head: Int, row chunkRow: Int, _ queries: Matrix, values: UnsafePointer<Float>,
            context: Matrix
        ) {
            let (map, cache, size) = (attention.map, attention.cache, FeatureState.block)
            let turned = TurnedQueries(
                positions: attention.positions, rule: .plain, head: head, places: Array(block),
                dimension: cache.dimension, scale: attention.scale
            ) { UnsafePointer(queries.row(chunkRow + $0) + head * cache.dimension) }
            for row in 0..<block.count {
                map.features(ofQuery: turned.turned[0].row(row), to: features.row(row))
                for i in 0..<map.width { decayed.row(row)[i] = features.row(row)[i] * state.powers[row + 1] }
            }
            ck_sums(decayed.base, block.count, map.width, state.values.base, cache.width, nil, output.base)
            ck_sums(decayed.base, block.count, map.width, state.sums.base, 16, nil, sums.base)
            ck_sums(features.base, block.count, map.width, state.features.base, size, nil, scores.base)
            for row in 0..<block.count {
                let products = scores.row(row)
                for j in 0...row { products[j] *= state.powers[row - j] }
                (products + row + 1).update(repeating: 0, count: size - row - 1)
            }
            ck_sums(scores.base, block.count, size, values, cache.width, ones.base, output.base)
            for row in 0..<block.count {
                finish(row, query: block.lowerBound + row, target: context.row(chunkRow + row) + head * cache.dimension)
            }
        }

        private func finish(_ row: Int, query: Int, target: UnsafeMutablePointer<Float>) {
            let dimension = attention.cache.dimension
            let (values, products) = (output.row(row), scores.row(row))
            let sum = (0...row).reduce(Double(sums.row(row)[0])) { $0 + Double(products[$1]) }
            let square = (0..<dimension).reduce(0) { $0 + Double(values[$1]) * Double(values[$1]) }
            let divisor = attention.map.divisor(
                sum: sum, square: square / Double(max(1, dimension)),
                decayed: attention.map.decayed(keyHead: keyHead, query: query))
            let factor = divisor == 0 ? 0 : Float(1 / divisor)
            for i in 0..<dimension { target[i] = values[i] * factor }
        }
    }
}

extension AttentionSummary {
    /// Of a chunk whose weights were not looked at: NaN, no key, no map.
    static func unmeasured(heads: Int, queries: Int) -> AttentionSummary {
        let unknown = [Float](repeating: .nan, count: heads * queries)
        return AttentionSummary(
            logSumExp: unknown, entropy: unknown, distance: unknown, sink: unknown, previous: unknown,
            induction: unknown, topKey: Array(repeating: -1, count: heads * queries), threshold: [], lastTie: [],
            pooledMaximum: [], pooledMass: [], poolRows: 0, poolColumns: 0, hasPairs: false)
    }
}

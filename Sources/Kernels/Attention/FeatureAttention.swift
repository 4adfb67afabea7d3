import CRopewalkKernels
import Foundation

/// Attention by products of features as a recurrence: a chunk of queries over all keys so far, in time that does not grow
/// with the keys before them.
///
/// Exact where a query sees all keys up to its own, turned in one way. Entropies, strongest keys and highest weights need
/// every pair, and are not measured.
package struct FeatureAttention: RecurrentAttention {
    /// Of a layer, a key head each; they have all keys before the chunk.
    let states: [FeatureState]
    /// Of all tokens so far, the map's blocks, a key head each.
    let mapBlocks: [FeatureMapBlocks]
    let cache: KeyValueCache
    let positions: PositionTables
    let heads: Int
    let rule: ScoreRule
    let scale: Float
    let poolBlock: Int

    package init(
        states: [FeatureState], mapBlocks: [FeatureMapBlocks], cache: KeyValueCache, positions: PositionTables,
        heads: Int, rule: ScoreRule, scale: Float, poolBlock: Int
    ) {
        // A state for every key head of the cache (AttentionRun), whose tables turn keys in one way.
        precondition(states.count == cache.heads && mapBlocks.count == cache.heads && positions.isSimple)
        self.states = states
        self.mapBlocks = mapBlocks
        self.cache = cache
        self.positions = positions
        self.heads = heads
        self.rule = rule
        self.scale = scale
        self.poolBlock = poolBlock
    }

    package func run(_ tokens: Range<Int>, queries: Matrix?, context: Matrix, workers: Workers) -> AttentionSummary {
        let results = AttentionResults(
            heads: heads, queries: tokens, keyEnd: tokens.upperBound, poolBlock: poolBlock, selects: false,
            hasPairs: false)
        workers.forEach(cache.heads) { keyHead in
            let run = FeatureHeadRun(attention: self, keyHead: keyHead, tokens: tokens, results: results)
            for block in FeatureState.blocks(of: tokens) {
                run.step(block, queries: queries, context: context)
            }
        }
        return results.summary
    }
}

/// ln Σ φ(k) over the keys of every block of the map so far, and what queries give them.
package final class FeatureMapBlocks {
    /// [block][width]
    private var logarithms: [Matrix] = []

    package init() {}

    func append(_ state: FeatureState) {
        let row = Matrix(rows: 1, columns: state.map.width, filling: nil)
        state.logarithms(ofMapBlock: row.base)
        logarithms.append(row)
    }

    var count: Int { logarithms.count }

    /// The mass of every block under sums of queries' weights.
    /// weights: [16, width], divided by `highest`   result: [block, 16]
    func masses(_ weights: Matrix, highest: UnsafePointer<Float>, features: Int) -> Matrix {
        let width = weights.columns
        let products = Matrix(rows: max(1, count), columns: 16)
        let row = Matrix(rows: 1, columns: width)
        let turned = Matrix(rows: width, columns: 16)
        for head in 0..<16 { for i in 0..<width { turned.row(i)[head] = weights.row(head)[i] } }
        var zero: Float = 0
        for (block, logarithms) in logarithms.enumerated() {
            row.copyRows(of: logarithms, count: 1)
            for i in 0..<features { row.base[i] -= highest[i] }
            ck_weights(row.base, 1, features, &zero)
            for i in features..<width { row.base[i] = 0 }
            ck_sums(row.base, 1, width, turned.base, 16, nil, products.row(block))
        }
        return products
    }
}

import CRopewalkKernels
import Foundation

/// Softmax attention of a chunk of queries over all keys so far, tile by tile: no array of queries x keys ever exists
/// (Rabe and Staats 2021, FlashAttention 2022), and everything that the map and the heads need is read off on the way.
package struct Attention {
    /// What the queries see, and for each head which of these plans is its own.
    let plans: [VisibilityPlan]
    let planOfHead: [Int]
    let cache: KeyValueCache
    let heads: Int
    let rule: ScoreRule
    /// What products of queries and keys are multiplied by.
    let scale: Float
    /// Queries and keys on one side of a block of the recorded map.
    let poolBlock: Int
    /// For each query of the chunk the key whose weight counts as induction; −1 for none.
    let inductionKeys: [Int32]
    /// The first value that a query reads as it is; those before come from a compressed cache. Nil for all.
    let firstExactValue: (@Sendable (_ query: Int) -> Int)?
    /// ln Σ exp of what else shares the weights of a query, whose values are added elsewhere; −infinity for nothing.
    /// Nil where there is no such thing. [head, query of the chunk]
    let beside: [Float]?

    /// - Parameter planOfHead: indices of `plans`, all of one chunk; empty where all heads have the first.
    package init(
        plans: [VisibilityPlan], planOfHead: [Int] = [], cache: KeyValueCache, heads: Int, rule: ScoreRule = .plain,
        scale: Float, poolBlock: Int, inductionKeys: [Int32],
        firstExactValue: (@Sendable (Int) -> Int)? = nil, beside: [Float]? = nil
    ) {
        let plan = plans[0]
        // Recorder.poolBlock is 64 or more.
        precondition(poolBlock >= 16)
        precondition(inductionKeys.count == plan.count && (planOfHead.isEmpty || planOfHead.count == heads))
        self.plans = plans
        self.planOfHead = planOfHead.isEmpty ? Array(repeating: 0, count: heads) : planOfHead
        self.cache = cache
        self.heads = heads
        self.rule = rule
        self.scale = scale
        self.poolBlock = poolBlock
        self.inductionKeys = inductionKeys
        self.firstExactValue = firstExactValue
        // Made by the run for all heads and these queries.
        precondition(beside == nil || beside?.count == heads * plan.count)
        self.beside = beside
    }

    /// - Parameters:
    ///   - queries: before rotation, [query of the chunk, head · dimension]
    ///   - context: gets the weighted values, [query of the chunk, head · dimension]
    package func run(queries: Matrix, context: Matrix, workers: Workers) -> AttentionSummary {
        let plan = plans[0]
        let results = AttentionResults(
            heads: heads, queries: plan.queries, keyEnd: plan.keyEnd, poolBlock: poolBlock,
            selects: plans.contains { $0.visibility.selection != nil })
        // The queries of one row of blocks belong to one task, so that no two tasks write to the same block. The heads
        // that share keys go through them together: a tile then comes from far memory once for all of them.
        // Where queries do not begin with a block, one task has them all.
        let isAligned = plan.firstQuery % max(64, poolBlock) == 0
        let groupsPerTask = isAligned ? max(64, poolBlock) / VisibilityPlan.groupSize : max(1, plan.groups.count)
        let tasksPerHead = (plan.groups.count + groupsPerTask - 1) / groupsPerTask
        // Where that leaves processors without work, as token by token, each head is a task of its own.
        let isShared = tasksPerHead * cache.heads >= 4 * workers.count || workers.count == 1
        let units = isShared ? cache.heads : heads
        // The longest rows first: the last task to finish is then a short one.
        workers.forEach(tasksPerHead * units) { task in
            let block = tasksPerHead - 1 - task / units
            let share = heads / units
            let first = task % units * share
            let groups = block * groupsPerTask..<min((block + 1) * groupsPerTask, plan.groups.count)
            // As many groups at a time as keep their working memory small.
            for start in stride(from: groups.lowerBound, to: groups.upperBound, by: 2) {
                run(
                    start..<min(start + 2, groups.upperBound), heads: first..<first + share, queries: queries,
                    results: results, context: context)
            }
        }
        return results.summary
    }

    /// Takes some groups of heads that read the same keys through the tiles together.
    private func run(
        _ groups: Range<Int>, heads: Range<Int>, queries: Matrix, results: AttentionResults, context: Matrix
    ) {
        let members = heads.flatMap { head in
            groups.map { group in
                let plan = plans[planOfHead[head]]
                return AttentionGroup(
                    attention: self, plan: plan, head: head, group: plan.groups[group], queries: queries,
                    scratch: AttentionScratch.take(
                        tiles: plan.lastTile + 1, width: cache.width, blocksPerTile: tileSize / min(poolBlock, tileSize)
                    ),
                    results: results)
            }
        }
        let choices = members.map { $0.choices() }
        var next = [Int](repeating: 0, count: members.count)
        let lastTile = members.reduce(0) { max($0, $1.group.tiles.last?.index ?? 0) }
        for tile in 0...lastTile {
            for (index, member) in members.enumerated() {
                let tiles = member.group.tiles
                guard next[index] < tiles.count, tiles[next[index]].index == tile else { continue }
                member.attend(tiles[next[index]], choices: choices[index])
                next[index] += 1
            }
        }
        for (member, choices) in zip(members, choices) {
            member.finish(choices, context: context)
            member.scratch.give()
        }
    }
}

/// Where the tasks of a chunk write their results, each to its own rows.
final class AttentionResults {
    enum Measure: Int, CaseIterable {
        case logSumExp, entropy, distance, sink, previous, induction, topKey, threshold, lastTie
    }

    let heads: Int
    let count: Int
    let poolBlock: Int
    /// The row of blocks of the map that the first query lies in, and how many rows the queries touch.
    private let firstPoolRow: Int
    let poolRows: Int
    let poolColumns: Int
    let selects: Bool
    /// Whether every pair was looked at.
    let hasPairs: Bool
    /// [measure · head, query]; keys are stored as float bits of Int32.
    let measures: Matrix
    /// [head · block of queries, block of keys]
    let pooledMaximum: Matrix
    let pooledMass: Matrix

    init(
        heads: Int, queries: Range<Int>, keyEnd: Int, poolBlock: Int, selects: Bool, hasPairs: Bool = true
    ) {
        self.heads = heads
        count = queries.count
        self.poolBlock = poolBlock
        self.selects = selects
        self.hasPairs = hasPairs
        firstPoolRow = queries.lowerBound / poolBlock
        poolRows = (queries.upperBound + poolBlock - 1) / poolBlock - firstPoolRow
        poolColumns = (keyEnd + poolBlock - 1) / poolBlock
        measures = Matrix(rows: Measure.allCases.count * heads, columns: count)
        pooledMaximum = Matrix(rows: heads * poolRows, columns: poolColumns)
        pooledMass = Matrix(rows: heads * poolRows, columns: poolColumns)
    }

    /// The row of blocks of the map that a query lies in, among those that the queries touch.
    func poolRow(ofQuery query: Int) -> Int { query / poolBlock - firstPoolRow }

    func set(_ measure: Measure, head: Int, row: Int, _ value: Float) {
        measures.row(measure.rawValue * heads + head)[row] = value
    }

    func set(_ measure: Measure, head: Int, row: Int, key: Int) {
        set(measure, head: head, row: row, Float(bitPattern: UInt32(bitPattern: Int32(clamping: key))))
    }

    private func floats(_ measure: Measure) -> [Float] {
        measures.copy(rows: measure.rawValue * heads..<(measure.rawValue + 1) * heads)
    }

    private func keys(_ measure: Measure) -> [Int32] { floats(measure).map { Int32(bitPattern: $0.bitPattern) } }

    var summary: AttentionSummary {
        AttentionSummary(
            logSumExp: floats(.logSumExp), entropy: floats(.entropy), distance: floats(.distance), sink: floats(.sink),
            previous: floats(.previous), induction: floats(.induction), topKey: keys(.topKey),
            threshold: selects ? floats(.threshold) : [], lastTie: selects ? keys(.lastTie) : [],
            pooledMaximum: hasPairs ? pooledMaximum.copy(rows: 0..<pooledMaximum.rows) : [],
            pooledMass: pooledMass.copy(rows: 0..<pooledMass.rows), poolRows: poolRows, poolColumns: poolColumns,
            hasPairs: hasPairs)
    }
}

import Foundation

/// What is worked out of the maps of one layer that are given, in float64, and what is wrong with them.
package struct GivenMeasures: Sendable {
    /// The same numbers that a run measures on its way; rows that do not sum to 1 are taken as they are.
    package let summary: AttentionSummary
    /// Head by head.
    package let findings: [Findings]

    /// What was found in the rows of a head.
    package struct Findings: Sendable {
        /// The first weight that cannot be one: below 0, infinite or none.
        package var impossible: (query: Int, key: Int, weight: Float)?
        /// Whether a query gives a key after it a weight.
        package var readsLater = false
        /// Queries that give no key anything.
        package var empty = 0
        /// Of the others, those whose weights sum to something else than 1, and the worst of them.
        package var unequal = 0
        package var worst: (query: Int, sum: Double)?
    }
}

extension GivenWeights {
    /// Measures a layer.
    /// - Parameters:
    ///   - inductionKeys: for every query the key after the last time that its token was there, −1 for none
    ///   - tolerance: how far from 1 the sum of a row may be
    package func measures(
        layer: Int, inductionKeys: [Int32], poolBlock: Int, tolerance: Double, workers: Workers
    ) -> GivenMeasures {
        // Whoever asks has a token for every query.
        precondition(inductionKeys.count == queries && poolBlock > 0)
        let all = workers.map(heads) { head in
            var measured = MeasuredHead(queries: queries, keys: keys, poolBlock: poolBlock)
            forEachRow(layer: layer, head: head) { query, row in
                measured.add(row, query: query, induction: Int(inductionKeys[query]), tolerance: tolerance)
            }
            return measured
        }
        func joined<Number>(_ part: KeyPath<MeasuredHead, [Number]>) -> [Number] { all.flatMap { $0[keyPath: part] } }
        let sums = joined(\.sum)
        return GivenMeasures(
            summary: AttentionSummary(
                // Weights are as given, so that nothing divides them; a query that sees nothing is told by infinity.
                logSumExp: sums.map { $0 > 0 ? 0 : .infinity }, entropy: joined(\.entropy),
                distance: joined(\.distance),
                sink: joined(\.first), previous: joined(\.previous), induction: joined(\.induction),
                topKey: joined(\.topKey), threshold: [], lastTie: [], pooledMaximum: joined(\.pooledMaximum),
                pooledMass: joined(\.pooledMass), poolRows: (queries + poolBlock - 1) / poolBlock,
                poolColumns: (keys + poolBlock - 1) / poolBlock, hasPairs: true),
            findings: all.map(\.findings))
    }

    /// Memory that the measures of all layers take; nil where it is more than an Int counts.
    package static func measureBytes(layers: Int, heads: Int, queries: Int, keys: Int, poolBlock: Int) -> Int? {
        func blocks(_ count: Int) -> Int { count / poolBlock + 1 }
        func product(_ factors: Int...) -> Int? {
            factors.reduce(1) { (all: Int?, factor: Int) in
                all.flatMap {
                    let (product, overflow) = $0.multipliedReportingOverflow(by: factor)
                    return overflow ? nil : product
                }
            }
        }
        // Seven numbers a query, two a block; while they are joined all are there twice.
        guard let rows = product(layers, heads, queries, 7 * 4),
            let pools = product(layers, heads, blocks(queries), blocks(keys), 2 * 4)
        else { return nil }
        let (sum, overflow) = rows.addingReportingOverflow(pools)
        return overflow ? nil : sum
    }
}

/// The measures of a head as its rows come.
private struct MeasuredHead {
    var sum: [Float] = []
    var entropy: [Float] = []
    var distance: [Float] = []
    var first: [Float] = []
    var previous: [Float] = []
    var induction: [Float] = []
    var topKey: [Int32] = []
    /// [block of queries, block of keys]
    var pooledMaximum: [Float]
    var pooledMass: [Float]
    var findings = GivenMeasures.Findings()
    private let keys: Int
    private let block: Int
    /// Of the present row of blocks, in float64.
    private var masses: [Double]

    init(queries: Int, keys: Int, poolBlock: Int) {
        self.keys = keys
        block = poolBlock
        masses = Array(repeating: 0, count: (keys + poolBlock - 1) / poolBlock)
        let rows = (queries + poolBlock - 1) / poolBlock
        pooledMaximum = Array(repeating: 0, count: rows * masses.count)
        pooledMass = pooledMaximum
    }

    /// Adds the next row; false where it has a weight that cannot be one.
    mutating func add(_ row: UnsafePointer<Float>, query: Int, induction key: Int, tolerance: Double) -> Bool {
        var (sum, surprise, reach) = (0.0, 0.0, 0.0)
        var (highest, top): (Float, Int32) = (0, -1)
        let poolRow = query / block * masses.count
        if query % block == 0 { for column in masses.indices { masses[column] = 0 } }
        for column in masses.indices {
            var (mass, most) = (0.0, Float(0))
            for key in column * block..<min(keys, (column + 1) * block) {
                let weight = row[key]
                if weight == 0 { continue }
                guard weight > 0, weight < FileTensor.limit else {
                    findings.impossible = (query, key, weight)
                    return false
                }
                let exact = Double(weight)
                mass += exact
                surprise -= exact * log2(exact)
                reach += exact * Double(query - key)
                most = max(most, weight)
                if weight > highest { (highest, top) = (weight, Int32(key)) }
                if key > query { findings.readsLater = true }
            }
            sum += mass
            masses[column] += mass
            pooledMass[poolRow + column] = Float(masses[column])
            pooledMaximum[poolRow + column] = max(pooledMaximum[poolRow + column], most)
        }
        self.sum.append(Float(sum))
        // −1 · log2 1 is −0.
        entropy.append(Float(surprise) + 0)
        distance.append(Float(reach))
        first.append(row[0])
        previous.append(query > 0 && query <= keys ? row[query - 1] : 0)
        induction.append(key >= 0 && key < keys ? row[key] : 0)
        topKey.append(top)
        note(sum, query: query, tolerance: tolerance)
        return true
    }

    private mutating func note(_ sum: Double, query: Int, tolerance: Double) {
        if sum == 0 {
            findings.empty += 1
        } else if abs(sum - 1) > tolerance {
            findings.unequal += 1
            if findings.worst.map({ abs($0.sum - 1) < abs(sum - 1) }) ?? true { findings.worst = (query, sum) }
        }
    }
}

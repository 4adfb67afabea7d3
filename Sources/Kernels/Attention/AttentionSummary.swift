/// What a chunk of queries leaves behind in one layer; numbers are [head, query of the chunk] unless said.
package struct AttentionSummary: Sendable {
    /// Of the scaled scores, natural logarithm; +infinity where a query sees nothing, so that its weights are 0.
    package let logSumExp: KeptNumbers<Float>
    /// Bits.
    package let entropy: KeptNumbers<Float>
    /// Mean of query − key under the weights, tokens.
    package let distance: KeptNumbers<Float>
    /// The weight of the first token, of the token before, and of the key given as `induction` for the query.
    package let sink: KeptNumbers<Float>
    package let previous: KeptNumbers<Float>
    package let induction: KeptNumbers<Float>
    /// The key with the highest weight; −1 where a query sees nothing.
    package let topKey: KeptNumbers<Int32>
    /// Lowest selected score and the last key selected with it; empty without a selection.
    package let threshold: KeptNumbers<Float>
    package let lastTie: KeptNumbers<Int32>
    /// Highest weight and sum of weights of every block of the map, [head, block of queries, block of keys].
    package let pooledMaximum: KeptNumbers<Float>
    package let pooledMass: KeptNumbers<Float>
    /// Blocks of queries and of keys.
    package let poolRows: Int
    package let poolColumns: Int
    /// Whether entropies, strongest keys, the weights of `induction` and the highest of blocks were measured: else they are
    /// NaN, −1 and none.
    package let hasPairs: Bool

    package init(
        logSumExp: [Float], entropy: [Float], distance: [Float], sink: [Float], previous: [Float], induction: [Float],
        topKey: [Int32], threshold: [Float], lastTie: [Int32], pooledMaximum: [Float], pooledMass: [Float],
        poolRows: Int, poolColumns: Int, hasPairs: Bool
    ) {
        self.init(
            logSumExp: KeptNumbers(logSumExp), entropy: KeptNumbers(entropy), distance: KeptNumbers(distance),
            sink: KeptNumbers(sink), previous: KeptNumbers(previous), induction: KeptNumbers(induction),
            topKey: KeptNumbers(topKey), threshold: KeptNumbers(threshold), lastTie: KeptNumbers(lastTie),
            pooledMaximum: KeptNumbers(pooledMaximum), pooledMass: KeptNumbers(pooledMass), poolRows: poolRows,
            poolColumns: poolColumns, hasPairs: hasPairs)
    }

    /// Of numbers that lie wherever they are.
    package init(
        logSumExp: KeptNumbers<Float>, entropy: KeptNumbers<Float>, distance: KeptNumbers<Float>,
        sink: KeptNumbers<Float>, previous: KeptNumbers<Float>, induction: KeptNumbers<Float>,
        topKey: KeptNumbers<Int32>, threshold: KeptNumbers<Float>, lastTie: KeptNumbers<Int32>,
        pooledMaximum: KeptNumbers<Float>, pooledMass: KeptNumbers<Float>, poolRows: Int, poolColumns: Int,
        hasPairs: Bool
    ) {
        self.logSumExp = logSumExp
        self.entropy = entropy
        self.distance = distance
        self.sink = sink
        self.previous = previous
        self.induction = induction
        self.topKey = topKey
        self.threshold = threshold
        self.lastTie = lastTie
        self.pooledMaximum = pooledMaximum
        self.pooledMass = pooledMass
        self.poolRows = poolRows
        self.poolColumns = poolColumns
        self.hasPairs = hasPairs
    }
}

extension AttentionSummary {
    /// Of a layer without weights: no query sees anything, and nothing is measured.
    package static func unmeasured(heads: Int, count: Int) -> AttentionSummary {
        let none = [Float](repeating: .nan, count: heads * count)
        return AttentionSummary(
            logSumExp: Array(repeating: .infinity, count: heads * count), entropy: none, distance: none, sink: none,
            previous: none, induction: none, topKey: Array(repeating: -1, count: heads * count), threshold: [],
            lastTie: [], pooledMaximum: [], pooledMass: [], poolRows: 0, poolColumns: 0, hasPairs: false)
    }

    /// One summary of two over the same chunk: some rows of the other, the rest of this one, which sees nothing there.
    package func merging(_ other: AttentionSummary, rows isOther: [Bool]) -> AttentionSummary {
        func choose<Value>(_ a: KeptNumbers<Value>, _ b: KeptNumbers<Value>) -> [Value] {
            a.indices.map { isOther[$0 % isOther.count] ? b[$0] : a[$0] }
        }
        return AttentionSummary(
            logSumExp: choose(logSumExp, other.logSumExp), entropy: choose(entropy, other.entropy),
            distance: choose(distance, other.distance), sink: choose(sink, other.sink),
            previous: choose(previous, other.previous), induction: choose(induction, other.induction),
            topKey: choose(topKey, other.topKey), threshold: threshold.array, lastTie: lastTie.array,
            pooledMaximum: zip(pooledMaximum, other.pooledMaximum).map { max($0, $1) },
            pooledMass: zip(pooledMass, other.pooledMass).map { $0 + $1 }, poolRows: poolRows,
            poolColumns: poolColumns, hasPairs: hasPairs && other.hasPairs)
    }
}

import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// How one query comes to its output in one head, number by number: softmax(q·k · scale) v of all keys.
///
/// What a run or a preview has: weights are those of its row, to the bit.
package struct WordReading: Equatable, Sendable {
    /// A key with all that becomes of it.
    package struct Key: Equatable, Sendable {
        package let token: Int
        /// q·k · scale, before cap and bias.
        package let scaled: Float
        /// cap · tanh(scaled / cap); nil without a cap.
        package let capped: Float?
        /// What the layer adds to the score; nil where it adds nothing.
        package let bias: Float?
        /// What the softmax takes.
        package let score: Float
        /// Why the query sees the key, or does not.
        package let rule: VisibilityReason.Rule
        package let isSeen: Bool
        /// exp(score − highest); 0 where it is hidden.
        package let exponential: Float
        /// After softmax.
        package let weight: Float
        /// |value|.
        package let valueLength: Float
        /// Of the head's output: weight · value · output / |output|². Those of all keys add up to 1.
        package let share: Float

        /// |weight · value|.
        package var added: Float { weight * valueLength }
    }

    /// Several keys together.
    package struct Rest: Equatable, Sendable {
        package let count: Int
        package let exponential: Float
        package let weight: Float
        /// |Σ weight · value|.
        package let added: Float
        package let share: Float
    }

    /// A score that a head has learned: it takes its part of the softmax and has no value.
    package struct LearnedSink: Equatable, Sendable {
        package let score: Float
        package let exponential: Float
        package let weight: Float
    }

    package let layer: Int
    package let head: Int
    package let query: Int
    /// What products of query and key are multiplied by.
    package let scale: Float
    /// Dimensions of query and key.
    package let dimension: Int
    /// Scores become cap · tanh(score / cap); nil for no cap.
    package let softcap: Float?
    package let hasBias: Bool
    /// What makes scores in place of the scaled products; nil for nothing.
    package var kernel: String? = nil
    /// The highest weights first; of equal ones the earlier first.
    package let keys: [Key]
    /// Keys that the query could see and that are not listed; nil where all are.
    package let others: Rest?
    package let sink: LearnedSink?
    /// Keys after the query, which a decoder hides from it: they are no part of the softmax.
    package let later: Int
    /// The highest of all scores that are seen.
    package let highest: Float
    /// Σ exp(score − highest), a learned sink among them: what every weight is divided by.
    package let sum: Float
    /// Σ weight · value. [dimension of values]
    package let output: [Float]
    package let basis: Provenance.Basis
    /// weight · value of the listed keys, from which those that share a line are put together. [key of `keys`][dimension]
    let additions: [[Float]]

    /// Lengths of what is added.
    package var outputLength: Float { Self.length(output) }

    /// Some listed keys and all others that are not: what a line says that stands for them.
    /// - Parameter shown: places in `keys`
    package func rest(without shown: some Sequence<Int>) -> Rest {
        let shown = Set(shown)
        let left = keys.indices.filter { !shown.contains($0) }
        var vector = output
        for index in shown { for (i, x) in additions[index].enumerated() { vector[i] -= x } }
        func sum(_ value: (Key) -> Float) -> Float { left.reduce(0) { $0 + value(keys[$1]) } }
        return Rest(
            count: left.count + (others?.count ?? 0), exponential: sum(\.exponential) + (others?.exponential ?? 0),
            weight: sum(\.weight) + (others?.weight ?? 0), added: Self.length(vector),
            share: sum(\.share) + (others?.share ?? 0))
    }

    static func length(_ vector: [Float]) -> Float { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}

extension Lens {
    /// How a query comes to its output in a head; nil where it is not recorded, where a preview would have to replay too
    /// many queries, and where weights may be below 0: they come of no softmax.
    /// - Parameter count: keys that are listed at most, those with the highest weights
    package func wordReading(layer: Int, head: Int, query: Int, count: Int) -> WordReading? {
        guard recording.given == nil, !isSigned(layer: layer),
            let mask = maskRow(layer: layer, head: head, query: query),
            let rows = FullRows(self, layer: layer, head: head, queries: [query])
        else { return nil }
        return WordParts(self, layer: layer, head: head, query: query, mask: mask, rows: rows).reading(count)
    }
}

/// What a reading is put together from.
private struct WordParts {
    private let lens: Lens
    private let layer: Int
    private let head: Int
    private let query: Int
    private let mask: MaskRow
    private let logSumExp: Float
    private let rule: ScoreRule
    private let scale: Float
    /// Before cap and bias, before the bias, and as the softmax takes them. [key]
    private let scaled: [Float]
    private let capped: [Float]
    private let scores: [Float]
    private let weights: [Float]
    private let lengths: [Float]
    private let output: [Float]
    private let highest: Float

    init(_ lens: Lens, layer: Int, head: Int, query: Int, mask: MaskRow, rows: FullRows) {
        (self.lens, self.layer, self.head, self.query, self.mask) = (lens, layer, head, query, mask)
        let setup = lens.setup
        rule = lens.rule(layer: layer, head: head)
        let positions = setup.positions(layer)
        scale =
            setup.layerTraits[layer].scoreScale * (positions.queryScales.isEmpty ? 1 : positions.queryScales[query])
        let end = lens.keyEnd(query)
        func row(_ rule: ScoreRule) -> [Float] {
            lens.scores(layer: layer, head: head, query: query, keys: end, rule: rule)
        }
        scores = row(rule)
        scaled = rule.isPlain ? scores : row(rule.products)
        var capping = rule.products
        capping.softcap = rule.softcap
        capped = !rule.hasBias ? scores : row(capping)
        weights = rows.weights.copy(row: 0, columns: 0..<end)
        logSumExp = rows.logSumExp[0]
        lengths = lens.valueLengths(layer: layer, keyValueHead: lens.keyValueHead(of: head), query: query)
        output = lens.output(rows, row: 0, layer: layer, head: head)
        var highest = -Float.infinity
        for range in mask.visible.ranges { for key in range { highest = max(highest, scores[key]) } }
        // Where no key is seen, a learned sink counts for nothing (`ScoreRule.withSink`).
        self.highest = highest.isFinite ? max(highest, rule.sinks?[head] ?? highest) : 0
    }

    func reading(_ count: Int) -> WordReading {
        let listed = listed(count)
        let additions = listed.map { key in
            lens.value(layer: layer, head: head, query: query, key: key).map { $0 * weights[key] }
        }
        let square = output.reduce(0) { $0 + $1 * $1 }
        let keys = zip(listed, additions).map { key, added in
            self.key(key, share: square > 0 ? zip(added, output).reduce(0) { $0 + $1.0 * $1.1 } / square : 0)
        }
        let sink = learnedSink
        let later = lens.recording.isCausal ? max(0, lens.recording.keyTokens - scores.count) : 0
        return WordReading(
            layer: layer, head: head, query: query, scale: scale, dimension: lens.shape.headDimension,
            softcap: rule.softcap, hasBias: rule.hasBias,
            kernel: rule.features == nil ? nil : lens.scenario.kernel.map { type(of: $0).description.name }, keys: keys,
            others: others(listed, keys: keys, additions: additions, square: square), sink: sink, later: later,
            highest: highest, sum: logSumExp.isFinite ? expFloat(logSumExp - highest) : 0, output: output,
            basis: lens.basis, additions: additions)
    }

    /// The keys with the highest weights; where all have room, those that are hidden come last.
    private func listed(_ count: Int) -> [Int] {
        if scores.count <= count {
            return scores.indices.sorted { weights[$0] == weights[$1] ? $0 < $1 : weights[$0] > weights[$1] }
        }
        return TopTokens.highest(count, in: weights).map(\.token)
    }

    private func key(_ key: Int, share: Float) -> WordReading.Key {
        let isSeen = mask.visible.contains(key)
        return WordReading.Key(
            token: key, scaled: scaled[key], capped: rule.softcap == nil ? nil : capped[key],
            bias: !rule.hasBias ? nil : scores[key] - capped[key], score: scores[key], rule: mask.rule(of: key),
            isSeen: isSeen, exponential: isSeen ? expFloat(scores[key] - highest) : 0, weight: weights[key],
            valueLength: lengths[key], share: share)
    }

    private var learnedSink: WordReading.LearnedSink? {
        guard let score = rule.sinks?[head] else { return nil }
        return WordReading.LearnedSink(
            score: score, exponential: expFloat(score - highest),
            weight: logSumExp.isFinite ? expFloat(score - logSumExp) : 0)
    }

    private func others(
        _ listed: [Int], keys: [WordReading.Key], additions: [[Float]], square: Float
    ) -> WordReading.Rest? {
        guard listed.count < scores.count else { return nil }
        let shown = Set(listed)
        var (exponential, weight): (Float, Float) = (0, 0)
        for range in mask.visible.ranges {
            for key in range where !shown.contains(key) {
                exponential += expFloat(scores[key] - highest)
                weight += weights[key]
            }
        }
        var vector = output
        for added in additions { for (i, x) in added.enumerated() { vector[i] -= x } }
        return WordReading.Rest(
            count: scores.count - listed.count, exponential: exponential, weight: weight,
            added: WordReading.length(vector),
            share: square > 0 ? zip(vector, output).reduce(0) { $0 + $1.0 * $1.1 } / square : 0)
    }

}

extension Lens {
    /// A value as a head adds it: what lies far enough behind the query comes from a compressed cache. [dimension]
    func value(layer: Int, head: Int, query: Int, key: Int) -> [Float] {
        let keyHead = keyValueHead(of: head)
        if let compressed, let compression = setup.compression, key < compression.firstExactValue(cached: query) {
            let d = shape.headDimension
            return Array(compressed.values(layer: layer, keyHead: keyHead)[key * d..<(key + 1) * d])
        }
        let isGlobal = recording.isGlobal(query: query)
        return recording.value(layer: layer, keyValueHead: keyHead, token: key, global: isGlobal).map { Array($0) }
            ?? []
    }

    /// The scores of a query with the first keys under any rule; nil: the layer's own. [key]
    func scores(layer: Int, head: Int, query: Int, keys end: Int, rule: ScoreRule? = nil) -> [Float] {
        let tiles = recording.keyTiles(
            layer: layer, keyValueHead: keyValueHead(of: head), tokens: 0..<end,
            global: recording.isGlobal(query: query))
        return scoreRows(layer: layer, head: head, queries: [query], rule: rule)
            .scores(with: tiles, compressed: compressedTiles(layer: layer, head: head), workers: workers)
            .copy(row: 0, columns: 0..<end)
    }
}

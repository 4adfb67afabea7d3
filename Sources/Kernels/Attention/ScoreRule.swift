import CRopewalkKernels
import Foundation

/// What happens to scaled products before the softmax.
package struct ScoreRule: Sendable {
    /// Scores become cap · tanh(score / cap); nil for no cap.
    package var softcap: Float?
    /// Added after the cap.
    package var bias: ScoreBias?
    /// What a selection adds to scores of keys that it has chosen (ln of how often each stands in the softmax, or what their
    /// block is worth to the query); added last.
    package var added: ScoreBias?
    /// Where queries stand to keys that a selection has taken to other places; nil where all stand where the text has them.
    package var places: KeyPlaces?
    /// A score of each head that stands beside those of the keys in the softmax and has no value; nil for none.
    package var sinks: [Float]?
    /// Whose products take the place of the products of queries and keys; nil for a softmax.
    package var features: FeatureMap?
    /// Whose products are weights themselves and no scores, which stay those of queries and keys; nil for a softmax.
    package var signed: SignedFeatures?

    package static let plain = ScoreRule()

    package init(
        softcap: Float? = nil, bias: ScoreBias? = nil, sinks: [Float]? = nil, features: FeatureMap? = nil,
        signed: SignedFeatures? = nil
    ) {
        self.softcap = softcap
        self.bias = bias
        self.sinks = sinks
        self.features = features
        self.signed = signed
    }

    /// ln Σ exp over the keys with the head's sink beside them; +infinity where no key is seen.
    package func withSink(_ logSumExp: Float, head: Int) -> Float {
        guard let sinks, logSumExp.isFinite else { return logSumExp }
        return Self.joined(logSumExp, sinks[head])
    }

    /// ln(exp a + exp b); `a` where it is no number of a softmax, or where there is nothing beside it.
    package static func joined(_ a: Float, _ b: Float?) -> Float {
        guard let b, a.isFinite, b.isFinite else { return a }
        let (low, high) = (min(a, b), max(a, b))
        return high + log1pf(expf(low - high))
    }

    /// Whether products stay as they are.
    package var isPlain: Bool {
        softcap == nil && bias == nil && features == nil && added == nil && places == nil
    }

    /// All that is added to scores, in order.
    var additions: [ScoreBias] { [bias, added].compactMap { $0 } }

    /// The products alone, of keys where they are taken to stand.
    package var products: ScoreRule {
        var rule = ScoreRule.plain
        rule.places = places
        return rule
    }

    /// Whether something is added to scores.
    package var hasBias: Bool { bias != nil || added != nil }
}

/// Numbers that are added to scores, by head and by how far the key lies from the query.
package struct ScoreBias: Sendable {
    /// Of some keys of a query, whatever their distance.
    package typealias OfKeys = @Sendable (_ query: Int) -> [(keys: Range<Int>, value: Float)]

    /// The same for every head.
    package typealias OfHeads = @Sendable (_ head: Int, _ query: Int) -> [(keys: Range<Int>, value: Float)]

    /// [head, entry]: the entry of key − query = 0 is `origin`.
    private let values: [Float]
    private let entries: Int
    private let origin: Int
    private let ofKeys: OfHeads?

    /// - Parameters:
    ///   - queries, keys: how many there may be
    ///   - value: of a head at key − query
    package init(
        heads: Int, queries: Int, keys: Int, ofKeys: OfKeys? = nil, value: (_ head: Int, _ offset: Int) -> Float
    ) {
        // Whole tiles of keys are added at once, so there is an entry for every key of a tile.
        origin = queries + tileSize
        entries = origin + keys + 2 * tileSize
        let (entries, origin) = (entries, origin)
        values = (0..<heads).flatMap { head in (0..<entries).map { value(head, $0 - origin) } }
        guard let ofKeys else {
            self.ofKeys = nil
            return
        }
        self.ofKeys = { _, query in ofKeys(query) }
    }

    /// Only for some keys.
    package init(ofKeys: @escaping OfKeys) {
        self.init(ofHeads: { _, query in ofKeys(query) })
    }

    /// Only for some keys of a head.
    package init(ofHeads: @escaping OfHeads) {
        values = []
        entries = 0
        origin = 0
        ofKeys = ofHeads
    }

    /// The score of a pair with all that is added to it, in the order of a tile, so that it is the same to the bit.
    func adding(to score: Float, head: Int, query: Int, key: Int) -> Float {
        let near = entries > 0 ? score + values[head * entries + origin + key - query] : score
        return (ofKeys?(head, query) ?? []).reduce(near) { $1.keys.contains(key) ? $0 + $1.value : $0 }
    }

    /// Adds to a row of a tile.   scores: [tileSize]
    func add(to scores: UnsafeMutablePointer<Float>, head: Int, query: Int, tile: Int) {
        let first = tile * tileSize
        if entries > 0 {
            let start = head * entries + origin + first - query
            // A bias has an entry for every distance of the run (ScoreBias), a tile more on both sides.
            precondition(start >= head * entries && start + tileSize <= (head + 1) * entries)
            values.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress else { return }
                ck_add(scores, base + start, tileSize)
            }
        }
        for (keys, value) in ofKeys?(head, query) ?? [] {
            for key in keys.clamped(to: first..<first + tileSize) { scores[key - first] += value }
        }
    }
}

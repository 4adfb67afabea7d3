import Foundation
import Testing

@testable import RopewalkKernels

/// Scores of several pieces, with caps and biases, against their formulas in float64.
struct PositionTablesTests {
    /// Powers of two, so that angles are the same numbers in float32.
    static let frequencies: [Float] = [1, 0.5, 0.125, 0.03125]
    static let tokens = 300

    static func table(_ place: (@Sendable (Int) -> Float)? = nil, tokens: Int = tokens) -> RotaryTable {
        RotaryTable(frequencies: frequencies, positions: tokens, place: place)
    }

    /// The product of a pair, turned as if the two were `distance` apart.
    static func product(_ pair: AttentionCase.Pair, distance: Double) -> Double {
        let q = AttentionCase.turned(pair.q, by: frequencies.map { Double($0) * distance })
        return zip(q, pair.k).reduce(0) { $0 + $1.0 * $1.1 }
    }

    typealias Part = (queries: RotaryTable, keys: RotaryTable, range: (@Sendable (Int) -> Range<Int>)?)

    static func part(
        _ queries: RotaryTable, _ keys: RotaryTable, range: (@Sendable (Int) -> Range<Int>)? = nil
    ) -> Part { (queries: queries, keys: keys, range: range) }

    /// Distances up to 40 as they are, all others 40.
    static let nearAndFar = PositionTables(pieces: [
        part(table(), table()) { max(0, $0 - 39)..<$0 + 1 },
        part(table { _ in 40 }, table { _ in 0 }) { 0..<max(0, $0 - 39) },
    ])

    /// Places within chunks of 32; the chunk before, and all before that.
    static let chunks: PositionTables = {
        let keys = table { Float($0 % 32) }
        return PositionTables(pieces: [
            part(keys, keys) { $0 / 32 * 32..<$0 + 1 },
            part(table { Float(min(32 + $0 % 32, 50)) }, keys) { max(0, $0 / 32 * 32 - 32)..<$0 / 32 * 32 },
            part(table { _ in 63 }, keys) { 0..<max(0, $0 / 32 * 32 - 32) },
        ])
    }()

    static func chunkDistance(_ query: Int, _ key: Int) -> Double {
        switch query / 32 - key / 32 {
        case 0: Double(query - key)
        case 1: Double(min(32 + query % 32, 50) - key % 32)
        default: Double(63 - key % 32)
        }
    }

    static let window = Visibility(
        ranges: (0..<tokens).map { $0 < 60 ? [0..<$0 + 1] : [0..<2, $0 - 50..<$0 - 10, $0 - 5..<$0 + 1] })
    static let highest = Visibility(selection: .init(fixed: (0..<tokens).map { [max(0, $0 - 3)..<$0 + 1] }, count: 6))
    static let visibilities = [Visibility.causal, window, highest]

    /// The same scores under every kind of visibility, and a kind a head.
    private func check(
        _ name: String, positions: PositionTables, rule: ScoreRule = .plain,
        selects: Bool = true, score: @escaping (AttentionCase.Pair) -> Double
    ) {
        for visibility in selects ? Self.visibilities : Array(Self.visibilities.prefix(2)) {
            AttentionTrial(
                AttentionCase(
                    queries: Self.tokens, positions: positions, rule: rule, visibilities: [visibility], score: score)
            ).check(name)
        }
        AttentionTrial(
            AttentionCase(
                queries: Self.tokens, positions: positions, rule: rule, visibilities: Self.visibilities,
                planOfHead: selects ? [2, 0, 1, 2] : [1, 0, 1, 0], score: score)
        ).check(name + " by head")
    }

    @Test func oneTableTurnsByTheDistance() {
        check("plain", positions: PositionTables(Self.table())) {
            0.5 * Self.product($0, distance: Double($0.query - $0.key))
        }
    }

    @Test func farKeysHaveAPieceOfTheirOwn() {
        #expect(Self.nearAndFar.keys.count == 2 && !Self.nearAndFar.isSimple && Self.nearAndFar.onlyTable == nil)
        #expect(Self.nearAndFar.piece(query: 100, key: 61) == 0 && Self.nearAndFar.piece(query: 100, key: 60) == 1)
        check("near and far", positions: Self.nearAndFar) {
            0.5 * Self.product($0, distance: Double(min($0.query - $0.key, 40)))
        }
    }

    @Test func threePiecesMayShareTheirKeys() {
        #expect(Self.chunks.pieces.count == 3 && Self.chunks.keys.count == 1)
        check("chunks", positions: Self.chunks) {
            0.5 * Self.product($0, distance: Self.chunkDistance($0.query, $0.key))
        }
    }

    @Test func queriesMayBeScaled() {
        let scales = (0..<Self.tokens).map { Float(1 + log(Double(1 + $0)) / 4) }
        let positions = PositionTables(pieces: [Self.part(Self.table(), Self.table())], queryScales: scales)
        #expect(positions.isSimple && positions.onlyTable == nil && PositionTables(Self.table()).onlyTable != nil)
        check("scaled", positions: positions) {
            0.5 * Double(scales[$0.query]) * Self.product($0, distance: Double($0.query - $0.key))
        }
    }

    /// q · [sin(t·ω), cos(t·ω)] for t = query − key.
    static func sinusoid(_ pair: AttentionCase.Pair, limit: Int = .max) -> Double {
        frequencies.indices.reduce(0) { sum, i in
            let angle = Double(frequencies[i]) * Double(max(-limit, min(limit, pair.query - pair.key)))
            return sum + pair.q[i] * sin(angle) + pair.q[i + frequencies.count] * cos(angle)
        }
    }

    @Test func aSinusoidOfTheDistanceIsAdded() {
        let plain = RotaryTable(frequencies: [], positions: Self.tokens)
        check(
            "sinusoid",
            positions: PositionTables(pieces: [Self.part(plain, plain)], sinusoid: Self.table())
        ) { 0.5 * ($0.product + Self.sinusoid($0)) }
    }

    @Test(arguments: [0, 3, 40, 255, 256, 299, 1000]) func aSinusoidMayStayBeyondADistance(limit: Int) {
        let plain = RotaryTable(frequencies: [], positions: Self.tokens)
        check(
            "limit \(limit)",
            positions: PositionTables(pieces: [Self.part(plain, plain)], sinusoid: Self.table(), sinusoidLimit: limit)
        ) { 0.5 * ($0.product + Self.sinusoid($0, limit: limit)) }
    }

    /// On both sides, where queries see later keys too.
    @Test(arguments: [0, 3, 40, 299, 1000]) func aSinusoidMayStayBeyondADistanceOfLaterKeys(limit: Int) {
        let plain = RotaryTable(frequencies: [], positions: Self.tokens)
        AttentionTrial(
            AttentionCase(
                queries: Self.tokens,
                positions: PositionTables(
                    pieces: [Self.part(plain, plain)], sinusoid: Self.table(), sinusoidLimit: limit),
                visibilities: [Visibility(limit: .keys(Self.tokens))]
            ) { 0.5 * ($0.product + Self.sinusoid($0, limit: limit)) }
        ).check("limit \(limit) on both sides")
    }

    /// Where only some dimensions turn, the sinusoid has as few.
    @Test func aSinusoidMayConcernTheFirstDimensions() {
        let few: [Float] = [0.5, 0.125]
        let table = RotaryTable(frequencies: few, positions: Self.tokens)
        check("some", positions: PositionTables(pieces: [Self.part(table, table)], sinusoid: table)) { pair in
            let distance = Double(pair.query - pair.key)
            let first = AttentionCase.turned(Array(pair.q.prefix(4)), by: few.map { Double($0) * distance })
            let product = zip(first + pair.q.dropFirst(4), pair.k).reduce(0) { $0 + $1.0 * $1.1 }
            let sinusoid = few.indices.reduce(0.0) { sum, i in
                let angle = Double(few[i]) * distance
                return sum + pair.q[i] * sin(angle) + pair.q[i + 2] * cos(angle)
            }
            return 0.5 * (product + sinusoid)
        }
    }

    @Test(arguments: [0.5, 3, 50] as [Float]) func capsBendScores(cap: Float) {
        // Scores far above a low cap are all the same in float32: whoever selects among them takes the first.
        check("cap", positions: PositionTables(Self.table()), rule: ScoreRule(softcap: cap), selects: cap > 1) {
            let score = 0.5 * Self.product($0, distance: Double($0.query - $0.key))
            return Double(cap) * tanh(score / Double(cap))
        }
    }

    /// By head and distance; some more for some keys.
    static func bias(_ head: Int, _ offset: Int) -> Float {
        Float(head + 1) * -0.0625 * Float(abs(offset)) + (offset > 0 ? 0.25 : 0)
    }
    @Sendable static func biasOfKeys(_ query: Int) -> [(keys: Range<Int>, value: Float)] {
        [(0..<3, 0.75), (query / 2..<query / 2 + 5, -1.5), (2..<4, 0.5)]
    }
    static func sum(_ query: Int, _ key: Int) -> Double {
        biasOfKeys(query).reduce(0) { $1.keys.contains(key) ? $0 + Double($1.value) : $0 }
    }

    @Test func distancesAndKeysHaveBiases() {
        let positions = PositionTables(Self.table())
        let byDistance = ScoreBias(heads: 4, queries: Self.tokens, keys: Self.tokens, value: Self.bias)
        let both = ScoreBias(
            heads: 4, queries: Self.tokens, keys: Self.tokens, ofKeys: Self.biasOfKeys, value: Self.bias)
        func score(_ pair: AttentionCase.Pair) -> Double {
            0.5 * Self.product(pair, distance: Double(pair.query - pair.key))
        }
        check("distance", positions: positions, rule: ScoreRule(bias: byDistance)) {
            score($0) + Double(Self.bias($0.head, $0.key - $0.query))
        }
        check("keys", positions: positions, rule: ScoreRule(bias: ScoreBias(ofKeys: Self.biasOfKeys))) {
            score($0) + Self.sum($0.query, $0.key)
        }
        check("both", positions: positions, rule: ScoreRule(softcap: 2, bias: both)) {
            2 * tanh(score($0) / 2) + Double(Self.bias($0.head, $0.key - $0.query)) + Self.sum($0.query, $0.key)
        }
        #expect(both.adding(to: 1, head: 2, query: 100, key: 2) == 1 + Self.bias(2, -98) + 0.75 + 0.5)
        #expect(both.adding(to: 1, head: 0, query: 5, key: 290) == 1 + Self.bias(0, 285))
    }

    /// Biases reach keys after the query and texts of other lengths.
    @Test(arguments: [(300, 300), (40, 300), (300, 40)]) func biasesHoldInBothDirections(queries: Int, keys: Int) {
        AttentionTrial(
            AttentionCase(
                queries: queries, keys: keys,
                rule: ScoreRule(bias: ScoreBias(heads: 4, queries: queries, keys: keys, value: Self.bias)),
                visibilities: [Visibility(limit: .keys(keys))],
                score: { 0.5 * $0.product + Double(Self.bias($0.head, $0.key - $0.query)) })
        ).check("\(queries), \(keys)")
    }

    /// Pieces that cover both sides of a query, as an encoder has them.
    @Test func piecesReachBothSides() {
        let positions = PositionTables(pieces: [
            Self.part(Self.table(), Self.table()) { max(0, $0 - 20)..<$0 + 21 },
            Self.part(Self.table { _ in 21 }, Self.table { _ in 0 }) { 0..<max(0, $0 - 20) },
            Self.part(Self.table { _ in 0 }, Self.table { _ in 21 }) { $0 + 21..<Self.tokens + 21 },
        ])
        AttentionTrial(
            AttentionCase(
                queries: Self.tokens, positions: positions, visibilities: [Visibility(limit: .keys(Self.tokens))],
                score: { 0.5 * Self.product($0, distance: Double(max(-21, min(21, $0.query - $0.key)))) })
        ).check()
    }

    @Test func allOfItTogether() {
        let (positions, rule) = Self.everything
        check("everything", positions: positions, rule: rule, score: Self.scoreOfEverything)
    }

    static var everything: (PositionTables, ScoreRule) {
        let scales = (0..<tokens).map { Float(1 + Double($0) / 512) }
        return (
            PositionTables(
                pieces: chunks.pieces.map { part($0.queries, chunks.keys[$0.slot], range: $0.range) },
                queryScales: scales,
                sinusoid: table()),
            ScoreRule(
                softcap: 4, bias: ScoreBias(heads: 4, queries: tokens, keys: tokens, ofKeys: biasOfKeys, value: bias))
        )
    }

    static func scoreOfEverything(_ pair: AttentionCase.Pair) -> Double {
        let product = product(pair, distance: chunkDistance(pair.query, pair.key)) + sinusoid(pair)
        let capped = 4 * tanh(0.5 * (1 + Double(pair.query) / 512) * product / 4)
        return capped + Double(bias(pair.head, pair.key - pair.query)) + sum(pair.query, pair.key)
    }
}

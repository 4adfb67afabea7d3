import RopewalkKernels
import Testing

/// The tiles against softmax attention written out.
struct AttentionTests {
    struct Size: CustomTestStringConvertible {
        let tokens: Int
        let heads: Int
        let keyHeads: Int
        let dimension: Int
        let poolBlock: Int
        var testDescription: String {
            "\(tokens) tokens, \(heads)/\(keyHeads) heads of \(dimension), block \(poolBlock)"
        }

        func check(_ visibility: Visibility) {
            AttentionTrial(
                AttentionCase(
                    queries: tokens, heads: heads, keyHeads: keyHeads, dimension: dimension, poolBlock: poolBlock,
                    scale: 1, visibilities: [visibility], score: { $0.product })
            ).check()
        }
    }

    static let sizes = [
        Size(tokens: 1, heads: 1, keyHeads: 1, dimension: 2, poolBlock: 16),
        Size(tokens: 37, heads: 2, keyHeads: 1, dimension: 10, poolBlock: 16),
        Size(tokens: 300, heads: 4, keyHeads: 2, dimension: 32, poolBlock: 32),
        Size(tokens: 700, heads: 2, keyHeads: 2, dimension: 24, poolBlock: 512),
    ]

    @Test(arguments: sizes) func causalAttentionIsExact(size: Size) { size.check(.causal) }

    @Test(arguments: sizes) func rangesHideKeys(size: Size) {
        let ranges = (0..<size.tokens).map { q in
            q < 40 ? [0..<q + 1] : [0..<3, (q - 20)..<(q % 7 == 0 ? q - 5 : q + 1)]
        }
        size.check(Visibility(ranges: ranges))
    }

    @Test(arguments: sizes) func aQueryThatSeesNothingGetsZero(size: Size) {
        size.check(Visibility(ranges: (0..<size.tokens).map { $0 % 3 == 0 ? [] : [0..<$0 + 1] }))
    }

    @Test(arguments: sizes) func selectionKeepsTheHighestScores(size: Size) {
        let fixed = (0..<size.tokens).map { [max(0, $0 - 3)..<$0 + 1] }
        size.check(Visibility(selection: .init(fixed: fixed, count: 5)))
    }

    @Test(arguments: sizes) func everyQueryMaySeeEveryKey(size: Size) {
        size.check(Visibility(limit: .keys(size.tokens)))
        let ranges = (0..<size.tokens).map { q in [max(0, q - 9)..<min(size.tokens, q + 10)] }
        size.check(Visibility(limit: .keys(size.tokens), ranges: ranges))
        size.check(
            Visibility(
                limit: .keys(size.tokens), selection: .init(fixed: ranges.map { [$0[0].prefix(3)] }, count: 4)))
    }

    @Test(arguments: [(90, 300), (300, 37), (1, 257), (257, 1)]) func queriesMayReadAnotherText(
        queries: Int, keys: Int
    ) {
        let limit = Visibility.Limit.keys(keys)
        let padded = (0..<queries).map { _ in keys > 8 ? [0..<keys - 8] : [0..<keys] }
        for visibility in [Visibility(limit: limit), Visibility(limit: limit, ranges: padded)] {
            AttentionTrial(AttentionCase(queries: queries, keys: keys, visibilities: [visibility])).check()
        }
    }

    @Test(arguments: [[0, 1, 2, 3], [3, 3, 0, 1], [2, 2, 2, 2]]) func headsMayHaveRulesOfTheirOwn(plans: [Int]) {
        let tokens = 600
        let window = (0..<tokens).map { [max(0, $0 - 30)..<$0 + 1] }
        let selection = Visibility.Selection(fixed: window, count: 3)
        AttentionTrial(
            AttentionCase(
                queries: tokens,
                visibilities: [
                    .causal, Visibility(ranges: window), Visibility(selection: selection),
                    Visibility(ranges: (0..<tokens).map { $0 % 4 == 0 ? [] : [0..<1] }),
                ], planOfHead: plans)
        ).check("\(plans)")
    }
}

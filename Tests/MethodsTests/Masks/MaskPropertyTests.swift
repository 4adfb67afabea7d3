import Testing

@testable import RopewalkMethods

/// Every static mask against its definition in plain words: reasons, rows, sums of zones and counts.
@Suite struct MaskPropertyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let spec: String
        /// (query, key, tokens)
        let allows: @Sendable (Int, Int, Int) -> Bool
        var testDescription: String { spec }
    }

    static let cases: [Case] = [
        Case(spec: "causal") { q, k, _ in k <= q },
        Case(spec: "full") { _, _, _ in true },
        Case(spec: "window:size=3") { q, k, _ in k <= q && q - k < 3 },
        Case(spec: "lambda:sink=2,window=5") { q, k, _ in k <= q && (q - k < 5 || k < 2) },
        Case(spec: "streaming:sink=1,recent=3") { q, k, _ in k <= q && (q - k <= 3 || k < 1) },
        Case(spec: "dilated:size=3,dilation=4") { q, k, _ in k <= q && (q - k) % 4 == 0 && (q - k) / 4 < 3 },
        Case(spec: "dilated:size=1073741824,dilation=1073741824") { q, k, _ in k == q },
        Case(spec: "longformer:window=6") { q, k, _ in abs(q - k) <= 3 },
        Case(spec: "longformer:window=0,globals=3/2/9/40") { q, k, _ in
            q == k || [2, 3, 9, 40].contains(q) || [2, 3, 9, 40].contains(k)
        },
        Case(spec: "longformer:window=4,dilation=3,globals=1/7") { q, k, _ in
            (abs(q - k) % 3 == 0 && abs(q - k) <= 6) || q == 1 || k == 1 || q == 7 || k == 7
        },
        Case(spec: "longformer:window=4,dilation=2,causal=1,globals=0/5") { q, k, _ in
            k <= q && ((q - k) % 2 == 0 && q - k <= 4 || [0, 5].contains(q) || [0, 5].contains(k))
        },
        Case(spec: "bigbird:block=3,random=0") { q, k, n in
            let last = (n - 1) / 3
            return n <= 15 || [0, last].contains(q / 3) || [0, last].contains(k / 3) || abs(q / 3 - k / 3) <= 1
        },
        Case(spec: "bigbird:block=2,random=1,seed=3,causal=1") { q, k, n in
            let drawn = BigBird(block: 2, random: 1, seed: 3).randomBlocks(of: q / 2, tokens: n)
            let last = (n - 1) / 2
            let seen = [0, last].contains(q / 2) || [0, last].contains(k / 2) || abs(q / 2 - k / 2) <= 1
            return k <= q && (n <= 14 || seen || drawn.contains(k / 2))
        },
        Case(spec: "strided:stride=5") { q, k, _ in k <= q && (q - k <= 5 || (q - k) % 5 == 0) },
        Case(spec: "strided:stride=1,inclusive=0") { q, k, _ in k <= q },
        Case(spec: "strided:stride=4,step=2") { q, k, _ in k <= q && (q - k) % 4 == 0 },
        Case(spec: "fixed:stride=5,summary=2") { q, k, _ in k <= q && (q / 5 == k / 5 || k % 5 >= 3) },
        Case(spec: "fixed:stride=5,summary=2,step=2") { q, k, _ in k <= q && k % 5 >= 3 },
        Case(spec: "fixed:stride=5,summary=2,shift=1") { q, k, _ in
            k <= q && (q / 5 == k / 5 || [1, 2].contains(k % 5))
        },
        Case(spec: "fixed:stride=2,summary=9") { q, k, _ in k <= q },
        Case(spec: "fixed:stride=70,summary=66,step=2") { q, k, _ in k <= q && k % 70 >= 4 },
        Case(spec: "banded:size=4") { q, k, _ in k <= q && q - k < 4 },
        Case(spec: "block-local:block=7") { q, k, _ in k <= q && q / 7 == k / 7 },
        Case(spec: "chunked:size=3,back=2") { q, k, _ in k <= q && q / 3 - k / 3 <= 2 },
        Case(spec: "chunked:size=1") { q, k, _ in k == q },
        Case(spec: "hierarchical-chunk:size=4,pooled=1") { q, k, _ in k <= q },
        Case(spec: "hat:segment=5") { q, k, _ in q / 5 == k / 5 },
        Case(spec: "hat:segment=5,step=2") { q, k, _ in q == k || (q % 5 == 0 && k % 5 == 0) },
        Case(spec: "hat:segment=1,step=2") { _, _, _ in true },
        Case(spec: "hibert:lengths=3/8/1") { q, k, _ in sentence(q) == sentence(k) },
        Case(spec: "hibert:longest=2,most=2,lengths=3/8/1") { q, k, _ in
            q == k || sentence(q) == sentence(k) && [0, 1, 3, 4].contains(q) && [0, 1, 3, 4].contains(k)
        },
        Case(spec: "hibert:level=2,lengths=3/8/1") { q, k, n in
            let ends = Set([0, 3, 11, 12].filter { $0 < n }.map { min(n, [0: 3, 3: 11, 11: 12][$0] ?? n) - 1 })
            return q == k || ends.contains(q) && ends.contains(k)
        },
        Case(spec: "hibert:level=2,longest=2,most=2,lengths=3/8/1") { q, k, n in
            let ends = Set([min(1, n - 1), n > 3 ? min(4, n - 1) : 0])
            return q == k || ends.contains(q) && ends.contains(k) && (n > 3 || q == k)
        },
        Case(spec: "chunk-join:size=5") { q, k, _ in q / 5 == k / 5 },
        Case(spec: "global-tokens") { q, k, _ in q == k },
        Case(spec: "global-tokens:globals=7/3/30/8") { q, k, _ in
            q == k || [3, 7, 8, 30].contains(q) || [3, 7, 8, 30].contains(k)
        },
        Case(spec: "pcw:lengths=3/8") { q, k, _ in k <= q && (q >= 11 || (q < 3) == (k < 3)) },
        Case(spec: "pcw:window=4,count=2") { q, k, _ in k <= q && (q >= 8 || q / 4 == k / 4) },
        Case(spec: "longlora:group=5,half=1") { q, k, _ in k <= q && q / 5 == k / 5 },
        Case(spec: "longlora:group=5") { q, k, _ in k <= q && (q + 2) / 5 == (k + 2) / 5 },
        Case(spec: "longlora") { q, k, n in
            let g = max(1, n / 4)
            return k <= q && (q + g / 2) / g == (k + g / 2) / g
        },
        Case(spec: "longlora:group=6,wrap=1") { q, k, n in
            let (a, b) = ((q + 3 * n - 3) % n, (k + 3 * n - 3) % n)
            return a / 6 == b / 6 && b <= a
        },
        Case(spec: "longnet:segments=3/6/12,ratios=1/2/4,head=1") { q, k, _ in
            k <= q
                && [(3, 1), (6, 2), (12, 4)].contains { w, r in
                    q / w == k / w && q % w % r == 1 % r && k % w % r == 1 % r
                }
        },
        Case(spec: "longnet:segments=4/12/20,ratios=1/2/3") { q, k, _ in
            k <= q
                && [(4, 1), (12, 2), (20, 3)].contains { w, r in q / w == k / w && q % w % r == 0 && k % w % r == 0 }
        },
        Case(spec: "time:threshold=12,keep=5") { q, k, n in k <= q && (n <= 12 || k < 5) },
        Case(spec: "time:threshold=0,keep=3,self=1") { q, k, _ in k <= q && (k < 3 || k == q) },
        Case(spec: "prefix:length=6") { q, k, _ in k <= q || k < 6 },
        Case(spec: "document:starts=0/4/5/19") { q, k, _ in
            k <= q && [0, 4, 5, 19].last { $0 <= q } == [0, 4, 5, 19].last { $0 <= k }
        },
        Case(spec: "document:starts=6,causal=0") { q, k, _ in (q < 6) == (k < 6) },
        Case(spec: "document:length=9") { q, k, _ in k <= q && q / 9 == k / 9 },
        Case(spec: "transformer-xl:segment=4,memory=6") { q, k, _ in k <= q && k >= q / 4 * 4 - 6 },
        Case(spec: "transformer-xl:memory=3,same-length=1") { q, k, _ in k <= q && q - k < 3 },
        Case(spec: "compressive:segment=4,memory=4,compressed=3,rate=2") { q, k, _ in
            k <= q && k >= q / 4 * 4 - 10
        },
        Case(spec: "compressive:segment=4,memory=2,compressed=9,rate=3,pooled=0") { q, k, _ in
            k <= q && k >= q / 4 * 4 - 2
        },
    ]

    /// Sentences of 3, 8 and 1 tokens, and what follows.
    private static func sentence(_ token: Int) -> Int { [3, 11, 12].filter { $0 <= token }.count }

    static let sizes = [1, 2, 3, 5, 8, 12, 13, 16, 17, 24, 31, 50, 101]

    func window(_ spec: String) throws -> any WindowMethod {
        try #require(try MethodSpec.parse(spec) as? any WindowMethod)
    }

    @Test(arguments: cases) func rowsAndReasonsAgreeWithTheDefinition(_ test: Case) throws {
        let window = try window(test.spec)
        for tokens in Self.sizes {
            for q in 0..<tokens {
                let expected = (0..<tokens).filter { test.allows(q, $0, tokens) }
                let keys = window.visibleKeys(query: q, tokens: tokens)
                #expect(keys.ranges.flatMap { Array($0) } == expected, "query \(q) of \(tokens)")
                #expect(keys == KeyRanges(keys.ranges), "not canonical: query \(q) of \(tokens)")
                let reasoned = (0..<tokens).filter { window.reason(query: q, key: $0, tokens: tokens).isVisible }
                #expect(reasoned == expected, "reason, query \(q) of \(tokens)")
            }
        }
    }

    /// Zones of any stretch of queries add up to 1 where a pair is allowed and to 0 where it is not.
    @Test(arguments: cases) func zonesAgreeWithTheDefinition(_ test: Case) throws {
        let window = try window(test.spec)
        for tokens in Self.sizes where tokens <= 50 {
            for queries in [0..<tokens, tokens / 3..<tokens / 3 + 1, tokens / 2..<tokens] {
                let sum = try #require(window.zones(of: queries, tokens: tokens))
                for q in 0..<tokens {
                    for k in 0..<tokens {
                        let expected = queries.contains(q) && test.allows(q, k, tokens) ? 1 : 0
                        #expect(sum.value(query: q, key: k) == expected, "\(q), \(k) of \(tokens) in \(queries)")
                    }
                }
            }
        }
    }

    @Test(arguments: cases) func blocksAreCountedExactly(_ test: Case) throws {
        for tokens in Self.sizes {
            let mask = try Mask(parsing: [test.spec], tokens: tokens)
            let listed = ListedMask(rows: (0..<tokens).map { mask.row($0) })
            for (rows, columns) in [(1, 1), (3, 4), (7, 7), (40, 33)] {
                let closed = mask.overview(rows: rows, columns: columns)
                let plain = listed.overview(rows: rows, columns: columns)
                #expect(closed == plain, "\(rows) × \(columns) of \(tokens)")
            }
            #expect(mask.allowedCount == listed.allowedCount)
        }
    }

    /// Masks of several methods are the boolean combination of their parts.
    @Test func intersectionsOfAnyTwo() throws {
        let tokens = 37
        for first in Self.cases {
            for second in Self.cases {
                let mask = try Mask(parsing: [first.spec, second.spec], tokens: tokens)
                let rows = (0..<tokens).map { q in
                    KeyRanges(
                        (0..<tokens).filter { first.allows(q, $0, tokens) && second.allows(q, $0, tokens) }
                            .map { $0..<$0 + 1 })
                }
                #expect((0..<tokens).allSatisfy { mask.row($0) == rows[$0] }, "\(mask.spec)")
                let overview = mask.overview(rows: 5, columns: 4)
                #expect(overview == ListedMask(rows: rows).overview(rows: 5, columns: 4), "\(mask.spec)")
            }
        }
    }

    /// The closed count of a zone against every pair, for random zones with and without combs.
    @Test func zonesCountTheirPairs() {
        var random = SplitMix(state: 5)
        func range(_ low: Int, _ high: Int) -> Range<Int> {
            let a = Int.random(in: low...high, using: &random)
            let b = Int.random(in: low...high, using: &random)
            return min(a, b)..<max(a, b)
        }
        func comb(_ period: Int) -> Congruence {
            Bool.random(using: &random)
                ? .all : Congruence(period: period, phase: Int.random(in: 0...9, using: &random))
        }
        for _ in 0..<20_000 {
            let period = Int.random(in: 1...6, using: &random)
            let zone = Zone(
                queries: range(0, 20), keys: range(0, 20), distances: range(-24, 24), queryComb: comb(period),
                keyComb: comb(period), distanceComb: comb(period))
            var count = 0
            for q in 0..<20 { for k in 0..<20 where zone.contains(query: q, key: k) { count += 1 } }
            #expect(zone.pairCount == count, "\(zone)")
            for q in [3, 11] {
                let keys = (0..<20).filter { zone.contains(query: q, key: $0) }
                #expect(KeyRanges(ZoneSum([zone]), query: q).ranges.flatMap { Array($0) } == keys, "\(zone)")
            }
        }
    }

    @Test func congruencesMeet() {
        for (p, a) in [(1, 0), (2, 1), (3, 0), (4, 2), (6, 5)] {
            for (q, b) in [(1, 0), (2, 0), (3, 2), (4, 3), (6, 1), (9, 5)] {
                let (first, second) = (Congruence(period: p, phase: a), Congruence(period: q, phase: b))
                let both = (-40..<40).filter { first.contains($0) && second.contains($0) }
                switch first.intersection(second) {
                case .some(let joint): #expect((-40..<40).filter { joint.contains($0) } == both)
                case .none: #expect(both.isEmpty)
                case .tooLong: Issue.record("\(p) and \(q) are short")
                }
            }
        }
    }
}

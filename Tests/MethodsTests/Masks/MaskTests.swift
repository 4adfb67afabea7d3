import RopewalkMethods
import Testing

@Suite struct MaskTests {
    static let specs: [[String]] = [
        ["causal"], ["full"], ["window:size=3"], ["lambda:sink=2,window=3"], ["lambda:sink=0,window=1"],
        ["window:size=5", "lambda:sink=1,window=2"],
    ]

    @Test(arguments: specs) func countsAndDensitiesAgreeWithEveryPair(specs: [String]) throws {
        for tokens in [1, 2, 5, 13] {
            let mask = try Mask(parsing: specs, tokens: tokens)
            let pairs = (0..<tokens).flatMap { q in (0..<tokens).map { (q, $0) } }
            let allowed = pairs.filter { mask.allows(query: $0, key: $1) }
            #expect(mask.allowedCount == allowed.count)
            #expect(mask.density == Double(allowed.count) / Double(tokens * tokens))
            #expect(mask.causalDensity == Double(allowed.count) / Double(tokens * (tokens + 1) / 2))
            for (q, k) in pairs { #expect(mask.reason(query: q, key: k).isVisible == mask.allows(query: q, key: k)) }
            for low in 0..<tokens {
                let block = allowed.filter { $0.0 >= low && $0.1 <= low }
                let density = mask.blockDensity(queries: low..<tokens + 5, keys: -3..<low + 1)
                #expect(density == Double(block.count) / Double((tokens - low) * (low + 1)))
            }
        }
    }

    @Test(arguments: specs) func blockDensitiesAreThoseOfEachBlock(specs: [String]) throws {
        let mask = try Mask(parsing: specs, tokens: 29)
        for (queries, keys) in [(0..<29, 0..<29), (3..<20, 5..<29), (4..<5, 0..<7)] {
            for (rows, columns) in [(1, 1), (3, 4), (7, 7), (29, 29), (40, 33)] {
                let fast = mask.overview(queries: queries, keys: keys, rows: rows, columns: columns).densities
                let plain = (0..<rows).flatMap { r in
                    (0..<columns).map { c in
                        mask.blockDensity(queries: part(queries, r, rows), keys: part(keys, c, columns))
                    }
                }
                #expect(zip(fast, plain).allSatisfy { abs($0 - $1) < 1e-12 } && fast.count == plain.count)
            }
        }
    }

    func part(_ range: Range<Int>, _ i: Int, _ n: Int) -> Range<Int> {
        range.lowerBound + i * range.count / n..<range.lowerBound + (i + 1) * range.count / n
    }

    @Test func theFirstWindowThatHidesAKeySaysWhy() throws {
        let mask = try Mask(parsing: ["window:size=8", "lambda:sink=4,window=2"], tokens: 32)
        #expect(mask.spec == "window:size=8 lambda:sink=4,window=2")
        #expect(mask.reason(query: 20, key: 2).sentence == "blocked: 20 − 2 = 18 ≥ window 8")
        #expect(mask.reason(query: 20, key: 15).sentence == "blocked: 20 − 15 = 5 ≥ window 2, and 15 ≥ sink 4")
        #expect(mask.reason(query: 7, key: 3).sentence == "kept as sink: 3 < sink 4")
        #expect(mask.reason(query: 20, key: 19).sentence == "kept as window: 20 − 19 = 1 < window 8")
    }

    @Test func aDecoderCutsTheFutureOff() throws {
        let mask = try Mask(Scenario(parsing: ["full"]), tokens: 4)
        #expect(mask.spec == "causal")
        #expect(mask.allowedCount == 10)
        #expect(mask.causalDensity == 1)
        #expect(mask.reason(query: 1, key: 2).rule == .future)
        #expect(mask.reason(query: 1, key: 1).rule == .visible)
        #expect(try Mask(parsing: ["full"], tokens: 4).allowedCount == 16)
    }

    @Test func whatHasNoMaskIsRefused() {
        func message(_ specs: [String], tokens: Int = 8) -> String {
            do throws(MethodError) { return (try Mask(parsing: specs, tokens: tokens)).spec } catch {
                return error.description
            }
        }
        #expect(
            message(["topk:k=2"]) == "topk:k=2,window=256,sink=4 selects by score, so it has no mask without a text")
        #expect(message(["pi"]) == "pi:factor=4 is a position method, it changes angles and hides no key")
        #expect(message(["causal"], tokens: 0) == "0 tokens: a mask takes 1 to 4,194,304")
        #expect(message(["causal"], tokens: .max) == "9,223,372,036,854,775,807 tokens: a mask takes 1 to 4,194,304")
        #expect(message([]).hasPrefix("empty method"))
    }

    @Test func whyOutsideOfTheMaskIsAnError() throws {
        let mask = try Mask(parsing: ["causal"], tokens: 8)
        #expect(try mask.why(query: 7, key: 0).isVisible)
        #expect(throws: MethodError.placeOutOfRange(8, tokens: 8)) { try mask.why(query: 8, key: 0) }
        #expect(throws: MethodError.placeOutOfRange(-1, tokens: 8)) { try mask.why(query: 2, key: -1) }
    }
}

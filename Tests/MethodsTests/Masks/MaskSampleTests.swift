import Testing

@testable import RopewalkMethods

/// Answers for some queries, and which rules need them.
@Suite struct MaskSampleTests {
    @Test func allQueriesAreTheWholeAnswer() throws {
        let mask = try Mask(parsing: ["expr:q * k % 7 < 3 && q != 5"], tokens: 90)
        let other = try Mask(parsing: ["causal"], tokens: 90)
        let sample = MaskSample(mask, against: other, queries: 1000)
        let diff = try MaskDiff(mask, other)
        #expect(sample.queries == 90 && sample.differing == diff.count)
        #expect(sample.empty == MaskScan(mask).empty.count && sample.leaks == MaskScan(mask).future.count)
        #expect(MaskSample(mask, queries: 1).queries == 1 && MaskSample(mask, queries: 7).differing == nil)
    }

    @Test(arguments: [
        ("k <= q && q - k < 9", false), ("(q * 7919 + k * 104729) % 64 < 32", false), ("q * k % 7 < 3", false),
        ("(q * k / 3) % 2 == 0", true), ("k * k % 1000 < q", true), ("(3 * k + q) % 70001 < 9", true),
    ]) func rulesWithoutAFormAreKnown(rule: String, looks: Bool) throws {
        let mask = try Mask(parsing: ["window:size=50+expr:" + rule], tokens: 200)
        #expect(mask.lookedAtPairs == (looks ? 200 * 200 : 0))
    }

    @Test func progressIsHeard() throws {
        let mask = try Mask(parsing: ["expr:q * k % 7 < 3"], tokens: 600)
        var heard: [Int] = []
        _ = MaskLint.findings(in: mask, expecting: MaskExpectation()) { done, total in
            #expect(total == 600)
            heard.append(done)
        }
        #expect(heard.first == 0 && heard.count > 2 && heard == heard.sorted())
    }
}

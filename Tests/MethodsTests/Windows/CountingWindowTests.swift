import Testing

@testable import RopewalkMethods

/// How often the softmax of BigBird and LongNet counts a key.
@Suite struct CountingWindowTests {
    /// Where nothing is drawn, block 0 stands for every drawn block.
    @Test func blockZeroStandsForEveryDraw() throws {
        let expected: [Int] = try ReferenceVectors("efficient-masks").value(
            "bigbird_hf_eval_multiplicity", "outputs.multiplicity_row_7", section: "algorithms")
        let method = BigBird(block: 1, random: 2, draw: 0)
        #expect((0..<16).map { method.times(query: 7, key: $0, tokens: 16) } == expected)
        #expect((0..<16).allSatisfy { method.times(query: 0, key: $0, tokens: 16) == 1 })
        let reason = method.reason(query: 7, key: 0, tokens: 16)
        #expect(reason.isVisible && reason.sentence.hasSuffix("; its authors' softmax counts it 3 times"))
        #expect(!method.reason(query: 7, key: 8, tokens: 16).sentence.contains("times"))
        // Short texts are read in full, once.
        #expect((0..<9).allSatisfy { method.times(query: 4, key: $0, tokens: 9) == 1 })
    }

    /// At 1,024 tokens some rows draw the last block, which they see anyway: as many as the vectors count.
    @Test func drawnBlocksThatAreSeenAnywayCountTwice() throws {
        let expected: [String: [Int]] = try ReferenceVectors("efficient-masks").value(
            "bigbird_random_overlap", "outputs.rows_with_overlap_of_rows", section: "algorithms")
        var (doubled, seen) = (0, 0)
        for seed in 0..<12 {
            for head in 0..<12 {
                let method = BigBird(block: 64, random: 3, seed: seed, head: head)
                for row in 1..<15 {
                    let times = (0..<16).map { method.times(query: row * 64, key: $0 * 64, tokens: 1024) }
                    let visible = (0..<16).map { method.visibleKeys(query: row * 64, tokens: 1024).contains($0 * 64) }
                    #expect(times.map { $0 > 0 } == visible, "seed \(seed), head \(head), block \(row)")
                    doubled += times.contains { $0 > 1 } ? 1 : 0
                    seen += 1
                }
            }
        }
        #expect([doubled, seen] == expected["1024"])
    }

    /// A key that two branches hold counts twice.
    @Test func branchesCountEach() throws {
        let method = try #require(
            try MethodSpec.parse("longnet:segments=4/8/16,ratios=1/2/4") as? any CountingWindow)
        #expect(
            (0..<16).map { method.times(query: 12, key: $0, tokens: 16) } == [
                1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 3, 0, 0, 0,
            ])
        for query in 0..<16 {
            let keys = method.visibleKeys(query: query, tokens: 16)
            #expect((0..<16).allSatisfy { (method.times(query: query, key: $0, tokens: 16) > 0) == keys.contains($0) })
        }
    }

    @Test func runsOfKeysThatCountAlike() throws {
        let windows: [any WindowMethod] = [SlidingWindow(size: 100), BigBird(block: 2, random: 2, draw: 0)]
        let times = KeyTimes(windows, query: 14, visible: KeyRanges([0..<1, 8..<15]), tokens: 32)
        #expect(times.runs == [.init(keys: 0..<1, times: 3)])
        #expect(times.times(of: 0) == 3 && times.times(of: 9) == 1)
        #expect(KeyTimes([SlidingWindow(size: 9)], query: 14, visible: KeyRanges(0..<9), tokens: 32).runs.isEmpty)
    }

    @Test func anExplanationSaysWhatNoMaskShows() throws {
        func sentence(_ spec: String, tokens: Int) throws -> String {
            let mask = try Mask(parsing: [spec], tokens: tokens)
            return try MaskExplanation(mask).sentence(of: mask)
        }
        #expect(
            try sentence("bigbird:block=4,random=2,draw=0", tokens: 64).hasSuffix(
                "; no mask shows that its authors' softmax counts some keys several times: query 4 keys 0 to 3, 3 times"
            ))
        #expect(try !sentence("bigbird:block=4,random=2,draw=0", tokens: 36).contains("several times"))
        #expect(try !sentence("window:size=4", tokens: 64).contains("several times"))
    }
}

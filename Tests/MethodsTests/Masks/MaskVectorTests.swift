import Testing

@testable import RopewalkMethods

/// The masks of the reference vectors, and those of the reference models, row by row.
@Suite struct MaskVectorTests {
    /// Rows of 0 and 1, as the keys of each query say.
    func rows(_ window: any WindowMethod, tokens: Int) -> [String] {
        (0..<tokens).map { query in
            let keys = window.visibleKeys(query: query, tokens: tokens)
            return String((0..<tokens).map { keys.contains($0) ? "1" : "0" })
        }
    }

    func window(_ spec: String) throws -> any WindowMethod {
        try #require(try MethodSpec.parse(spec) as? any WindowMethod)
    }

    static let positionMasks = [
        ("causal", "causal"), ("window4", "window:size=4"), ("chunk4", "chunked:size=4"),
        ("chunk4.back1", "chunked:size=4,back=1"), ("chunk4", "block-local:block=4"),
        ("pcw", "pcw:lengths=4/4/4"), ("pcw", "pcw:window=4,count=3"), ("pcw.uneven", "pcw:lengths=5/3/4"),
        ("lambda", "lambda:sink=2,window=4"), ("streaming.evictAfter", "streaming:sink=2,recent=4"),
        ("streaming.evictBefore", "streaming:sink=2,recent=4,evict-after=0"),
        ("time.literal", "time:threshold=10,keep=4"), ("time.self", "time:threshold=10,keep=4,self=1"),
        ("time.short", "time:threshold=10,keep=4"), ("nsa.window", "window:size=4"),
        ("s2attn.p1", "longlora:group=4,half=1"), ("s2attn.p2_separate", "longlora:group=4"),
        ("s2attn.p2_separate", "longlora"), ("s2attn.p2_wrap", "longlora:group=4,wrap=1"),
        ("hier", "hierarchical-chunk:size=4"),
    ]

    @Test(arguments: positionMasks) func positionAndWindowVectors(id: String, spec: String) throws {
        let expected: [String] = try ReferenceVectors().value(id, "rows", section: "masks")
        #expect(rows(try window(spec), tokens: expected.count) == expected)
    }

    static let efficientMasks = [
        ("dense_causal_16", "causal"), ("dense_full_16", "full"), ("st_strided_A1_paper_16", "strided:stride=4,step=1"),
        ("st_strided_A1_code_16", "strided:stride=4,step=1,inclusive=0"),
        ("st_strided_A2_16", "strided:stride=4,step=2"),
        ("st_strided_merged_paper_16", "strided:stride=4"),
        ("st_strided_merged_code_16", "strided:stride=4,inclusive=0"),
        ("st_fixed_A1_16", "fixed:stride=4,summary=1,step=1"), ("st_fixed_A2_16", "fixed:stride=4,summary=1,step=2"),
        ("st_fixed_merged_16", "fixed:stride=4,summary=1"), ("gpt3_band_16_w4", "banded:size=4"),
        ("longformer_w2_16", "longformer:window=4"), ("longformer_w2_g0_5_16", "longformer:window=4,globals=0/5"),
        ("longformer_w2_d2_16", "longformer:window=4,dilation=2"),
        ("longformer_w3_causal_d2_16", "longformer:window=6,dilation=2,causal=1"),
        ("longformer_w3_causal_d2_16", "dilated:size=4,dilation=2"),
        ("bigbird_16blocks_r2_seed0_head0", "bigbird:block=1,random=2,seed=0,heads=2"),
        ("bigbird_16blocks_r2_seed0_head1", "bigbird:block=1,random=2,seed=0,heads=2,head=1"),
        ("bigbird_16blocks_r2_seed0_head0", "bigbird:block=1,random=2,heads=2,draw=1"),
        ("bigbird_16blocks_r0", "bigbird:block=1,random=0"), ("bigbird_16blocks_r0", "bigbird:block=1,random=2,draw=0"),
        ("s2attn_plain_16", "longlora:half=1"), ("s2attn_shift_eager_16", "longlora:wrap=1"),
        ("s2attn_shift_clean_16", "longlora"), ("hat_segmentwise_16_K4", "hat:segment=4"),
        ("hat_crosssegment_16_K4", "hat:segment=4,step=2"),
        ("hibert_sentence_level_16", "document:starts=0/5/9,causal=0"), ("hibert_document_level_3", "full"),
        ("hibert_sentence_level_16", "hibert:lengths=5/4/7"),
        ("hibert_sentence_level_16", "hibert:level=1,lengths=5/4/7"),
        ("hibert_document_level_3", "hibert:level=2,lengths=1/1/1"), ("hat_segmentwise_16_K4", "chunk-join:size=4"),
        ("hat_segmentwise_16_K4", "hibert:level=1,lengths=4/4/4/4"),
        ("hourglass_short_4", "causal"), ("transformerxl_16_L4_M4", "transformer-xl:segment=4,memory=4"),
        ("transformerxl_same_length_16_M4", "transformer-xl:segment=4,memory=4,same-length=1"),
        ("longnet_16_head0", "longnet:segments=4/8/16,ratios=1/2/4"),
        ("longnet_16_head1", "longnet:head=1,segments=4/8/16,ratios=1/2/4"),
    ]

    @Test(arguments: efficientMasks) func efficientVectors(id: String, spec: String) throws {
        let expected: [String] = try ReferenceVectors("efficient-masks").value(id, "rows", section: "masks")
        #expect(rows(try window(spec), tokens: expected.count) == expected)
    }

    /// Every head has summary cells of its own.
    @Test(arguments: 0..<4) func fixedSummariesByHead(head: Int) throws {
        let expected: [String] = try ReferenceVectors("efficient-masks").value(
            "st_fixed_merged_16_head\(head)", "rows", section: "masks")
        let place = HeadPlace(layer: 0, head: head, layers: 1, heads: 4)
        let method = try #require(try window("fixed:stride=4,summary=1,verts=4").window(in: place))
        #expect(rows(method, tokens: 16) == expected)
    }

    /// What the reference implementations of the models really looked at.
    @Test(arguments: [
        ("longformer", "longformer:window=8,globals=0/5/21"), ("big_bird", "bigbird:block=4,random=1,draw=0"),
        ("big_bird_rand2", "bigbird:block=4,random=2,draw=0"), ("big_bird_full", "bigbird:block=4,random=1"),
    ]) func modelMasks(id: String, spec: String) throws {
        let entry = try ReferenceVectors("golden-masks").entry("masks", id)
        let expected = try #require(entry["rows"] as? [String])
        let tokens = try #require(entry["tokens"] as? Int)
        // Tokens after the text are padding, which sees nothing and is not seen.
        #expect(rows(try window(spec), tokens: tokens) == expected.prefix(tokens).map { String($0.prefix(tokens)) })
    }

    @Test func theLegacyGenerator() throws {
        let vectors = try ReferenceVectors("efficient-masks")
        func value<T>(_ path: String, as type: T.Type = T.self) throws -> T {
            try vectors.value("numpy_legacy_permutation", "outputs." + path, section: "algorithms")
        }
        var random = LegacyRandom(seed: 0)
        #expect((0..<5).map { _ in Int(random.next()) } == (try value("first_u32", as: [Int].self)))
        random = LegacyRandom(seed: 0)
        #expect(random.permutation(Array(0..<16)) == (try value("permutation_of_0_to_15", as: [Int].self)))
        random = LegacyRandom(seed: 0)
        let twice = [random.permutation(Array(0..<9)), random.permutation(Array(0..<9))]
        #expect(twice == (try value("permutation_of_0_to_8_then_again", as: [[Int]].self)))
    }

    @Test func bigBirdDrawsAsTheReleasedCode() throws {
        let vectors = try ReferenceVectors("efficient-masks")
        for head in 0..<2 {
            let expected: [[Int]] = try vectors.value(
                "bigbird_rand_16blocks", "outputs.rand_attn_head\(head)", section: "algorithms")
            let method = BigBird(block: 1, random: 2, head: head, heads: 2)
            #expect((1..<15).map { method.randomBlocks(of: $0, tokens: 16) } == expected)
        }
        func outputs<T>(_ name: String, as type: T.Type = T.self) throws -> T {
            try vectors.value("bigbird_rand_4096_seed0", "outputs." + name, section: "algorithms")
        }
        func blocks(_ head: Int) -> [[Int]] {
            let method = BigBird(block: 64, random: 3, head: head, heads: 12)
            return (1..<63).map { method.randomBlocks(of: $0, tokens: 4096) }
        }
        #expect(Array(blocks(0).prefix(6)) == (try outputs("head0_rows_0_to_5", as: [[Int]].self)))
        #expect(blocks(0).last == (try outputs("head0_last_row", as: [Int].self)))
        #expect(blocks(11).last == (try outputs("head11_last_row", as: [Int].self)))
        let all = (0..<12).flatMap { blocks($0).flatMap { $0 } }
        #expect(all.reduce(0, +) == (try outputs("sum_of_all_entries", as: Int.self)))
        #expect(all.max() == (try outputs("max_block_id", as: Int.self)))
    }

    /// At 4,096 tokens no drawn block is one that is seen anyway, so that the pairs that are computed are those of the mask.
    @Test func bigBirdComputesAsManyPairs() throws {
        let vectors = try ReferenceVectors("efficient-masks")
        func output(_ name: String) throws -> Int {
            try vectors.value("bigbird_pairs_4096", "outputs." + name, section: "numeric")
        }
        for head in [0, 7] {
            let method = BigBird(block: 64, random: 3, head: head)
            let mask = try Mask(windows: [method], tokens: 4096, isCausal: false)
            #expect(mask.allowedCount == (try output("pairs")))
            let fraction: Double = try vectors.value(
                "bigbird_pairs_4096", "outputs.fraction", section: "numeric")
            // Written with nine digits.
            #expect(abs(mask.density - fraction) < 1e-9)
            func times(_ query: Int) -> Int {
                (0..<4096).reduce(0) { $0 + method.times(query: query, key: $1, tokens: 4096) }
            }
            #expect(times(64 * 30 + 5) == (try output("keys_per_middle_query")))
            #expect(times(64 + 5) == (try output("keys_second_row")))
        }
        let full = try Mask(windows: [try window("full")], tokens: 4096, isCausal: false)
        #expect(full.allowedCount == (try output("dense_pairs")))
    }

    /// At 1,024 tokens a drawn block may be the global one at the end; the counts are over seeds 0 to 11 and 12 heads.
    @Test func drawnBlocksThatAreGlobalToo() throws {
        let expected: [String: [Int]] = try ReferenceVectors("efficient-masks").value(
            "bigbird_random_overlap", "outputs.rows_with_overlap_of_rows", section: "algorithms")
        for (tokens, counts) in expected {
            let (tokens, last) = (try #require(Int(tokens)), try #require(Int(tokens)) / 64 - 1)
            var overlaps = 0
            var rows = 0
            for seed in 0..<12 {
                for head in 0..<12 {
                    let method = BigBird(block: 64, random: 3, seed: seed, head: head, heads: 12)
                    for row in 1..<last {
                        let seen = Set([0, last, row - 1, row, row + 1])
                        rows += 1
                        if !seen.isDisjoint(with: method.randomBlocks(of: row, tokens: tokens)) { overlaps += 1 }
                    }
                }
            }
            #expect([overlaps, rows] == counts, "\(tokens)")
        }
    }

    @Test func compressedSlots() throws {
        struct Step: Decodable {}
        let vectors = try ReferenceVectors()
        let steps = try #require(try vectors.entry("memory", "compressive")["expected"] as? [[String: Any]])
        let method = CompressiveWindow(segment: 4, memory: 4, compressed: 4, rate: 2)
        for (index, step) in steps.enumerated() {
            let start = index * 4
            #expect(Array(method.memory(before: start)) == step["memory"] as? [Int])
            let slots = method.slots(before: start).map { [$0.lowerBound, $0.upperBound - 1] }
            #expect(slots == step["compressed"] as? [[Int]])
        }
        let span: Int = try ReferenceVectors("efficient-masks").value(
            "compressive_slots", "outputs.oldest_position_visible", section: "algorithms")
        #expect(method.visibleKeys(query: 31, tokens: 32).ranges.first?.lowerBound == span)
        let last: [[Any]] = try ReferenceVectors("efficient-masks").value(
            "compressive_slots", "outputs.slots_last_segment", section: "algorithms")
        func tokens(_ kind: String) -> [Range<Int>] {
            last.filter { $0[0] as? String == kind }.map { ($0[1] as? Int ?? 0)..<($0[2] as? Int ?? 0) + 1 }
        }
        #expect(method.slots(before: 28) == tokens("cm"))
        #expect(method.memory(before: 28).map { $0..<$0 + 1 } == tokens("mem"))
        #expect((method.start(of: 31)..<32).map { $0..<$0 + 1 } == tokens("cur"))
        let reach: Int = try ReferenceVectors("efficient-masks").value(
            "compressive_slots", "outputs.span", section: "algorithms")
        #expect(32 - (method.visibleKeys(query: 31, tokens: 32).ranges.first?.lowerBound ?? 0) == reach)
    }

    /// Segment of 4 behind a memory of 4: column j of the vectors is token 4 · segment − 4 + j.
    @Test func transformerXLSpans() throws {
        let vectors = try ReferenceVectors()
        for (id, sameLength) in [("xl", false), ("xl.same", true)] {
            let expected = try #require(try vectors.entry("memory", id)["rows"] as? [String])
            let all = rows(TransformerXL(segment: 4, memory: 4, hasSameLength: sameLength), tokens: 12)
            #expect(all.suffix(4).map { String($0.suffix(8)) } == expected)
        }
    }

    @Test func summariesOfEarlierChunks() throws {
        let expected: [String] = try ReferenceVectors().value("hier", "summaryRows", section: "masks")
        let method = HierarchicalChunk(size: 4)
        let rows = (0..<16).map { query in
            String((0..<4).map { method.summaries(query: query).contains($0) ? "1" : "0" })
        }
        #expect(rows == expected)
    }

    @Test func layersAndHeadsThatTakeTurns() throws {
        func spec(_ spec: String, layer: Int = 0, head: Int = 0) throws -> String? {
            try window(spec).window(in: HeadPlace(layer: layer, head: head, layers: 6, heads: 4))?.spec
        }
        let kinds: [String] = try ReferenceVectors("efficient-masks").value(
            "gpt3_alternation", "outputs.kinds", section: "algorithms")
        #expect(
            try (0..<6).map { try spec("banded:size=4", layer: $0) }
                == kinds.map { $0 == "band" ? "window:size=4" : "causal" })
        #expect(try spec("longlora:group=4", head: 1) == "longlora:group=4,half=1,wrap=0")
        #expect(try spec("longlora:group=4", head: 2) == "longlora:group=4,half=2,wrap=0")
        #expect(try spec("bigbird:seed=5", layer: 3, head: 1)?.contains("seed=8,causal=0,head=1,heads=4") == true)
        #expect(try spec("hat:segment=4", layer: 1) == "hat:segment=4,step=2,layout=interleaved")
        #expect(try spec("longnet", head: 3) == "longnet:head=3")
        #expect(try spec("window:size=4", layer: 3) == "window:size=4")
    }
}

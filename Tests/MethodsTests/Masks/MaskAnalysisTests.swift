import Testing

@testable import RopewalkMethods

/// Reach through layers, blocks for kernels, and claims, against the reference vectors.
@Suite struct MaskAnalysisTests {
    func mask(_ specs: String..., tokens: Int = 16) throws -> Mask { try Mask(parsing: specs, tokens: tokens) }

    func outputs<T>(_ id: String, _ path: String, section: String = "algorithms", as type: T.Type = T.self) throws -> T
    {
        try ReferenceVectors("efficient-masks").value(id, "outputs." + path, section: section)
    }

    /// One step after the other over all pairs, as the definition says.
    func plainDepths(_ layers: [Mask], from key: Int) -> [Int?] {
        var depths = [Int?](repeating: nil, count: layers[0].tokens)
        depths[key] = 0
        for (index, layer) in layers.enumerated() {
            let known = depths
            for q in depths.indices where depths[q] == nil {
                if depths.indices.contains(where: { known[$0] != nil && layer.allows(query: q, key: $0) }) {
                    depths[q] = index + 1
                }
            }
        }
        return depths
    }

    static let stacks = [
        ["window:size=4", "window:size=3", "window:size=2"],
        ["fixed:stride=4,summary=1,step=1", "fixed:stride=4,summary=1,step=2"],
        ["hat:segment=4", "hat:segment=4,step=2", "hat:segment=4"],
        ["dilated:size=2,dilation=5", "block-local:block=3", "causal"],
        ["bigbird:block=1,random=1", "longformer:window=2"],
        ["longnet:head=1,segments=4/8,ratios=1/2", "strided:stride=4,step=2"],
    ]

    @Test(arguments: stacks) func reachAgreesWithTheDefinition(specs: [String]) throws {
        let layers = try specs.map { try mask($0, tokens: 19) }
        let reachability = Reachability(layers)
        let table = try #require(ReachTable(layers))
        for key in 0..<19 {
            let depths = plainDepths(layers, from: key)
            #expect(reachability.depths(from: key) == depths)
            for query in 0..<19 {
                let isReached = depths[query] != nil
                #expect(table.reaches(query: query, key: key) == isReached)
                #expect(reachability.keys(reaching: query).contains(key) == isReached)
                let path = reachability.path(from: key, to: query)
                #expect((path != nil) == isReached)
                guard let path else { continue }
                #expect((path.last.map { $0.layer + 1 } ?? 0) == depths[query])
                #expect((path.first?.key ?? query) == key && (path.last?.query ?? key) == query)
                for hop in path { #expect(layers[hop.layer].allows(query: hop.query, key: hop.key)) }
                for (a, b) in zip(path, path.dropFirst()) { #expect(a.query == b.key && a.layer < b.layer) }
            }
        }
    }

    @Test func reachVectors() throws {
        let block = try mask("fixed:stride=4,summary=1,step=1")
        let cells = try mask("fixed:stride=4,summary=1,step=2")
        func rows(_ layers: [Mask]) throws -> [String] {
            let table = try #require(ReachTable(layers))
            return (0..<16).map { q in String((0..<16).map { table.reaches(query: q, key: $0) ? "1" : "0" }) }
        }
        #expect(
            try rows([block, cells])
                == outputs("st_fixed_two_layer_reach", "first_A1_then_A2_with_residual_rows", as: [String].self))
        #expect(
            try rows([cells, block])
                == outputs("st_fixed_two_layer_reach", "first_A2_then_A1_with_residual_rows", as: [String].self))
        let (one, other) = (try #require(ReachTable([block, cells])), try #require(ReachTable([cells, block])))
        #expect(
            one.count - other.count
                == (try outputs("st_fixed_two_layer_reach", "pairs_missing_in_second_order", as: Int.self)))
        let segments = try mask("hat:segment=4")
        let across = try mask("hat:segment=4,step=2")
        #expect(try ReachTable([segments])?.count == outputs("hat_reach", "after_SW", as: Int.self))
        #expect(try ReachTable([segments, across])?.count == outputs("hat_reach", "after_SW_CS", as: Int.self))
        #expect(
            try ReachTable([segments, across, segments])?.count == outputs("hat_reach", "after_SW_CS_SW", as: Int.self))
        let fields: [[Int]] = try outputs("longformer_receptive_field", "reach_of_query_8")
        let band: [Int] = try outputs("receptive_field_band4", "reachable_keys_after_L_layers")
        for layers in 1...4 {
            let keys = try Reachability(mask("longformer:window=4"), layers: layers).keys(reaching: 8)
            #expect(keys.ranges.map { [$0.lowerBound, $0.upperBound - 1] } == [fields[layers - 1]])
        }
        for (index, count) in band.enumerated() {
            #expect(try Reachability(mask("window:size=4"), layers: index + 1).keys(reaching: 15).count == count)
        }
        #expect(ReachTable([try mask("causal", tokens: 2049)]) == nil)
    }

    static let tiled = [
        ("dense_causal_16", "causal"), ("gpt3_band_16_w4", "window:size=4"),
        ("st_strided_A2_16", "strided:stride=4,step=2"),
        ("st_fixed_merged_16", "fixed:stride=4,summary=1"),
        ("longformer_w2_g0_5_16", "longformer:window=4,globals=0/5"),
        ("bigbird_16blocks_r2_seed0_head0", "bigbird:block=1,random=2,heads=2"),
    ]

    @Test(arguments: tiled) func blocksForKernels(id: String, spec: String) throws {
        let all: [String: [String: Double]] = try ReferenceVectors("efficient-masks").value(
            "block_density_4x4", "outputs", section: "algorithms")
        let expected = try #require(all[id])
        let mask = try mask(spec)
        let listed = ListedMask(rows: (0..<16).map { mask.row($0) })
        for tiles in [try MaskTiles(mask, side: 4), try MaskTiles(listed, side: 4)] {
            let counts = [tiles.count, tiles.full, tiles.partial, tiles.empty].map(Double.init)
            #expect(counts == [expected["blocks"], expected["full"], expected["partial"], expected["empty"]])
            #expect(tiles.density == expected["block_density"] && mask.density == expected["element_density"])
            // The vectors are rounded to nine digits.
            #expect(abs(tiles.efficiency - (expected["tile_efficiency"] ?? 0)) < 1e-8)
        }
    }

    @Test func blocksThatDoNotDivideTheText() throws {
        // As PyTorch's BlockMask: what is in part beyond the text is not full.
        let tiles = try MaskTiles(mask("causal", tokens: 10), side: 4)
        #expect((tiles.full, tiles.partial, tiles.empty, tiles.allowed) == (1, 5, 3, 55))
        #expect(tiles.computed == 16 + (16 + 16) + (8 + 8 + 4))
        #expect(throws: MethodError.self) { try MaskTiles(mask("causal", tokens: 1 << 20), side: 16) }
        let flex = try MaskTiles(mask("window:size=200", tokens: 1024), side: 128)
        #expect(
            flex.density
                == (try outputs("flex_blockmask_1024_w200", "block_density", section: "numeric", as: Double.self)))
        func flexOutput<T>(_ name: String, as type: T.Type = T.self) throws -> T {
            try outputs("flex_blockmask_1024_w200", name, section: "numeric")
        }
        let counts = [flex.count, flex.full, flex.partial, flex.empty]
        #expect(counts == (try ["blocks", "full", "partial", "empty"].map { try flexOutput($0, as: Int.self) }))
        // PyTorch's percentage: of all pairs those in tiles that are not computed.
        let sparsity = 100 * (1 - Double(flex.computed) / (1024 * 1024))
        #expect(sparsity == (try flexOutput("sparsity_percent", as: Double.self)))
        // Written with nine digits.
        #expect(abs(flex.efficiency - (try flexOutput("tile_efficiency", as: Double.self))) < 1e-9)
        let pairs = try mask("window:size=200", tokens: 1024).density
        #expect(abs(pairs - (try flexOutput("element_density", as: Double.self))) < 1e-9)
    }

    @Test func lintVectors() throws {
        let reports: [[String: Any]] = try outputs("mask_lint", "reports")
        let cases = [
            ("fixed:stride=4,summary=1,step=2", 2), ("longlora:group=4,wrap=1", 1), ("banded:size=4", 3),
        ]
        for ((spec, layers), report) in zip(cases, reports) {
            let mask = try mask(spec)
            let counts = Dictionary(
                uniqueKeysWithValues: MaskLint.findings(in: mask, expecting: MaskExpectation()).map {
                    ($0.kind, $0.count)
                })
            #expect(counts[.emptyQuery] ?? 0 == (report["dead_query_rows"] as? [Int])?.count)
            #expect(counts[.future] ?? 0 == (report["non_causal_leaks"] as? [[Int]])?.count)
            let lost = MaskLint.unreachableTokens(Array(repeating: mask, count: layers))
            // The vectors leave the residual of the last query itself out: it reaches itself anyway.
            let expected = (report["unreachable_from_last_query"] as? [Int])?.filter { $0 != 15 }
            #expect(lost?.count ?? 0 == expected?.count)
        }
    }

    @Test func claimsAreCheckedOneByOne() throws {
        func findings(_ spec: String, _ claims: String, tokens: Int = 16) throws -> [String] {
            try MaskLint.findings(in: mask(spec, tokens: tokens), claims: MaskClaim.parse(claims), block: 4)
                .map { "\($0.kind.rawValue): \($0.message)" }
        }
        #expect(try findings("window:size=4", "causal,self,window=4,no-empty-rows,no-unseen-keys,keys<=4").isEmpty)
        #expect(try findings("lambda:sink=2,window=4", "window=4,sinks=2,density<0.4,blocks<=0.625,keys==6").isEmpty)
        #expect(
            try findings("window:size=5", "window=4")
                == ["window: queries whose window is not the stated 4: 12, first: query 4 sees key 0, 4 before it"])
        #expect(try findings("longformer:window=4", "symmetric,self,reach<=8").isEmpty)
        #expect(try findings("longformer:window=4", "reach<=7") == ["claim: reach is 8, not <= 7"])
        #expect(try findings("window:size=4", "reach==5").isEmpty)
        #expect(try findings("block-local:block=4", "reach<=500") == ["claim: reach is beyond 500, not <= 500"])
        #expect(try findings("full", "causal").count == 1)
        #expect(
            try findings("time:threshold=0,keep=3", "self")
                == ["hidden-self: queries that do not see themselves: 13, first: query 3"])
        #expect(try findings("causal", "density<=0.1,causal-density==1") == ["claim: density is 0.53125, not <= 0.1"])
    }

    /// Windows, documents, padding and spans, claimed together.
    @Test func patternsAreCheckedTogether() throws {
        func findings(_ specs: [String], _ claims: String) throws -> [String] {
            let mask = try Mask(parsing: specs, tokens: 64)
            return try MaskLint.findings(in: mask, claims: MaskClaim.parse(claims)).map {
                "\($0.kind.rawValue) \($0.count)"
            }
        }
        let packed = ["window:size=16", "document:starts=20/50"]
        #expect(try findings(packed, "window=16,documents=20/50,causal").isEmpty)
        #expect(try findings(["causal"], "documents=20/50") == ["documents 1300"])
        #expect(try findings(["document:starts=21/50"], "documents=20/50") == ["documents 20", "documents 29"])
        #expect(try findings(["window:size=16"], "window=16,sinks=4") == ["sinks 186"])
        #expect(try findings(["causal", "expr:k >= 10"], "padding=left:10").isEmpty)
        #expect(try findings(["causal"], "padding=left:6") == ["padding 369"])
        #expect(try findings(["prefix:length=30", "expr:k >= 6"], "padding=left:6,prefix=30").isEmpty)
        #expect(try findings(["chunked:size=16"], "chunks=16").isEmpty)
        #expect(try findings(["causal"], "chunks=16") == ["chunks 1536"])
        let spans = "causal+expr:q / 8 == 1 && k / 8 == 1"
        #expect(try findings([spans], "bidirectional=8-15").isEmpty)
        #expect(try findings(["causal"], "bidirectional=8-15,20-21") == ["bidirectional 29"])
        #expect(try findings(["window:size=17"], "equals=window:size=16") == ["rule 48"])
    }

    /// A claim about tokens that are not there holds of any mask.
    @Test func claimsOfTokensThatAreNotThere() throws {
        let causal = try mask("causal", tokens: 16)
        func error(_ text: String) throws -> String? {
            let claims = try MaskClaim.parse(text)
            do throws(MethodError) { _ = try MaskLint.findings(in: causal, claims: claims) } catch {
                return error.description
            }
            return nil
        }
        let there = "the mask has tokens 0 to 15: claim what it has"
        #expect(try error("bidirectional=2-3,20-30") == "'bidirectional=20-30': \(there)")
        #expect(try error("documents=0/99") == "'documents=99': \(there)")
        #expect(try error("prefix=17") == "'prefix=17': \(there)")
        #expect(try error("padding=right:17") == "'padding=right:17': \(there)")
        #expect(try error("bidirectional=12-15,documents=15,prefix=16,padding=left:16,window=99,sinks=99") == nil)
    }

    @Test func claimsOfPlacesThatAreNotThere() throws {
        let counts = HeadCounts(items: 3, layers: 2, heads: 1)
        func error(_ text: String) throws -> String? {
            let claims = try MaskClaim.parse(text)
            do throws(MethodError) { for claim in claims { try claim.requirePlaces(in: counts) } } catch {
                return error.description
            }
            return nil
        }
        #expect(try error("causal@items=5") == "'@items=5': there are items 0 to 2: name what is there")
        #expect(try error("causal@layers=0/2") == "'@layers=0/2': there are layers 0 to 1: name what is there")
        #expect(try error("causal@heads=1") == "'@heads=1': there is head 0 only: name what is there")
        let lengths = "lengths for items 0 to 2: give one, or one for each item"
        #expect(try error("padding=left:0/0") == "'padding=left:0/0': 2 \(lengths)")
        #expect(try error("padding=left:0/0/0/4") == "'padding=left:0/0/0/4': 4 \(lengths)")
        #expect(try error("padding=left:4,padding=left:0/0/4,causal@items=0-2@layers=1@heads=0") == nil)
    }

    @Test func claimsThatCannotBeRead() {
        func error(_ text: String) -> String? {
            do throws(MethodError) { _ = try MaskClaim.parse(text) } catch { return error.description }
            return nil
        }
        #expect(error("causal, density <= 0.5") == nil)
        #expect(error("casual")?.hasPrefix("'casual': it takes causal, two-sided, self, symmetric") == true)
        #expect(error("causal,")?.hasPrefix("'': it takes causal") == true)
        #expect(error("density<=x") == "'density<=x': write density<=NUMBER, or with >=, <, > or ==")
        #expect(error("window=0") == "'window=0': window takes whole numbers 1 to 1,073,741,824 tokens")
        #expect(error("sinks=3") == nil)
        #expect(error("padding=top:3") == "'padding=top:3': write padding=left:N or padding=right:N")
        #expect(error("bidirectional=9-8")?.hasPrefix("'bidirectional=9-8': write the first and last token") == true)
        #expect(error("documents=20/20")?.contains("ascend") == true)
    }

    @Test func differencesAreAMask() throws {
        let (a, b) = (try mask("window:size=5", tokens: 40), try mask("lambda:sink=2,window=3", tokens: 40))
        let difference = try MaskDifference(a, b)
        for q in 0..<40 {
            let keys = (0..<40).filter { a.allows(query: q, key: $0) != b.allows(query: q, key: $0) }
            #expect(difference.row(q).ranges.flatMap { Array($0) } == keys)
        }
        #expect(difference.allowedCount == (try MaskDiff(a, b)).count)
    }

    /// Every static mask over a million tokens is drawn without looking at its rows.
    @Test func overviewsOfAMillionTokensAreExact() throws {
        for type in Catalogue.all where type.description.family == .window {
            // Sentences come from a text.
            let units = (type.init(values: type.description.parameters.map(\.defaultValue)) as? any PartedMethod)?.unit
            guard units == nil else { continue }
            let mask = try Mask(parsing: [type.description.name], tokens: 1 << 20)
            let overview = mask.overview(rows: 20, columns: 30)
            #expect(overview.sampling == 1, "\(mask.spec)")
            // A block in the middle of the diagonal, counted row by row.
            let queries = (10 << 20) / 20..<(10 << 20) / 20 + 64
            let keys = (10 << 20) / 20 - 2000..<(10 << 20) / 20 + 64
            let plain = queries.reduce(0) { $0 + mask.row($1).count(in: keys) }
            #expect(mask.count(queries: queries, keys: keys) == plain, "\(mask.spec)")
        }
    }
}

import Testing

@testable import RopewalkMethods

/// The worked examples of the selections, and the same data through the selectors.
@Suite struct SelectionVectorTests {
    let vectors: ReferenceVectors

    init() throws { vectors = try ReferenceVectors() }

    func value<T>(_ id: String, _ path: String, as type: T.Type = T.self) throws -> T {
        try vectors.value(id, path, section: "selection", as: type)
    }

    /// The queries and keys that many examples share.
    func shared() throws -> PlainStates {
        let queries: [[Double]] = try vectors.value("moba", "Q", section: "masks")
        let keys: [[Double]] = try vectors.value("moba", "K", section: "masks")
        return PlainStates(queries: queries.map { $0.map(Float.init) }, keys: keys.map { $0.map(Float.init) })
    }

    func row(_ keys: KeyRanges) -> String { String((0..<16).map { keys.contains($0) ? "1" : "0" }) }

    @Test func focusedTransformerRows() throws {
        let rows: [String] = try vectors.value("knn", "rows", section: "masks")
        let choices = FocusedTransformer(k: 2, window: 4).choices(try shared())
        #expect(choices.map { row($0.keys) } == rows)
    }

    @Test func mobaRows() throws {
        let rows: [String] = try vectors.value("moba", "rows", section: "masks")
        #expect(MoBA(block: 4, topk: 2).choices(try shared()).map { row($0.keys) } == rows)
    }

    @Test func nsa() throws {
        let method = NSA(length: 4, stride: 2, block: 4, blocks: 3, first: 1, local: 1, window: 1)
        let rows: [String] = try vectors.value("nsa.selected", "rows", section: "masks")
        #expect(method.choices(try shared()).map { row($0.keys) } == rows)
        let counts: [Int] = try vectors.value("nsa.compressed", "counts", section: "masks")
        #expect((0..<16).map { method.compressedCount(query: $0) } == counts)
        let expected: [[Double]] = try vectors.value("nsa.selected", "blockScores", section: "masks")
        let blocks: [[Int]] = try vectors.value("nsa.selected", "selectedBlocks", section: "masks")
        let states = try shared()
        for query in 0..<16 {
            let pooled = (0..<counts[query]).map { index in
                (index * 2..<index * 2 + 4).reduce(0) { $0 + states.score(query, $1, head: 0) } / 4
            }
            let scores = method.blockScores(weights: plainSoftmax(pooled), query: query)
            #expect(agree(scores + Array(repeating: 0, count: 4 - scores.count), expected[query]))
            // The scores as listed decide as listed, ties included.
            let listed = Array(expected[query].prefix(query / 4 + 1))
            #expect(method.chosenBlocks(scores: listed) == blocks[query])
        }
        let windows = NSA(length: 4, stride: 2, block: 4, blocks: 3, first: 1, local: 1, window: 4)
        let windowRows: [String] = try vectors.value("nsa.window", "rows", section: "masks")
        for (query, choice) in windows.choices(states).enumerated() {
            let union = zip(rows[query], windowRows[query]).map { $0 == "1" || $1 == "1" ? "1" : "0" }.joined()
            #expect(row(choice.keys) == union)
        }
    }

    @Test(arguments: ["infllm.q15", "infllm.q14"]) func infllm(id: String) throws {
        let query: Int = try value(id, "params.query")
        let method = InfLLM(
            first: try value(id, "params.n_init"), local: try value(id, "params.n_local"),
            block: try value(id, "params.block_size"), topk: try value(id, "params.topk"),
            representatives: try value(id, "params.repr_topk"))
        #expect(method.blockCount(query: query) == (try value(id, "expected.nBlocks")))
        #expect(Array(method.remainder(query: query)) == (try value(id, "expected.remainder")))
        let scores: [Double] = try value(id, "inputs.representativeScore")
        let representatives = (0..<method.blockCount(query: query)).map {
            method.representatives(of: $0, scores: Array(scores[method.blockRange($0)]))
        }
        #expect(representatives == (try value(id, "expected.representatives")))
        let keys: [[Double]] = try value(id, "inputs.K")
        let q: [Double] = try value(id, "inputs.q")
        let products = representatives.map { tokens in
            tokens.reduce(0) { $0 + zip(q, keys[$1]).reduce(0) { $0 + $1.0 * $1.1 } } / Double(tokens.count)
        }
        #expect(agree(products, try value(id, "expected.blockScores")))
        let chosen = method.blocks(scores: products)
        #expect(chosen == (try value(id, "expected.chosenBlocks")))
        let local = Array(max(0, query - method.local + 1)...query)
        let first = Array(0..<method.first)
        let memory = chosen.flatMap { Array(method.blockRange($0)) }
        #expect(memory == (try value(id, "expected.memoryTokens")))
        let remainder = Array(method.remainder(query: query))
        #expect((first + memory + remainder + local).sorted() == (try value(id, "expected.allowed")))
    }

    @Test func landmark() throws {
        let logits: [Double] = try value("landmark.q13", "inputs.logits")
        let weights = Landmark(block: 3, topk: 2).weights(logits: logits, query: 13)
        #expect(agree(weights, try value("landmark.q13", "expected.weights")))
        #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
    }

    @Test func quest() throws {
        let query = try (value("quest", "inputs.q") as [Double]).map(Float.init)
        var bounds = PageBounds(page: 4, dimension: query.count)
        bounds.append(try (value("quest", "inputs.K") as [[Double]]).flatMap { $0.map(Float.init) })
        let scores = bounds.scores(with: query)
        #expect(scores == (try value("quest", "expected.pageScores")))
        #expect(
            Quest(page: 4, budget: 8, denseLayers: 0, keepsLastPage: false).pages(scores: scores)
                == (try value("quest", "expected.pagesEval")))
        #expect(
            Quest(page: 4, budget: 8, denseLayers: 0, keepsLastPage: true).pages(scores: scores)
                == (try value("quest", "expected.pagesKernel")))
        let highest: [Double] = try value("quest", "expected.trueMaxPerPage")
        #expect(zip(scores, highest).allSatisfy { $0 >= $1 })
    }

    @Test func unlimiformer() throws {
        let expected: [[Int]] = try value("unlimiformer.windows", "expected.windows")
        let windows = Unlimiformer.windows(tokens: 20, size: 8, overlap: 0.5)
        #expect(
            windows.map { [$0.context.lowerBound, $0.context.upperBound, $0.kept.lowerBound, $0.kept.upperBound] }
                == expected)
        let keys: [[Double]] = try value("unlimiformer.topk", "inputs.K")
        let q: [Double] = try value("unlimiformer.topk", "inputs.q")
        let scores = keys.map { zip(q, $0).reduce(0) { $0 + $1.0 * $1.1 } }
        #expect(Unlimiformer.nearest(3, scores: scores) == (try value("unlimiformer.topk", "expected.selected")))
    }

    /// Windows of any size keep every token once, from a window that reads it.
    @Test func unlimiformerWindowsCoverTheText() {
        for tokens in 1...40 {
            for size in 2...9 {
                for overlap in [0, 0.25, 0.5, 0.75] {
                    let windows = Unlimiformer.windows(tokens: tokens, size: size, overlap: overlap)
                    #expect(windows.flatMap { Array($0.kept) } == Array(0..<tokens))
                    for window in windows {
                        #expect(window.context.clamped(to: window.kept) == window.kept)
                        #expect(window.context.count == min(size, tokens))
                    }
                }
            }
        }
    }

    @Test func dynamicHeads() throws {
        let method = DynamicHeads(limits: [512, 2048], heads: [4, 8])
        let lengths: [Int] = try value("dynamic_heads", "inputs.N")
        #expect(
            lengths.map { method.activeHeads(tokens: $0, of: 16) } == (try value("dynamic_heads", "expected.active")))
    }

    @Test func retro() throws {
        let method = RETRO(chunk: 4, neighbours: 2, window: 1)
        let chunks = try #require(try vectors.entry("memory", "retro")["expected"] as? [String: [Any]])
        #expect((0..<16).map { method.neighbourChunk(query: $0) } == chunks["neighbourChunk"]?.map { $0 as? Int })
        #expect((0..<16).map { method.crossKeys(query: $0) } == chunks["crossKeys"]?.compactMap { $0 as? Int })
    }

    @Test func memorizing() throws {
        func numbers<T>(_ path: String, as type: T.Type = T.self) throws -> T {
            try vectors.value("memorizing", path, section: "memory")
        }
        func products(_ keys: [[Double]], _ q: [Double]) -> [Double] {
            keys.map { zip($0, q).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        let q: [Double] = try numbers("inputs.q")
        let scores = products(try numbers("inputs.memK"), q)
        #expect(scores == (try numbers("expected.memScores")))
        let selected = MemorizingTransformer.nearest(2, scores: scores)
        #expect(selected == (try numbers("expected.selected")))
        let memoryValues = try (numbers("inputs.memV") as [[Double]])
        let localValues: [[Double]] = try numbers("inputs.localV")
        let localScores = products(try numbers("inputs.localK"), q)
        let memory = MemorizingTransformer.output(
            scores: selected.map { scores[$0] }, values: selected.map { memoryValues[$0] })
        let local = MemorizingTransformer.output(scores: localScores, values: localValues)
        #expect(agree(memory, try numbers("expected.memOut")))
        #expect(agree(local, try numbers("expected.localOut")))
        #expect(
            agree(
                MemorizingTransformer.gated(memory: memory, local: local, bias: 0.5), try numbers("expected.gated")))
        let joint = MemorizingTransformer.output(
            scores: selected.map { scores[$0] } + localScores, values: selected.map { memoryValues[$0] } + localValues)
        #expect(agree(joint, try numbers("expected.jointSoftmax")))
    }
}

import RopewalkMethods
import Testing

/// The worked examples of caches that evict, prune, quantise.
@Suite struct CacheVectorTests {
    let vectors: ReferenceVectors

    init() throws { vectors = try ReferenceVectors() }

    func value<T>(_ id: String, _ path: String, as type: T.Type = T.self) throws -> T {
        try vectors.value(id, path, section: "selection", as: type)
    }

    @Test func heavyHitters() throws {
        let logits: [[Double]] = try value("h2o", "inputs.logits")
        let attended: [[Int]] = try value("h2o", "expected.attended")
        let kept: [[Int]] = try value("h2o", "expected.keptAfter")
        var cache = HeavyHitterCache(heavy: 2, recent: 2)
        for (query, row) in logits.enumerated() {
            let keys = cache.keys + [query]
            #expect(keys == attended[query])
            let evicted = cache.step(key: query, weights: plainSoftmax(keys.map { row[$0] }))
            #expect(cache.keys == kept[query])
            #expect(evicted == keys.filter { !cache.keys.contains($0) })
        }
        let final: [String: Double] = try value("h2o", "expected.finalScores")
        #expect(agree(cache.scores, cache.keys.map { final[String($0)] ?? .nan }))
    }

    @Test func tova() throws {
        let logits: [[[Double]]] = try value("tova", "inputs.logits")
        let attended: [[Int]] = try value("tova", "expected.attended")
        let kept: [[Int]] = try value("tova", "expected.keptAfter")
        var cache = TOVACache(capacity: 4)
        for (query, heads) in logits.enumerated() {
            let keys = cache.keys + [query]
            #expect(keys == attended[query])
            let weights = heads.map { row in plainSoftmax(keys.map { row[$0] }) }
            let means = keys.indices.map { key in weights.reduce(0) { $0 + $1[key] } / Double(heads.count) }
            _ = cache.step(key: query, weights: means)
            #expect(cache.keys == kept[query])
        }
    }

    @Test(arguments: ["snapkv.avg", "snapkv.max"]) func snapkv(id: String) throws {
        let method = SnapKV(prompt: 16, capacity: 8, window: 4, kernel: 3, takesMaximum: id == "snapkv.max")
        let votes: [Double] = try value(id, "expected.vote")
        #expect(agree(method.pooled(votes), try value(id, "expected.pooled")))
        let kept: [Int] = try value(id, "expected.kept")
        #expect(method.kept(pooled: method.pooled(votes)) == kept)
        // The selector finds the same votes; one more token has the prompt behind it.
        let queries: [[Double]] = try value(id, "inputs.Q")
        let keys: [[Double]] = try value(id, "inputs.K")
        let states = PlainStates(
            queries: (queries + [[0, 0]]).map { $0.map(Float.init) },
            keys: (keys + [[0, 0]]).map { $0.map(Float.init) })
        #expect(method.choices(states).last?.keys.list == kept + [16])
        let choice = method.choice(for: 16, place: .only, states: states)
        #expect(choice?.reason(2).isVisible == kept.contains(2))
    }

    @Test func scissorhands() throws {
        let rows: [[Double]] = try value("scissorhands", "inputs.attention")
        var cache = ScissorhandsCache(Scissorhands(buffer: 9, drop: 3, recent: 2, history: 3))
        for key in 0..<8 { cache.insert(key) }
        // What is older than the history does not count.
        cache.observe([0, 0, 0, 0, 0, 0, 0, 1])
        for row in rows { cache.observe(row) }
        #expect(cache.lowCounts == (try value("scissorhands", "expected.lowCount")))
        #expect(cache.drop(3) == (try value("scissorhands", "expected.dropped")))
        #expect(cache.keys == (try value("scissorhands", "expected.kept")))
    }

    @Test func lazyllm() throws {
        let importance: [[Double]] = try value("lazyllm", "inputs.importance")
        let computed: [[Int]] = try value("lazyllm", "expected.computedAtLayer")
        let method = LazyLLM(keep: 1, denseLayers: 0, ratios: try value("lazyllm", "params.keepRatioAfterLayer"))
        var tokens = Array(0..<12)
        for layer in importance.indices {
            #expect(tokens == computed[layer])
            tokens = LazyLLM.kept(
                tokens: tokens, importance: tokens.map { importance[layer][$0] }, keep: method.ratio(afterLayer: layer))
        }
        #expect(tokens == (try value("lazyllm", "expected.aliveAfterLast")))
    }

    @Test func pqcache() throws {
        let keys: [[Double]] = try value("pqcache", "inputs.keys")
        let centroids: [[[Double]]] = try value("pqcache", "inputs.centroids")
        let q: [Double] = try value("pqcache", "inputs.q")
        let quantiser = ProductQuantiser(centroids: centroids.map { $0.map { $0.map(Float.init) } })
        let codes = keys.map { quantiser.codes($0.map(Float.init)).map(Int.init) }
        #expect(codes == (try value("pqcache", "expected.codes")))
        let table = quantiser.table(query: q.map(Float.init))
        #expect(table == (try value("pqcache", "expected.table")))
        let scores = codes.map { table[0][$0[0]] + table[1][$0[1]] }
        #expect(scores == (try value("pqcache", "expected.approxScore")))
        let candidates: [Int] = try value("pqcache", "expected.candidates")
        let selected = PQCache.selected(3, scores: [candidates.map { scores[$0] }]).map { candidates[$0] }
        #expect(selected == (try value("pqcache", "expected.selected")))
        #expect([0] + selected + [6, 7] == (try value("pqcache", "expected.attended")))
    }

    @Test func kivi() throws {
        let matrix: [[Double]] = try value("kivi", "inputs.matrix")
        let byChannel = try #require(
            try vectors.entry("selection", "kivi")["expected"] as? [String: [[String: Any]]])
        for (axis, entries) in byChannel {
            for (index, entry) in entries.enumerated() {
                let values = axis == "keyPerChannel" ? matrix.map { $0[index] } : matrix[index]
                let quantised = AsymmetricQuantiser(values, bits: 2)
                #expect(quantised.codes == entry["codes"] as? [Int])
                #expect(
                    agree(
                        [quantised.scale, quantised.zero],
                        [entry["scale"], entry["zero"]].map { $0 as? Double ?? .nan }))
                // The differences cancel near 0, so that 1e-12 is absolute there.
                let expected = try #require(entry["dequant"] as? [Double])
                #expect(zip(quantised.values, expected).allSatisfy { abs($0 - $1) < 1e-12 })
            }
        }
    }

    @Test func kiviLayout() throws {
        let method = KIVI(bits: 2, group: 4, residual: 4)
        let lengths: [Int] = try value("kivi.layout", "inputs.lengths")
        #expect(
            lengths.map { $0 - method.firstExactKey(cached: $0) }
                == (try value("kivi.layout", "expected.keyFullPrecisionTail")))
        #expect(
            lengths.map { $0 - method.firstExactValue(cached: $0) }
                == (try value("kivi.layout", "expected.valueFullPrecisionTail")))
    }
}

import RopewalkMethods
import Testing

@Suite struct MethodCostTests {
    let shape = AttentionShape(tokens: 100, layers: 3, heads: 4, keyHeads: 2, dimension: 8)

    func cost(_ spec: String) throws -> MethodCost {
        try #require(try MethodSpec.parse(spec) as? any Costed).cost(of: shape)
    }

    @Test func causalReadsHalfOfAllPairs() throws {
        let causal = try cost("causal")
        #expect(causal == MethodCost(flops: 4 * 8 * 5050 * 12, kvBytes: 4 * 2 * 8 * 100 * 6))
        #expect(try cost("full") == causal)
        #expect(try cost("window:size=100") == causal)
    }

    @Test func windowsReadAndCacheTheirSize() throws {
        // 10 keys but for the first 9 queries, which lack 9 + 8 + ... + 1.
        #expect(try cost("window:size=10") == MethodCost(flops: 4 * 8 * 955 * 12, kvBytes: 8 * 8 * 10 * 6))
        #expect(try cost("lambda:sink=2,window=8") == MethodCost(flops: 4 * 8 * 955 * 12, kvBytes: 8 * 8 * 10 * 6))
    }

    @Test func selectionsAddWhatTheChoiceTakes() throws {
        // Beyond window and sink: 90 + 89 + ... + 1 products of 2·d, for 10 + 3 keys that are read.
        let pairs: Int = (0..<100).reduce(0) { $0 + min($1 + 1, 13) }
        let perHead = 4 * 8 * pairs + 2 * 8 * 4095
        let expected = MethodCost(flops: Double(perHead * 12), kvBytes: Double(8 * 8 * 100 * 6))
        #expect(try cost("topk:k=3,window=8,sink=2") == expected)
        // Without memory layers that exist, only the window is read and cached.
        #expect(try cost("fot:k=3,window=10,layers=9") == cost("window:size=10"))
        #expect(try cost("h2o:heavy=4,recent=6").kvBytes == 8 * 8 * 10 * 6)
        #expect(try cost("h2o:heavy=4,recent=5").flops == cost("window:size=10").flops)
        #expect(try cost("lazyllm:keep=1") == cost("causal"))
        // Layers 0, 1, 2 read all, half, a quarter of the last query's 100 keys.
        let method = LazyLLM(keep: 0.5, denseLayers: 0)
        #expect(
            (0..<3).map {
                method.keysRead(query: 99, tokens: 100, in: HeadPlace(layer: $0, head: 0, layers: 3, heads: 4))
            } == [100, 50, 25])
    }

    @Test func headsThatAreNotActiveCostNothing() throws {
        // Up to 50 tokens two of the four heads, then all.
        let pairs = 2 * 1275 + 4 * (5050 - 1275)
        #expect(try cost("dynamic-heads:limits=50,heads=2").flops == Double(4 * 8 * pairs * 3))
    }

    @Test func quantisedCachesAreSmaller() throws {
        let kivi = try cost("kivi:bits=2,group=4,residual=8")
        // Of 100 keys 96 are quantised, of 100 values 92; two bits a number, scale and zero for each group of 4.
        let quantised = Double((96 + 92) * 8)
        let exact = Double(200 * 8) - quantised
        #expect(kivi.kvBytes == (exact * 4 + quantised * 2 / 8 + quantised / 4 * 8) * 6)
        #expect(try kivi.kvBytes < cost("causal").kvBytes)
    }

    @Test func nothingCostsNothing() throws {
        let empty = AttentionShape(tokens: 0, layers: 0, heads: 0, keyHeads: 0, dimension: 0)
        for type in Catalogue.all {
            guard let method = try MethodSpec.parse(type.description.name) as? any Costed else { continue }
            #expect(method.cost(of: empty) == MethodCost(flops: 0, kvBytes: 0), "\(type.description.name)")
            let one = AttentionShape(tokens: 1, layers: 1, heads: 1, keyHeads: 1, dimension: 4)
            #expect(method.cost(of: one).flops >= 0)
        }
    }
}

import RopewalkMethods
import Testing

/// The distances of methods with several pieces against the reference vectors.
@Suite struct DistanceVectorTests {
    let vectors: ReferenceVectors
    init() throws { vectors = try ReferenceVectors() }

    func context(_ window: Int = 256, tokens: Int = 1024) -> RotaryContext {
        RotaryContext(dimensions: 8, base: 10000, trainedWindow: window, tokens: tokens)
    }

    @Test(arguments: [
        ("rerope.d8", ReRoPE(window: 64) as any PositionMethod), ("leaky_rerope.d8", LeakyReRoPE(window: 64, step: 16)),
        ("leaky_rerope.book.d8", LeakyReRoPE(window: 64, step: (1024 - 64) / (256 - 64))),
    ])
    func distancesAndAngles(id: String, method: any PositionMethod) throws {
        let distances: [Int] = try vectors.value(id, "inputs.distances")
        let effective: [Double] = try vectors.value(id, "outputs.effectiveDistance")
        let angles: [[Double]] = try vectors.value(id, "outputs.angles")
        let encoding = method.encoding(in: context())
        for (index, distance) in distances.enumerated() {
            #expect(agree([encoding.effectiveDistance(query: distance, key: 0)], [effective[index]]))
            #expect(agree((0..<4).map { encoding.angle($0, query: distance, key: 0) }, angles[index]))
        }
        #expect(agree(encoding.distanceCurve(query: 1023, distances: distances), effective))
    }

    @Test func logNScaling() throws {
        let positions: [Int] = try vectors.value("rerope.d8", "inputs.lognPositions")
        let expected: [Double] = try vectors.value("rerope.d8", "outputs.logn")
        for method: any PositionMethod in [ReRoPE(window: 64), LogN(), LogN(window: 256)] {
            let scale = try #require(method.encoding(in: context()).queryScale)
            #expect(agree(positions.map(scale), expected))
        }
        #expect(ReRoPE(window: 64, logN: false).encoding(in: context()).queryScale == nil)
        #expect(LogN().encoding(in: context(tokens: 256)).queryScale == nil)
        #expect(LogN().problem(in: context(1)) != nil)
        #expect(LogN(window: 2).problem(in: context(1)) == nil)
        #expect(ReRoPE(window: 64).problem(in: context(1))?.contains("log-n=0") == true)
    }

    @Test func selfExtend() throws {
        let pairs: [[Int]] = try vectors.value("self_extend.d8", "inputs.pairs_qk")
        let expected: [Int] = try vectors.value("self_extend.d8", "outputs.relative")
        let encoding = SelfExtend(group: 4, window: 64).encoding(in: context())
        #expect(pairs.map { encoding.effectiveDistance(query: $0[0], key: $0[1]) } == expected.map(Double.init))
        try expectMatrix("self_extend.matrix16", SelfExtend(group: 2, window: 4), context(tokens: 16))
    }

    @Test func dualChunk() throws {
        try expectMatrix("dca.paper12", DualChunk(chunk: 6, window: 10, local: 4), context(tokens: 12))
        try expectMatrix("dca.code", DualChunk(code: true), context(16, tokens: 24))
        let pieces = DualChunk(chunk: 6, window: 10, local: 4).encoding(in: context(tokens: 12)).pieces
        for (piece, name) in zip(pieces, ["intra", "succ", "inter"]) {
            let expected: [Double] = try vectors.value("dca.paper12", "outputs.queryPositions.\(name)")
            #expect((0..<12).map { piece.queries.position?($0) } == expected)
            let keys: [Double] = try vectors.value("dca.paper12", "outputs.keyPositions")
            #expect((0..<12).map { piece.keys.position?($0) } == keys)
        }
    }

    func expectMatrix(_ id: String, _ method: any PositionMethod, _ context: RotaryContext) throws {
        let expected: [[Double]] = try vectors.value(id, "outputs.relative")
        let encoding = method.encoding(in: context)
        #expect(expected.count == context.tokens)
        for (query, row) in expected.enumerated() {
            #expect((0...query).map { encoding.effectiveDistance(query: query, key: $0) } == row, "\(id) \(query)")
        }
    }

    @Test func sizesOfDualChunksThatDoNotFit() {
        let message = DualChunk(chunk: 6, window: 10, local: 5).problem(in: context())
        #expect(message?.hasPrefix("chunk 6 and local 5 are more than the 10 places") == true)
        #expect(DualChunk(chunk: 300).problem(in: context()) != nil)
        #expect(DualChunk(chunk: 300).problem(in: context(400)) == nil)
    }

    /// The masks' own distances: LM-Infinite limits them, StreamingLLM counts places in its cache; −1 is masked.
    @Test func distancesInWindows() throws {
        let limited: [[Double]] = try vectors.value("lambda", "effectiveDistance", section: "masks")
        let encoding = DistanceLimit(window: 4).encoding(in: context(tokens: 16))
        for (query, row) in limited.enumerated() {
            for (key, distance) in row.enumerated() where distance >= 0 {
                #expect(encoding.effectiveDistance(query: query, key: key) == distance)
            }
        }
        for (id, window) in [("streaming.evictAfter", 5), ("streaming.evictBefore", 4)] {
            let queries: [Double] = try vectors.value(id, "queryPosition", section: "masks")
            let keys: [[Double]] = try vectors.value(id, "keyPositions", section: "masks")
            let cache = CachePositions(sink: 2, window: window).encoding(in: context(tokens: 16))
            for (query, row) in keys.enumerated() {
                for (key, place) in row.enumerated() where place >= 0 {
                    #expect(cache.effectiveDistance(query: query, key: key) == queries[query] - place, "\(id)")
                }
            }
        }
    }
}

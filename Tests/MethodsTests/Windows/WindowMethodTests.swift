import RopewalkMethods
import Testing

@Suite struct WindowMethodTests {
    let vectors: ReferenceVectors
    init() throws { vectors = try ReferenceVectors() }

    /// Rows of 0 and 1, by intervals.
    func rows(_ method: some WindowMethod, tokens: Int) -> [String] {
        (0..<tokens).map { query in
            let keys = method.visibleKeys(query: query, tokens: tokens)
            return String((0..<tokens).map { keys.contains($0) ? "1" : "0" })
        }
    }

    @Test func causal() throws { try expect(Causal(), "causal") }
    @Test func slidingWindow() throws { try expect(SlidingWindow(size: 4), "window4") }
    @Test func lambda() throws { try expect(LambdaWindow(sink: 2, window: 4), "lambda") }

    @Test func lambdaIsTheStreamingCacheOfBothOrders() throws {
        try expect(LambdaWindow(sink: 2, window: 4), "streaming.evictBefore")
        try expect(LambdaWindow(sink: 2, window: 5), "streaming.evictAfter")
    }

    @Test func fullSeesEverything() {
        #expect(rows(Full(), tokens: 3) == ["111", "111", "111"])
    }

    /// The interval form against the predicate of the specification, written out.
    @Test func intervalsAgreeWithThePredicate() {
        for tokens in [1, 2, 3, 7, 16, 33] {
            for window in [1, 2, 3, 8, 16, 40, 1 << 30] {
                expect(SlidingWindow(size: window), tokens) { q, k in k <= q && q - k < window }
                for sink in [0, 1, 2, 5, 33, 1 << 30] {
                    expect(LambdaWindow(sink: sink, window: window), tokens) { q, k in
                        k <= q && (q - k < window || k < sink)
                    }
                }
            }
            expect(Causal(), tokens) { q, k in k <= q }
            expect(Full(), tokens) { _, _ in true }
        }
    }

    @Test func reasonsNameTheNumbers() {
        let lambda = LambdaWindow(sink: 4, window: 256)
        func sentence(_ q: Int, _ k: Int) -> String { lambda.reason(query: q, key: k, tokens: 2000).sentence }
        #expect(sentence(1204, 949) == "kept as window: 1,204 − 949 = 255 < window 256")
        #expect(sentence(1204, 87) == "blocked: 1,204 − 87 = 1,117 ≥ window 256, and 87 ≥ sink 4")
        #expect(sentence(1204, 3) == "kept as sink: 3 < sink 4")
        #expect(sentence(1204, 1205) == "blocked: 1,205 > 1,204, after the query")
        let window = SlidingWindow(size: 256).reason(query: 1204, key: 948, tokens: 2000)
        #expect(window == VisibilityReason(.outside, "blocked: 1,204 − 948 = 256 ≥ window 256"))
        #expect(Causal().reason(query: 5, key: 5, tokens: 9).sentence == "kept: 5 ≤ 5, not after the query")
    }

    private func expect(_ method: some WindowMethod, _ id: String) throws {
        let expected: [String] = try vectors.value(id, "rows", section: "masks")
        #expect(rows(method, tokens: 16) == expected)
    }

    private func expect(_ method: some WindowMethod, _ tokens: Int, _ allowed: (Int, Int) -> Bool) {
        for q in 0..<tokens {
            let keys = method.visibleKeys(query: q, tokens: tokens)
            for k in 0..<tokens {
                #expect(keys.contains(k) == allowed(q, k), "\(method.spec) \(q),\(k) of \(tokens)")
                let reason = method.reason(query: q, key: k, tokens: tokens)
                #expect(reason.isVisible == allowed(q, k), "\(method.spec) \(q),\(k): \(reason.sentence)")
            }
        }
    }
}

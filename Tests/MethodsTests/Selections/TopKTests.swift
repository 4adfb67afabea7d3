import RopewalkMethods
import Testing

@Suite struct TopKTests {
    /// The plain rule: the fixed keys, and of the other earlier ones the highest scores, of equal ones the first.
    func allowed(_ method: TopK, query: Int, scores: [Int]) -> KeyRanges {
        let fixed = method.fixedKeys(query: query, tokens: scores.count)
        let far = (0...query).filter { !fixed.contains($0) }
        let best = far.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
        return fixed.union(KeyRanges(best.prefix(method.selectedCount).map { $0..<$0 + 1 }))
    }

    @Test func nearestNeighboursOfTheReference() throws {
        let vectors = try ReferenceVectors()
        let rows: [String] = try vectors.value("knn", "rows", section: "masks")
        let scores: [[Int]] = try vectors.value("knn", "scores", section: "masks")
        let method = TopK(k: 2, window: 4, sink: 0)
        for (query, row) in rows.enumerated() {
            let keys = allowed(method, query: query, scores: scores[query])
            #expect(String((0..<16).map { keys.contains($0) ? "1" : "0" }) == row)
        }
    }

    @Test func fixedKeysAreSinksAndWindow() {
        let method = TopK(k: 2, window: 3, sink: 2)
        #expect(method.fixedKeys(query: 9, tokens: 16) == KeyRanges([0..<2, 7..<10]))
        #expect(method.fixedKeys(query: 3, tokens: 16) == KeyRanges(0..<4))
        #expect(method.fixedReason(query: 9, key: 1).rule == .sink)
        #expect(method.fixedReason(query: 9, key: 7).rule == .window)
        #expect(method.fixedReason(query: 9, key: 6).rule == .notSelected)
        #expect(method.fixedReason(query: 9, key: 10).rule == .future)
    }
}

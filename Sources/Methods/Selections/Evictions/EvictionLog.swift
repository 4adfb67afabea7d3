/// The step after which each key was evicted; pieces are shared between copies, so that keeping a copy a query is cheap.
struct EvictionLog: Sendable {
    private static let piece = 1024
    /// [key / piece][key % piece]; −1 for a key that is still there.
    private var steps: [[Int32]] = []

    mutating func evict(_ key: Int, at step: Int) {
        while steps.count <= key / Self.piece { steps.append([]) }
        let piece = key / Self.piece
        if steps[piece].isEmpty { steps[piece] = [Int32](repeating: -1, count: Self.piece) }
        steps[piece][key % Self.piece] = Int32(clamping: step)
    }

    /// Nil for a key that was not evicted.
    subscript(key: Int) -> Int? {
        let piece = key / Self.piece
        guard steps.indices.contains(piece), !steps[piece].isEmpty else { return nil }
        let step = steps[piece][key % Self.piece]
        return step < 0 ? nil : Int(step)
    }
}

extension VisibilityReason {
    /// The key left the cache after the query `step` had read it.
    static func evicted(at step: Int, of query: Int, because text: String) -> VisibilityReason {
        VisibilityReason(
            .notSelected, "evicted after token \(step.grouped), \((query - step).grouped) tokens ago: \(text)")
    }
}

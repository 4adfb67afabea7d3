import RopewalkPhrases

/// The step after which each key was evicted; pages are shared between copies, so that keeping a copy a query is cheap.
struct EvictionLog: Sendable {
    private static let page = 1024
    /// [key / page][key % page]; −1 for a key that is still there.
    private var steps: [[Int32]] = []

    mutating func evict(_ key: Int, at step: Int) {
        while steps.count <= key / Self.page { steps.append([]) }
        let page = key / Self.page
        if steps[page].isEmpty { steps[page] = [Int32](repeating: -1, count: Self.page) }
        steps[page][key % Self.page] = Int32(clamping: step)
    }

    /// Nil for a key that was not evicted.
    subscript(key: Int) -> Int? {
        let page = key / Self.page
        guard steps.indices.contains(page), !steps[page].isEmpty else { return nil }
        let step = steps[page][key % Self.page]
        return step < 0 ? nil : Int(step)
    }
}

extension VisibilityReason {
    /// The key left the cache after the query `step` had read it.
    static func evicted(at step: Int, of query: Int, because text: String) -> VisibilityReason {
        VisibilityReason(
            .notSelected, say("evicted after token \(step.grouped), \((query - step).grouped) tokens ago: \(text)"))
    }
}

/// The best of many scores.
package enum Ranking {
    /// The places of the `count` highest scores above `least`, the highest first, of equal ones the first place.
    package static func best(
        _ count: Int, of scores: [Double], above least: Double = -.infinity, isAllowed: (Int) -> Bool = { _ in true }
    ) -> [Int] {
        guard count > 0 else { return [] }
        var best: [Int] = []
        for (place, score) in scores.enumerated() where score > least && isAllowed(place) {
            if best.count == count, score <= scores[best[count - 1]] { continue }
            var (low, high) = (0, best.count)
            while low < high {
                let middle = (low + high) / 2
                if scores[best[middle]] >= score { low = middle + 1 } else { high = middle }
            }
            best.insert(place, at: low)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}

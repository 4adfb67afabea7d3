/// The highest of many scores: higher first, of equal ones the first.
package enum HighestScores {
    /// Indices of the `count` highest scores, ascending. What is not a number counts as the lowest.
    package static func indices<Score: BinaryFloatingPoint>(_ count: Int, of scores: [Score]) -> [Int] {
        guard count > 0 else { return [] }
        guard count < scores.count else { return Array(scores.indices) }
        let ranks = scores.map { $0.isNaN ? -Score.infinity : $0 }
        let cut = threshold(count, of: ranks)
        var ties = count
        for rank in ranks where rank > cut { ties -= 1 }
        var result: [Int] = []
        result.reserveCapacity(count)
        for index in ranks.indices {
            if ranks[index] > cut {
                result.append(index)
            } else if ranks[index] == cut, ties > 0 {
                ties -= 1
                result.append(index)
            }
        }
        return result
    }

    /// The `count`-th highest value, by quickselect; by sorting where the pivots are unlucky.
    private static func threshold<Score: BinaryFloatingPoint>(_ count: Int, of scores: [Score]) -> Score {
        var values = scores
        var low = 0
        var high = values.count
        for _ in 0..<64 {
            guard high - low > 1 else { return values[low] }
            let pivot = median(values[low], values[(low + high) / 2], values[high - 1])
            // [low, above) is higher than the pivot, [above, below) equals it, [below, high) is lower.
            var above = low
            var below = high
            var index = low
            while index < below {
                if values[index] > pivot {
                    values.swapAt(index, above)
                    above += 1
                    index += 1
                } else if values[index] < pivot {
                    below -= 1
                    values.swapAt(index, below)
                } else {
                    index += 1
                }
            }
            if count <= above { high = above } else if count <= below { return pivot } else { low = below }
        }
        values.sort(by: >)
        return values[count - 1]
    }

    private static func median<Score: BinaryFloatingPoint>(_ a: Score, _ b: Score, _ c: Score) -> Score {
        max(min(a, b), min(max(a, b), c))
    }
}

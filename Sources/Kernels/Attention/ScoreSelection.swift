/// The lowest of the highest scores.
package enum ScoreSelection {
    /// What a selection keeps of a row: scores above `threshold`, and equal ones up to key `lastTie`.
    package struct Cut: Equatable, Sendable {
        package var threshold: Float
        package var lastTie: Int

        package init(threshold: Float, lastTie: Int) {
            self.threshold = threshold
            self.lastTie = lastTie
        }

        package static let everything = Cut(threshold: -.infinity, lastTie: .max)

        package func keeps(_ score: Float, key: Int) -> Bool {
            score > threshold || (score == threshold && key <= lastTie)
        }
    }

    /// The cut that keeps `count` of the candidates: the highest scores, of equal ones the first.
    /// - Parameters:
    ///   - scores: of keys from 0 on
    ///   - candidates: sorted, disjoint ranges of keys
    static func cut(_ scores: UnsafePointer<Float>, candidates: [Range<Int>], count: Int) -> Cut {
        let total = candidates.reduce(0) { $0 + $1.count }
        guard count < total else { return .everything }
        guard count > 0 else { return Cut(threshold: .infinity, lastTie: -1) }
        var values: [Float] = []
        values.reserveCapacity(total)
        for range in candidates {
            values.append(contentsOf: UnsafeBufferPointer(start: scores + range.lowerBound, count: range.count))
        }
        let threshold = nthHighest(&values, count - 1)
        var ties = count - values.reduce(0) { $1 > threshold ? $0 + 1 : $0 }
        for range in candidates {
            for key in range where scores[key] == threshold {
                ties -= 1
                if ties == 0 { return Cut(threshold: threshold, lastTie: key) }
            }
        }
        return Cut(threshold: threshold, lastTie: .max)
    }

    /// The parts of sorted, disjoint ranges outside of others.
    static func subtract(_ holes: [Range<Int>], from ranges: [Range<Int>]) -> [Range<Int>] {
        ranges.flatMap { range in
            var parts: [Range<Int>] = []
            var start = range.lowerBound
            for hole in holes where hole.upperBound > start && hole.lowerBound < range.upperBound {
                if hole.lowerBound > start { parts.append(start..<hole.lowerBound) }
                start = hole.upperBound
            }
            if start < range.upperBound { parts.append(start..<range.upperBound) }
            return parts
        }
    }

    /// The value that `n` others are not below of (quickselect with a middle pivot; NaN counts as lowest).
    static func nthHighest(_ values: inout [Float], _ n: Int) -> Float {
        values.withUnsafeMutableBufferPointer { v in
            for i in v.indices where v[i].isNaN { v[i] = -.infinity }
            var low = 0
            var high = v.count - 1
            while low < high {
                let pivot = v[low + (high - low) / 2]
                var i = low
                var j = high
                while i <= j {
                    while v[i] > pivot { i += 1 }
                    while v[j] < pivot { j -= 1 }
                    if i <= j {
                        v.swapAt(i, j)
                        i += 1
                        j -= 1
                    }
                }
                if n <= j { high = j } else if n >= i { low = i } else { return v[n] }
            }
            return v[n]
        }
    }
}

/// The lowest of the highest scores.
public enum ScoreSelection {
    /// What a selection keeps of a row: scores above `threshold`, and equal ones up to key `lastTie`.
    public struct Cut: Equatable, Sendable {
        public var threshold: Float
        public var lastTie: Int

        public init(threshold: Float, lastTie: Int) {
            self.threshold = threshold
            self.lastTie = lastTie
        }

        public static let everything = Cut(threshold: -.infinity, lastTie: .max)

        public func keeps(_ score: Float, key: Int) -> Bool {
            score > threshold || (score == threshold && key <= lastTie)
        }
    }

    /// The cut that keeps `count` of the candidates: the highest scores, of equal ones the first.
    /// - Parameter candidates: score and key, in the order of the keys.
    static func cut(_ candidates: [Float], keys: [Int32], count: Int) -> Cut {
        guard count < candidates.count else { return .everything }
        guard count > 0 else { return Cut(threshold: .infinity, lastTie: -1) }
        var scores = candidates
        let threshold = nthHighest(&scores, count - 1)
        var ties = count - candidates.reduce(0) { $1 > threshold ? $0 + 1 : $0 }
        for (index, score) in candidates.enumerated() where score == threshold {
            ties -= 1
            if ties == 0 { return Cut(threshold: threshold, lastTie: Int(keys[index])) }
        }
        return Cut(threshold: threshold, lastTie: .max)
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

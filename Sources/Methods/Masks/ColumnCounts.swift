/// How many of some rows see each key: sums that lie across words, one bit of all of them in each plane.
struct ColumnCounts {
    private let tokens: Int
    /// The bits of weight 2^i of all sums, [i][word], and a row of that weight that waits for another one.
    private var planes: [(sum: [UInt64], waiting: [UInt64]?)] = []

    init(tokens: Int) { self.tokens = tokens }

    mutating func add(_ row: KeyBits) {
        var carry = row.words
        var level = 0
        while true {
            if level == planes.count {
                planes.append(([UInt64](repeating: 0, count: carry.count), nil))
            }
            guard let waiting = planes[level].waiting else {
                planes[level].waiting = carry
                return
            }
            planes[level].waiting = nil
            carry = Self.add(&planes[level].sum, waiting, carry)
            level += 1
        }
    }

    private static func add(_ sum: inout [UInt64], _ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: sum.count) { carry, filled in
            sum.withUnsafeMutableBufferPointer { sum in
                for index in 0..<sum.count { carry[index] = KeyBits.add(&sum[index], a[index], b[index]) }
                filled = sum.count
            }
        }
    }

    /// How many rows see each key, [key].
    var counts: [Int] {
        var counts = [Int](repeating: 0, count: tokens)
        for (level, plane) in planes.enumerated() {
            for words in [plane.sum, plane.waiting].compactMap({ $0 }) {
                for key in 0..<tokens where words[key >> 6] >> UInt64(key & 63) & 1 == 1 { counts[key] += 1 << level }
            }
        }
        return counts
    }
}

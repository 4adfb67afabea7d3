/// The merges of a BPE model: a hash table from a pair of tokens to what they become.
struct MergeTable: Sendable {
    struct Merge: Equatable {
        /// Merges of a lower rank come first.
        let rank: UInt32
        let token: Int32
    }

    private static let absent = UInt64.max
    private static let seed = UInt64.random(in: .min ... .max) | 1

    private var keys: [UInt64]
    private var merges: [Merge]
    private let shift: UInt64

    init(capacity: Int) {
        var bits: UInt64 = 6
        while (1 << bits) < 2 * capacity { bits += 1 }
        keys = [UInt64](repeating: Self.absent, count: 1 << bits)
        merges = [Merge](repeating: Merge(rank: 0, token: 0), count: 1 << bits)
        shift = 64 - bits
    }

    /// Adds a merge; no more than the capacity may be added. Of two for one pair the later one counts.
    mutating func insert(_ left: Int32, _ right: Int32, _ merge: Merge) {
        let slot = slot(Self.key(left, right))
        keys[slot] = Self.key(left, right)
        merges[slot] = merge
    }

    func find(_ left: Int32, _ right: Int32) -> Merge? {
        let slot = slot(Self.key(left, right))
        return keys[slot] == Self.absent ? nil : merges[slot]
    }

    /// The two tokens of a merge that is written as one text, with a space between.
    static func pair(_ text: [UInt8]) -> (left: [UInt8], right: [UInt8])? {
        let parts = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        return parts.count == 2 ? (Array(parts[0]), Array(parts[1])) : nil
    }

    /// Where the key is, or where it would be put.
    private func slot(_ key: UInt64) -> Int {
        let mixed = ((key &* 0x9E37_79B9_7F4A_7C15) ^ Self.seed) &* Self.seed
        var slot = Int(truncatingIfNeeded: mixed >> shift)
        while keys[slot] != key, keys[slot] != Self.absent { slot = (slot + 1) & (keys.count - 1) }
        return slot
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }
}

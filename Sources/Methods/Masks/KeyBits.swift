/// The keys of a row as bits, for rows of many short ranges: the first key is the lowest bit of the first word.
package struct KeyBits: Equatable, Sendable {
    package let tokens: Int
    /// Bits behind the last token are 0.
    private(set) var words: [UInt64]

    package init(tokens: Int, words: [UInt64]) {
        self.tokens = tokens
        self.words = words
        clearTail()
    }

    init(tokens: Int) {
        self.tokens = tokens
        words = [UInt64](repeating: 0, count: (tokens + 63) / 64)
    }

    package init(_ keys: KeyRanges, tokens: Int) {
        self.init(tokens: tokens)
        for range in keys.ranges { toggle(range.clamped(to: 0..<tokens)) }
    }

    /// The keys of a query in a sum of zones, where no pair counts more than once: odd sums are 1.
    init(_ sum: ZoneSum, query: Int, tokens: Int) {
        self.init(tokens: tokens)
        for zone in sum.zones where zone.weight & 1 == 1 {
            guard let (range, comb) = zone.keys(of: query) else { continue }
            let keys = range.clamped(to: 0..<tokens)
            if comb.isAll {
                toggle(keys)
            } else {
                for key in stride(from: comb.first(from: keys.lowerBound), to: keys.upperBound, by: comb.period) {
                    words[key >> 6] ^= 1 << UInt64(key & 63)
                }
            }
        }
    }

    /// The bytes of a row that are not 0, [key].
    package init(bytes: [UInt8]) {
        let count = (bytes.count + 63) / 64
        tokens = bytes.count
        words = [UInt64](unsafeUninitializedCapacity: count) { words, filled in
            bytes.withUnsafeBytes { bytes in
                for index in 0..<count { words[index] = Self.word(bytes, from: 64 * index) }
            }
            filled = count
        }
    }

    /// The highest bits of eight bytes, gathered: of bytes that are 0 or 1 the lowest ones.
    private static func word(_ bytes: UnsafeRawBufferPointer, from start: Int) -> UInt64 {
        var word: UInt64 = 0
        for part in 0..<8 where start + 8 * part < bytes.count {
            let first = start + 8 * part
            guard first + 8 <= bytes.count else {
                for key in first..<bytes.count where bytes[key] != 0 { word |= 1 << UInt64(key - start) }
                break
            }
            let eight = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: first, as: UInt64.self))
            // A byte that is not 0 sets its highest bit when 127 is added to its lower ones.
            let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
            let set = ((((eight & low) + low) | eight) >> 7) & 0x0101_0101_0101_0101
            word |= ((set &* 0x0102_0408_1020_4080) >> 56) << UInt64(8 * part)
        }
        return word
    }

    private mutating func toggle(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let (first, last) = (range.lowerBound >> 6, (range.upperBound - 1) >> 6)
        let head = ~UInt64(0) << UInt64(range.lowerBound & 63)
        let tail = ~UInt64(0) >> UInt64(63 - (range.upperBound - 1) & 63)
        if first == last {
            words[first] ^= head & tail
        } else {
            words[first] ^= head
            for index in first + 1..<last { words[index] = ~words[index] }
            words[last] ^= tail
        }
    }

    private mutating func clearTail() {
        guard tokens & 63 != 0, !words.isEmpty else { return }
        words[words.count - 1] &= ~0 >> UInt64(64 - tokens & 63)
    }

    // MARK: Together

    func intersection(_ other: KeyBits) -> KeyBits { joined(other) { $0 & $1 } }
    func union(_ other: KeyBits) -> KeyBits { joined(other) { $0 | $1 } }
    func subtracting(_ other: KeyBits) -> KeyBits { joined(other) { $0 & ~$1 } }

    package var complement: KeyBits { KeyBits(tokens: tokens, words: words.map { ~$0 }) }

    @inline(__always)
    private func joined(_ other: KeyBits, _ join: (UInt64, UInt64) -> UInt64) -> KeyBits {
        var result = self
        result.words.withUnsafeMutableBufferPointer { words in
            other.words.withUnsafeBufferPointer { others in
                for index in 0..<min(words.count, others.count) { words[index] = join(words[index], others[index]) }
            }
        }
        return result
    }

    /// Only the keys before one.
    mutating func cut(from end: Int) {
        guard end < tokens else { return }
        let first = max(0, end) >> 6
        words[first] &= (1 << UInt64(max(0, end) & 63)) - 1
        for index in first + 1..<max(first + 1, words.count) { words[index] = 0 }
    }

    // MARK: Asked

    package var keys: KeyRanges { KeyRanges(bits: words, tokens: tokens) }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    func contains(_ key: Int) -> Bool {
        (0..<tokens).contains(key) && words[key >> 6] >> UInt64(key & 63) & 1 == 1
    }

    var first: Int? {
        words.firstIndex { $0 != 0 }.map { 64 * $0 + words[$0].trailingZeroBitCount }
    }

    var count: Int { words.withUnsafeBufferPointer { words in Self.count(words.count) { words[$0] } } }

    /// How many keys only this row has, and how many only the other one; `first` of either.
    func difference(_ other: KeyBits) -> (lost: Int, gained: Int, first: Int?) {
        guard words != other.words else { return (0, 0, nil) }
        return words.withUnsafeBufferPointer { mine in
            other.words.withUnsafeBufferPointer { theirs in
                let size = min(mine.count, theirs.count)
                let index = (0..<size).first { mine[$0] != theirs[$0] }
                return (
                    Self.count(size) { mine[$0] & ~theirs[$0] }, Self.count(size) { theirs[$0] & ~mine[$0] },
                    index.map { 64 * $0 + (mine[$0] ^ theirs[$0]).trailingZeroBitCount }
                )
            }
        }
    }

    /// Keys behind a place, and the first of them.
    func after(_ place: Int) -> (count: Int, first: Int?) {
        guard place + 1 < tokens else { return (0, nil) }
        let start = max(0, place + 1)
        return words.withUnsafeBufferPointer { words in
            let edge = start >> 6
            func word(_ index: Int) -> UInt64 {
                index > edge ? words[index] : words[edge] & ~0 << UInt64(start & 63)
            }
            guard let index = (edge..<words.count).first(where: { word($0) != 0 }) else { return (0, nil) }
            return (
                Self.count(words.count - index) { word(index + $0) }, 64 * index + word(index).trailingZeroBitCount
            )
        }
    }

    /// Set bits of some words: sums of three words at a time before any are counted (Harley and Seal), because the
    /// baseline of processors cannot count them.
    @inline(__always)
    private static func count(_ size: Int, _ word: (Int) -> UInt64) -> Int {
        var (ones, twos, fours): (UInt64, UInt64, UInt64) = (0, 0, 0)
        var eights = 0
        var index = 0
        while index + 8 <= size {
            let (twosA, twosB) = (
                add(&ones, word(index), word(index + 1)), add(&ones, word(index + 2), word(index + 3))
            )
            let foursA = add(&twos, twosA, twosB)
            let (twosC, twosD) = (
                add(&ones, word(index + 4), word(index + 5)), add(&ones, word(index + 6), word(index + 7))
            )
            let foursB = add(&twos, twosC, twosD)
            eights += add(&fours, foursA, foursB).nonzeroBitCount
            index += 8
        }
        var count = 8 * eights + 4 * fours.nonzeroBitCount + 2 * twos.nonzeroBitCount + ones.nonzeroBitCount
        while index < size {
            count += word(index).nonzeroBitCount
            index += 1
        }
        return count
    }

    /// Adds two words to the lowest bits of sums; what is carried.
    @inline(__always)
    static func add(_ sum: inout UInt64, _ a: UInt64, _ b: UInt64) -> UInt64 {
        let half = sum ^ a
        let carry = (sum & a) | (half & b)
        sum = half ^ b
        return carry
    }
}

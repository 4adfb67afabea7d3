/// A hash table from byte strings to numbers: vocabularies and word caches look up slices of a text in it without copies.
struct ByteStringTable: Sendable {
    private struct Entry {
        let start: Int32
        let count: Int32
        let hash: UInt64
        let value: Int32
    }

    /// Drawn anew in every process, so that no file can be made to collide.
    private static let seed = UInt64.random(in: .min ... .max) | 1

    private var text: [UInt8] = []
    private var entries: [Entry] = []
    private var slots: [Int32]

    init(capacity: Int = 64) {
        var size = 64
        while size < 2 * capacity { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        entries.reserveCapacity(capacity)
    }

    var count: Int { entries.count }

    /// Adds `key`; of two equal keys the later one counts.
    mutating func insert(_ key: UnsafeRawBufferPointer, _ value: Int32) {
        if 2 * (entries.count + 1) > slots.count { grow() }
        let hash = Self.hash(key)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] >= 0, !matches(entries[Int(slots[slot])], hash, key) { slot = (slot + 1) & (slots.count - 1) }
        let entry = Entry(start: Int32(text.count), count: Int32(key.count), hash: hash, value: value)
        text.append(contentsOf: key)
        slots[slot] = Int32(entries.count)
        entries.append(entry)
    }

    mutating func insert(_ key: some Collection<UInt8>, _ value: Int32) {
        Array(key).withUnsafeBytes { insert($0, value) }
    }

    func find(_ key: UnsafeRawBufferPointer) -> Int32? {
        let hash = Self.hash(key)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if matches(entry, hash, key) { return entry.value }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    func find(_ key: some Collection<UInt8>) -> Int32? {
        Array(key).withUnsafeBytes { find($0) }
    }

    private func matches(_ entry: Entry, _ hash: UInt64, _ key: UnsafeRawBufferPointer) -> Bool {
        guard entry.hash == hash, Int(entry.count) == key.count else { return false }
        return text.withUnsafeBytes { all in
            let start = Int(entry.start)
            return UnsafeRawBufferPointer(rebasing: all[start..<start + key.count]).elementsEqual(key)
        }
    }

    private mutating func grow() {
        var larger = [Int32](repeating: -1, count: 2 * slots.count)
        for (index, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash) & (larger.count - 1)
            while larger[slot] >= 0 { slot = (slot + 1) & (larger.count - 1) }
            larger[slot] = Int32(index)
        }
        slots = larger
    }

    private static func hash(_ key: UnsafeRawBufferPointer) -> UInt64 {
        var hash = seed ^ UInt64(key.count)
        var at = 0
        while at + 8 <= key.count {
            hash = mixed(hash ^ key.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            at += 8
        }
        var rest: UInt64 = 0
        while at < key.count {
            rest = rest << 8 | UInt64(key[at])
            at += 1
        }
        return mixed(hash ^ rest)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}

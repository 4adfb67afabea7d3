/// Byte strings with numbers, for finding all that a text begins with.
struct ByteTrie: Sendable {
    private static let absent = UInt64.max
    private static let seed = UInt64.random(in: .min ... .max) | 1

    /// [slot]: node << 8 | byte, in an open hash table; the root is 0.
    private var keys: [UInt64]
    /// [slot]: the node that the key leads to.
    private var nodes: [Int32]
    private var shift: UInt64
    /// [node]: the number of the string that ends there, or -1.
    private var values: [Int32] = [-1]
    /// [byte]: the node that it leads to from the root, or -1; most searches end here.
    private var first = [Int32](repeating: -1, count: 256)

    init() {
        let bits: UInt64 = 6
        keys = [UInt64](repeating: Self.absent, count: 1 << bits)
        nodes = [Int32](repeating: -1, count: 1 << bits)
        shift = 64 - bits
    }

    /// Adds a string with a number from 0 on; of two equal strings the later one counts if `replacing`.
    mutating func insert(_ string: some Sequence<UInt8>, _ value: Int32, replacing: Bool = true) {
        var node: Int32 = 0
        for byte in string { node = child(of: node, byte) }
        if replacing || values[Int(node)] < 0 { values[Int(node)] = value }
    }

    /// Where a search goes on behind `string`; nil where nothing begins with it.
    func node(of string: some Sequence<UInt8>) -> Int32? {
        var node: Int32 = 0
        for byte in string {
            guard let next = next(node, byte) else { return nil }
            node = next
        }
        return node
    }

    /// Calls `body` with the number and length of every string that `text` begins with, shortest first.
    ///
    /// - Parameter node: where to begin, so that what led there stands before the text.
    @inline(__always)
    func forEachPrefix(of text: UnsafeRawBufferPointer, from node: Int32 = 0, _ body: (Int32, Int) -> Void) {
        var node = node
        for (index, byte) in text.enumerated() {
            guard let next = next(node, byte) else { return }
            node = next
            if values[Int(node)] >= 0 { body(values[Int(node)], index + 1) }
        }
    }

    @inline(__always)
    private func next(_ node: Int32, _ byte: UInt8) -> Int32? {
        if node == 0 { return first[Int(byte)] >= 0 ? first[Int(byte)] : nil }
        let slot = slot(UInt64(node) << 8 | UInt64(byte))
        return nodes[slot] >= 0 ? nodes[slot] : nil
    }

    /// Where the key is, or where it would be put.
    private func slot(_ key: UInt64) -> Int {
        let mixed = ((key &* 0x9E37_79B9_7F4A_7C15) ^ Self.seed) &* Self.seed
        var slot = Int(truncatingIfNeeded: mixed >> shift)
        while keys[slot] != key, keys[slot] != Self.absent { slot = (slot + 1) & (keys.count - 1) }
        return slot
    }

    private mutating func child(of node: Int32, _ byte: UInt8) -> Int32 {
        if let known = next(node, byte) { return known }
        let new = Int32(values.count)
        values.append(-1)
        if node == 0 {
            first[Int(byte)] = new
        } else {
            if 2 * values.count > keys.count { grow() }
            let key = UInt64(node) << 8 | UInt64(byte)
            let slot = slot(key)
            (keys[slot], nodes[slot]) = (key, new)
        }
        return new
    }

    private mutating func grow() {
        let old = (keys, nodes)
        keys = [UInt64](repeating: Self.absent, count: 2 * old.0.count)
        nodes = [Int32](repeating: -1, count: keys.count)
        shift -= 1
        for (key, node) in zip(old.0, old.1) where key != Self.absent {
            let slot = slot(key)
            (keys[slot], nodes[slot]) = (key, node)
        }
    }
}

/// Terms and their numbers, in the order in which they came.
struct TermTable {
    /// All terms one after the other.
    private var bytes: [UInt8] = []
    /// Where each ends. [term]
    private var ends: [Int] = []
    /// The number of a term and one, 0 for none; as many as a power of two. By hash, then the next ones.
    private var slots: [Int32]

    init() { slots = Array(repeating: 0, count: 1 << 12) }

    var count: Int { ends.count }

    /// The bytes of a term.
    func term(_ number: Int) -> ArraySlice<UInt8> { bytes[(number > 0 ? ends[number - 1] : 0)..<ends[number]] }

    /// The number of a term; nil where it is not there.
    func number(of term: UnsafeBufferPointer<UInt8>) -> Int? {
        let slot = slots[place(of: term)]
        return slot > 0 ? Int(slot) - 1 : nil
    }

    /// The number of a term, which is new where it was not there.
    mutating func add(_ term: UnsafeBufferPointer<UInt8>) -> Int {
        let place = place(of: term)
        if slots[place] > 0 { return Int(slots[place]) - 1 }
        bytes.append(contentsOf: term)
        ends.append(bytes.count)
        slots[place] = Int32(ends.count)
        if ends.count * 2 > slots.count { grow() }
        return ends.count - 1
    }

    /// Where a term is, or where it would go.
    private func place(of term: UnsafeBufferPointer<UInt8>) -> Int {
        let mask = slots.count - 1
        var place = Self.hash(term) & mask
        return slots.withUnsafeBufferPointer { slots in
            ends.withUnsafeBufferPointer { ends in
                bytes.withUnsafeBufferPointer { bytes in
                    while slots[place] > 0 {
                        let number = Int(slots[place]) - 1
                        let start = number > 0 ? ends[number - 1] : 0
                        if ends[number] - start == term.count, Self.isEqual(bytes, start, term) { break }
                        place = (place + 1) & mask
                    }
                    return place
                }
            }
        }
    }

    private static func isEqual(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ term: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        for index in 0..<term.count where bytes[start + index] != term[index] { return false }
        return true
    }

    /// FNV-1a, stirred once more for the low bits that are taken.
    private static func hash(_ term: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in term { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 29)
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 4)
        for number in 0..<ends.count {
            let own = Array(term(number))
            let place = own.withUnsafeBufferPointer { self.place(of: $0) }
            slots[place] = Int32(number + 1)
        }
    }
}

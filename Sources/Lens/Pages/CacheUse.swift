/// Where the slots of a cache are, of a paged one or one that lies in one piece.
package struct CacheUse: Equatable, Sendable {
    /// Slots that are taken from others.
    package let slots: Int
    /// Keys and values of tokens that may still be read, one a token, however many sequences share it.
    package let states: Int
    /// Kept although no sequence will read it again: others of its block are read.
    package let stale: Int
    /// Slots that the sequence will fill.
    package let reserved: Int
    /// Slots that nobody will fill.
    package let internalWaste: Int
    /// Slots between others that are too few for the next sequence.
    package let externalWaste: Int

    /// Of the slots that nobody else can have, what holds a state.
    package var share: Double {
        slots + externalWaste > 0 ? Double(states) / Double(slots + externalWaste) : 0
    }
}

extension PagedCache {
    /// What its blocks are used for.
    package var use: CacheUse {
        let filled = pool.holders.indices.reduce(0) { count, block in
            pool.holders[block] == 0 ? count : count + pool.slots[pool.slots(of: block)].count { $0 >= 0 }
        }
        let alive = aliveSlots.count
        let slots = pool.used * pool.blockSize
        return CacheUse(
            slots: slots, states: alive, stale: filled - alive, reserved: 0, internalWaste: slots - filled,
            externalWaste: 0)
    }

    /// Slots that some sequence still reads.
    private var aliveSlots: Set<Int> {
        var alive: Set<Int> = []
        for sequence in sequences {
            for (logical, block) in sequence.table.enumerated() {
                guard let block else { continue }
                let first = logical * pool.blockSize
                for token in first..<min(sequence.length, first + pool.blockSize) where !sequence.isGone(token) {
                    alive.insert(block * pool.blockSize + token - first)
                }
            }
        }
        return alive
    }
}

/// How many slots a cache that lies in one piece reserves for a sequence.
package enum Reservation: String, CaseIterable, Hashable, Sendable {
    /// As many as a sequence may ever have.
    case window
    /// The next power of two of its length at the end.
    case powerOfTwo = "power-of-two"
    /// Just its length at the end, which only an oracle knows.
    case oracle

    /// - Parameter end: the sequence's length at its end
    package func slots(end: Int, window: Int) -> Int {
        switch self {
        case .window: max(end, window)
        case .oracle: end
        case .powerOfTwo:
            end <= 1 ? end : 1 << (Int.bitWidth - (end - 1).leadingZeroBitCount)
        }
    }
}

/// Memory in one piece a sequence, the first hole that is large enough.
package struct ContiguousPool: Equatable, Sendable {
    package let slots: Int
    /// Sorted by place.
    package private(set) var taken: [Range<Int>] = []

    package init(slots: Int) { self.slots = slots }

    /// Nil where no hole has as many.
    package mutating func allocate(_ count: Int) -> Range<Int>? {
        guard let hole = holes.first(where: { $0.count >= count }) else { return nil }
        let range = hole.lowerBound..<hole.lowerBound + count
        taken.append(range)
        taken.sort { $0.lowerBound < $1.lowerBound }
        return range
    }

    package mutating func free(_ range: Range<Int>) { taken.removeAll { $0 == range } }

    package var holes: [Range<Int>] {
        let starts = [0] + taken.map(\.upperBound)
        let ends = taken.map(\.lowerBound) + [slots]
        return zip(starts, ends).compactMap { $0 < $1 ? $0..<$1 : nil }
    }

    /// Slots in holes that are smaller than what the next sequence needs.
    package func scattered(for count: Int) -> Int { holes.reduce(0) { $0 + ($1.count < count ? $1.count : 0) } }
}

/// The same sequences each in one piece, in as many slots as a paged cache has.
package struct ContiguousCache: Equatable, Sendable {
    /// A sequence as it is now and will be.
    package struct Request: Equatable, Sendable {
        package let length: Int
        package let end: Int

        package init(length: Int, end: Int) { (self.length, self.end) = (length, max(length, end)) }
    }

    package let use: CacheUse
    /// Sequences that found no place.
    package let refused: Int

    /// - Parameter window: tokens that a sequence may have at most
    package init(_ requests: [Request], slots: Int, by reservation: Reservation, window: Int) {
        var pool = ContiguousPool(slots: slots)
        var (taken, states, reserved, refused) = (0, 0, 0, 0)
        var used = 0
        for request in requests {
            let wanted = reservation.slots(end: request.end, window: window)
            guard pool.allocate(wanted) != nil else {
                refused += 1
                continue
            }
            taken += wanted
            states += request.length
            reserved += request.end - request.length
            used += request.end
        }
        let next = reservation.slots(end: requests.map(\.end).max() ?? 0, window: window)
        use = CacheUse(
            slots: taken, states: states, stale: 0, reserved: reserved, internalWaste: taken - used,
            externalWaste: pool.scattered(for: next))
        self.refused = refused
    }
}

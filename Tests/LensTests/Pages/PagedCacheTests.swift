import Foundation
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkLens

@Suite struct PagedCacheTests {
    @Test func tablesAreThoseOfTheReference() throws {
        let vectors = try TileVectors()
        func output<T>(_ path: String) throws -> T {
            try vectors.value("algorithms", "paged_block_tables", "outputs", path)
        }
        var cache = PagedCache(blocks: 8, blockSize: 4)
        try cache.append("A", tokens: 7)
        try cache.append("B", tokens: 5)
        try cache.fork("A", to: "C")
        try cache.append("C", tokens: 2)
        try cache.append("A", tokens: 1)
        let tables: [String: [Int]] = try output("tables")
        let lengths: [String: Int] = try output("lengths")
        for (name, table) in tables {
            #expect(cache.sequence(name)?.table == table && cache.sequence(name)?.length == lengths[name])
        }
        let holders: [String: Int] = try output("refcounts")
        for block in 0..<8 { #expect(cache.pool.holders[block] == holders["\(block)"] ?? 0) }
        let copies = cache.events.filter { if case .copied = $0 { true } else { false } }
        #expect(copies == [.copied(from: 1, to: 4, sequence: "C")])
        let stats: [String: Double] = try output("stats")
        let use = cache.use
        #expect(Double(use.slots) == stats["slots"] && Double(use.states) == stats["token_states"])
        #expect(use.share == stats["utilisation"] && cache.pool.used == 6)
        #expect(use.internalWaste == 6 && use.stale == 0)
    }

    /// A few hundred random histories: blocks are conserved, tables are one-to-one, and nobody's tokens change under them.
    @Test(arguments: 1...12) func historiesKeepWhatTheyHold(seed: UInt64) throws {
        var random = Sample.ids(4000, seed: seed).makeIterator()
        func next(_ below: Int) -> Int { Int(random.next() ?? 0) % max(1, below) }
        var cache = PagedCache(blocks: 24, blockSize: 1 + Int(seed) % 5)
        /// What every token that was not given up is kept as.
        var kept: [String: [Int: Int]] = [:]
        for step in 0..<300 {
            let names = cache.sequences.map(\.name)
            let name = names.isEmpty ? "" : names[next(names.count)]
            let before = cache
            do {
                switch next(6) {
                case 0: try cache.append("s\(step)", tokens: next(9))
                case 1, 2: if !name.isEmpty { try cache.append(name, tokens: next(7)) }
                case 3: if !name.isEmpty { try cache.fork(name, to: "f\(step)") }
                case 4:
                    let start = next(20)
                    if !name.isEmpty { try cache.evict(name, tokens: KeyRanges(start..<start + next(12))) }
                default: if names.count > 3 { try cache.end(name) }
                }
            } catch {
                #expect(error == .full(blocks: 24, size: cache.pool.blockSize))
                #expect(cache == before)
            }
            Self.check(cache)
            for sequence in cache.sequences {
                for (token, state) in kept[sequence.name] ?? [:] {
                    guard let now = cache.state(sequence.name, token: token) else { continue }
                    // A copy of a block holds the same states.
                    #expect(now == state, "step \(step) \(sequence.name) \(token)")
                }
                kept[sequence.name] = Dictionary(
                    uniqueKeysWithValues: (0..<sequence.length).compactMap { token in
                        cache.state(sequence.name, token: token).map { (token, $0) }
                    })
            }
        }
    }

    /// What must hold of any cache.
    private static func check(_ cache: PagedCache) {
        var holders = [Int](repeating: 0, count: cache.pool.count)
        for sequence in cache.sequences {
            let blocks = sequence.table.compactMap { $0 }
            #expect(Set(blocks).count == blocks.count, "no block stands twice in one table")
            #expect(sequence.table.count == (sequence.length + cache.pool.blockSize - 1) / cache.pool.blockSize)
            for block in blocks { holders[block] += 1 }
            for token in 0..<sequence.length where !sequence.isGone(token) {
                #expect(cache.state(sequence.name, token: token) ?? -1 >= 0)
            }
        }
        #expect(cache.pool.holders == holders)
        #expect(cache.pool.used == holders.count { $0 > 0 } && cache.pool.used + cache.pool.free == cache.pool.count)
        let use = cache.use
        #expect(use.states + use.stale + use.internalWaste == use.slots && use.stale >= 0 && use.internalWaste >= 0)
        for block in holders.indices where holders[block] == 0 {
            #expect(cache.pool.slots[cache.pool.slots(of: block)].allSatisfy { $0 == -1 })
        }
    }

    /// At most B − 1 slots a sequence wait for tokens.
    @Test func onlyTheLastBlockHasRoom() throws {
        for tokens in 1...40 {
            var cache = PagedCache(blocks: 20, blockSize: 8)
            try cache.append("A", tokens: tokens)
            #expect(cache.use.internalWaste == (8 - tokens % 8) % 8 && cache.pool.used == (tokens + 7) / 8)
        }
    }

    @Test func whatCannotBeIsRefused() throws {
        var cache = PagedCache(blocks: 2, blockSize: 4)
        try cache.append("A", tokens: 5)
        #expect(throws: PageError.full(blocks: 2, size: 4)) { try cache.append("B", tokens: 1) }
        #expect(throws: PageError.unknown("X")) { try cache.fork("X", to: "Y") }
        #expect(throws: PageError.unknown("X")) { try cache.end("X") }
        #expect(throws: PageError.unknown("X")) { try cache.evict("X", tokens: KeyRanges(0..<1)) }
        #expect(throws: PageError.taken("A")) { try cache.fork("A", to: "A") }
        #expect(throws: PageError.longer("A", tokens: 4_194_305, limit: 4_194_304)) {
            try cache.append("A", tokens: 4_194_300)
        }
        #expect(cache.sequence("B") == nil && cache.pool.used == 2)
    }
}

@Suite struct CacheUseTests {
    @Test func reservationsAreAsLongAsTheySay() {
        #expect(
            [0, 1, 2, 3, 5, 8, 9, 1000].map { Reservation.powerOfTwo.slots(end: $0, window: 0) } == [
                0, 1, 2, 4, 8, 8, 16, 1024,
            ])
        #expect(Reservation.window.slots(end: 5, window: 64) == 64 && Reservation.oracle.slots(end: 5, window: 64) == 5)
    }

    /// Every slot of the pool is a state, reserved, wasted or free.
    @Test(arguments: Reservation.allCases) func slotsAddUp(reservation: Reservation) {
        let requests = [(7, 12), (5, 5), (9, 20)].map { ContiguousCache.Request(length: $0.0, end: $0.1) }
        let cache = ContiguousCache(requests, slots: 80, by: reservation, window: 32)
        let use = cache.use
        #expect(use.states + use.reserved + use.internalWaste == use.slots)
        #expect(use.slots + use.externalWaste <= 80)
        switch reservation {
        case .window:
            #expect(use.slots == 64 && cache.refused == 1 && use.internalWaste == 47 && use.externalWaste == 16)
        case .powerOfTwo: #expect(use.slots == 56 && use.internalWaste == 19 && use.externalWaste == 24)
        case .oracle: #expect(use.slots == 37 && use.internalWaste == 0 && use.reserved == 16 && use.externalWaste == 0)
        }
    }

    @Test func holesBetweenSequencesAreScattered() {
        var pool = ContiguousPool(slots: 30)
        let ranges = (0..<3).compactMap { _ in pool.allocate(10) }
        #expect(ranges == [0..<10, 10..<20, 20..<30] && pool.allocate(1) == nil)
        pool.free(10..<20)
        #expect(pool.allocate(11) == nil && pool.scattered(for: 11) == 10 && pool.scattered(for: 10) == 0)
        #expect(pool.allocate(4) == 10..<14 && pool.holes == [14..<20])
    }
}

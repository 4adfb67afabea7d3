import RopewalkMethods

/// A text in a paged cache, with others that go on from some of its tokens: what a server does that samples several
/// continuations of one prompt.
package struct PageScene: Hashable, Sendable {
    /// B.
    package var blockSize = PagePool.usualBlockSize
    /// Blocks of the pool; nil for as many as the sequences would have if they shared none.
    package var blocks: Int?
    /// Tokens of the text that have been read.
    package let length: Int
    /// After how many tokens of the text another sequence goes on.
    package let forks: [Int]
    /// Tokens that each of those has of its own.
    package let appended: Int

    /// Sequences have a letter each.
    package static let mostForks = 25

    package init(length: Int, forks: [Int] = [], appended: Int = 0) {
        self.length = max(0, length)
        self.forks = forks.filter { (0...max(0, length)).contains($0) }.sorted()
        self.appended = max(0, appended)
    }

    /// The text is A.
    package static func name(_ sequence: Int) -> String {
        String(UnicodeScalar(UInt8(ascii: "A") + UInt8(clamping: min(mostForks, max(0, sequence)))))
    }

    /// The length of every sequence, the text first.
    package var lengths: [Int] { [length] + forks.map { $0 + appended } }

    /// Blocks that its sequences would have if they shared none.
    package var separateBlocks: Int { lengths.reduce(0) { $0 + ($1 + blockSize - 1) / blockSize } }

    /// What was done, step by step: the text is read as far as the first fork, forks write, the text goes on.
    ///
    /// - Parameter lifetimes: until when its keys are read; nil where all are kept
    package func cache(_ lifetimes: KeyLifetimes? = nil) throws(PageError) -> PagedCache {
        let pool = blocks ?? separateBlocks
        guard pool <= PagePool.slotLimit / blockSize else {
            throw .full(blocks: PagePool.slotLimit / blockSize, size: blockSize)
        }
        var cache = PagedCache(blocks: pool, blockSize: blockSize)
        var read = 0
        for (place, fork) in forks.enumerated() {
            try go(fork - read, into: &cache, lifetimes)
            read = fork
            try cache.fork(Self.name(0), to: Self.name(place + 1))
        }
        // All of them share what was there at their fork; then each goes its own way.
        for place in forks.indices { try cache.append(Self.name(place + 1), tokens: appended) }
        try go(length - read, into: &cache, lifetimes)
        return cache
    }

    /// Some tokens more of the text, and what is gone then.
    private func go(_ count: Int, into cache: inout PagedCache, _ lifetimes: KeyLifetimes?) throws(PageError) {
        let name = Self.name(0)
        guard let lifetimes else { return try cache.append(name, tokens: count) }
        // Block by block, so that a block that comes free is there for the next one.
        var left = count
        repeat {
            let length = cache.sequence(name)?.length ?? 0
            let part = min(left, blockSize - length % blockSize)
            try cache.append(name, tokens: part)
            left -= part
            try cache.evict(name, tokens: lifetimes.going(at: length..<length + part))
        } while left > 0
    }
}

/// How one way of keeping the same sequences uses memory.
package struct ComparedCache: Equatable, Sendable {
    /// Nil for the paged one.
    package let reservation: Reservation?
    package let use: CacheUse
    /// Sequences that found no place.
    package let refused: Int
}

extension PageScene {
    /// The paged cache beside those that keep every sequence in one piece of as much memory.
    /// - Parameters:
    ///   - end: tokens of the text at its end; other sequences end where they are
    ///   - window: tokens that a sequence may have at most
    package func comparison(_ cache: PagedCache, end: Int, window: Int) -> [ComparedCache] {
        let requests = lengths.enumerated().map { place, length in
            ContiguousCache.Request(length: length, end: place == 0 ? end : length)
        }
        let slots = cache.pool.count * cache.pool.blockSize
        return [ComparedCache(reservation: nil, use: cache.use, refused: 0)]
            + Reservation.allCases.map {
                let contiguous = ContiguousCache(requests, slots: slots, by: $0, window: window)
                return ComparedCache(reservation: $0, use: contiguous.use, refused: contiguous.refused)
            }
    }
}

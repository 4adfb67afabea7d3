import RopewalkMethods

/// A cache of keys and values in pages (PagedAttention): sequences whose blocks lie anywhere, and may be shared.
package struct PagedCache: Equatable, Sendable {
    /// A text, or one that went on from it.
    package struct Sequence: Equatable, Sendable {
        package let name: String
        package fileprivate(set) var length = 0
        /// The physical block of every logical one; nil where it was given up.
        package fileprivate(set) var table: [Int?] = []
        /// Whether an evicting method has given up a token; those behind the end of the list are there. [token]
        fileprivate var gone: [Bool] = []
        /// How many tokens of a logical block it has given up.
        fileprivate var goneCounts: [Int: Int] = [:]

        package func isGone(_ token: Int) -> Bool { gone.indices.contains(token) && gone[token] }

        /// Whether a token is given up for the first time.
        fileprivate mutating func giveUp(_ token: Int, blockSize: Int) -> Bool {
            guard !isGone(token) else { return false }
            if gone.count <= token { gone += Array(repeating: false, count: length - gone.count) }
            gone[token] = true
            goneCounts[token / blockSize, default: 0] += 1
            return true
        }
    }

    /// What happened to blocks, in order.
    package enum Event: Equatable, Sendable {
        case allocated(block: Int, sequence: String, logical: Int)
        /// A shared block was written to: the writer took a copy.
        case copied(from: Int, to: Int, sequence: String)
        /// One sequence less holds it; others do.
        case left(block: Int, sequence: String)
        case freed(block: Int, sequence: String)
    }

    package private(set) var pool: PagePool
    package private(set) var sequences: [Sequence] = []
    package private(set) var events: [Event] = []

    package static let tokenLimit = 4_194_304

    package init(blocks: Int, blockSize: Int) { pool = PagePool(blocks: blocks, blockSize: blockSize) }

    package func sequence(_ name: String) -> Sequence? { sequences.first { $0.name == name } }

    /// Adds tokens to a sequence; a new name begins one. Where the pool is full nothing changes.
    package mutating func append(_ name: String, tokens: Int) throws(PageError) {
        let length = sequence(name)?.length ?? 0
        guard tokens <= Self.tokenLimit - length else {
            throw .longer(name, tokens: length + tokens, limit: Self.tokenLimit)
        }
        guard newBlocks(for: tokens, behind: sequence(name)) <= pool.free else {
            throw .full(blocks: pool.count, size: pool.blockSize)
        }
        let index = index(makingIfMissing: name)
        for _ in 0..<max(0, tokens) { try append(index) }
    }

    /// Blocks that tokens behind a sequence need: those that are not there yet, and a copy of a shared one.
    private func newBlocks(for tokens: Int, behind sequence: Sequence?) -> Int {
        guard tokens > 0 else { return 0 }
        let (length, table) = (sequence?.length ?? 0, sequence?.table ?? [])
        return (length / pool.blockSize...(length + tokens - 1) / pool.blockSize).count { logical in
            guard logical < table.count, let held = table[logical] else { return true }
            return pool.holders[held] > 1
        }
    }

    private mutating func index(makingIfMissing name: String) -> Int {
        if let known = sequences.firstIndex(where: { $0.name == name }) { return known }
        sequences.append(Sequence(name: name))
        return sequences.count - 1
    }

    private func index(of name: String) throws(PageError) -> Int {
        guard let known = sequences.firstIndex(where: { $0.name == name }) else { throw .unknown(name) }
        return known
    }

    /// One token more: in a new block where the last one is full, in a copy where others hold it too.
    private mutating func append(_ index: Int) throws(PageError) {
        let (name, length) = (sequences[index].name, sequences[index].length)
        let (logical, place) = (length / pool.blockSize, length % pool.blockSize)
        if logical == sequences[index].table.count {
            sequences[index].table.append(try allocate(name, logical))
        } else if let held = sequences[index].table[logical], pool.holders[held] > 1 {
            try copy(held, index, logical, places: place)
        }
        guard let block = sequences[index].table[logical] else { return }
        pool.fill(block, place: place)
        sequences[index].length += 1
    }

    private mutating func allocate(_ name: String, _ logical: Int) throws(PageError) -> Int {
        let block = try pool.allocate()
        events.append(.allocated(block: block, sequence: name, logical: logical))
        return block
    }

    private mutating func copy(_ block: Int, _ index: Int, _ logical: Int, places: Int) throws(PageError) {
        let own = try pool.allocate()
        pool.copy(block, to: own, places: places)
        _ = pool.release(block)
        sequences[index].table[logical] = own
        events.append(.copied(from: block, to: own, sequence: sequences[index].name))
    }

    /// A second sequence with the same tokens, in the same blocks.
    package mutating func fork(_ name: String, to copy: String) throws(PageError) {
        let source = sequences[try index(of: name)]
        guard sequence(copy) == nil else { throw .taken(copy) }
        var forked = Sequence(name: copy)
        (forked.length, forked.table) = (source.length, source.table)
        (forked.gone, forked.goneCounts) = (source.gone, source.goneCounts)
        for block in source.table.compactMap({ $0 }) { pool.share(block) }
        sequences.append(forked)
    }

    /// A sequence has ended.
    package mutating func end(_ name: String) throws(PageError) {
        let ended = sequences.remove(at: try index(of: name))
        for block in ended.table.compactMap({ $0 }) { release(block, name) }
    }

    /// Tokens that a sequence will not read again: a block is given up when all its tokens are gone.
    package mutating func evict(_ name: String, tokens: KeyRanges) throws(PageError) {
        let index = try index(of: name)
        for token in tokens.intersection(0..<sequences[index].length).ranges.joined() {
            guard sequences[index].giveUp(token, blockSize: pool.blockSize) else { continue }
            // A block that is not full yet waits for the tokens that come.
            let logical = token / pool.blockSize
            guard sequences[index].goneCounts[logical] == pool.blockSize, let block = sequences[index].table[logical]
            else { continue }
            sequences[index].table[logical] = nil
            release(block, name)
        }
    }

    private mutating func release(_ block: Int, _ name: String) {
        events.append(
            pool.release(block) ? .freed(block: block, sequence: name) : .left(block: block, sequence: name))
    }

    /// What a sequence's token is kept as; nil where its block was given up.
    package func state(_ name: String, token: Int) -> Int? {
        guard let sequence = sequence(name), (0..<sequence.length).contains(token),
            let block = sequence.table[token / pool.blockSize]
        else { return nil }
        return pool.slots[block * pool.blockSize + token % pool.blockSize]
    }
}

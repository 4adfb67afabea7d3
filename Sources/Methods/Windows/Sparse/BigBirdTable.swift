import Synchronization

/// The random blocks of every block of queries, as the released code of BigBird draws them.
struct BigBirdTable: Sendable {
    /// What a table depends on.
    struct Key: Hashable {
        let tokens: Int
        let block: Int
        let random: Int
        let seed: Int
        let head: Int
        let heads: Int
        /// Whether lengths up to 4,096 are drawn by the older plan also at 2,048 tokens.
        let isOfficial: Bool

        var blocks: Int { (tokens + block - 1) / block }
    }

    /// The random blocks of all query blocks, one block after the other.
    private let drawn: [Int32]
    /// Where those of query block i + 1 begin in `drawn`, and where the last end.
    private let starts: [Int32]

    private static let cache = Mutex<[Key: BigBirdTable]>([:])

    /// The table, drawn once for a while: every row of a mask asks for it.
    static func table(_ key: Key) -> BigBirdTable {
        if let known = cache.withLock({ $0[key] }) { return known }
        let table = BigBirdTable(key)
        cache.withLock { tables in
            if tables.count >= 64 { tables.removeAll() }
            tables[key] = table
        }
        return table
    }

    private init(_ key: Key) {
        var random = LegacyRandom(seed: UInt32(truncatingIfNeeded: key.seed))
        let padded = key.blocks * key.block
        let oldLengths = key.isOfficial ? [1024, 2048, 3072, 4096] : [1024, 3072, 4096]
        let rows =
            oldLengths.contains(padded) && key.block <= 1024
            ? Self.oldPlan(key, &random) : Self.lengthPlan(key, &random)
        drawn = rows.flatMap { $0 }
        starts = rows.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.count)) }
    }

    /// The random blocks of a block of queries, as drawn; the first and the last block have none.
    func blocks(of row: Int) -> ArraySlice<Int32> {
        guard row >= 1, row < starts.count else { return [] }
        return drawn[Int(starts[row - 1])..<Int(starts[row])]
    }

    /// Up to 4,096 tokens: each head draws a table for the longest text from the blocks of the first 1,024 tokens.
    private static func oldPlan(_ key: Key, _ random: inout LegacyRandom) -> [[Int32]] {
        let count = 4096 / key.block
        let last = 1024 > 2 * key.block ? 1024 / key.block - 1 : count - 1
        var rows: [[Int32]] = []
        for head in 0...key.head {
            rows = []
            for i in 1..<max(2, count - 1) {
                let drawn = random.permutation(pool(i, count: count, last: last)).prefix(key.random)
                if head == key.head { rows.append(drawn.map { Int32($0) }) }
            }
        }
        return Array(rows.prefix(max(0, key.blocks - 2)))
    }

    /// Blocks that block `i` may draw in the older plan.
    private static func pool(_ i: Int, count: Int, last: Int) -> [Int] {
        let middle = Array(1..<max(1, count - 1))
        func slice(_ from: Int, _ to: Int) -> [Int] {
            let to = min(to, middle.count)
            return from < to ? Array(middle[from..<to]) : []
        }
        if i == 1 { return slice(2, last) }
        if i == 2 { return slice(3, last) }
        if i >= count - 3 || i - 2 > last { return slice(0, last) }
        if i + 1 == last { return slice(0, i - 2) }
        return slice(0, i - 2) + slice(i + 1, last)
    }

    /// Any other length: most blocks are drawn from the first few, so that information spreads evenly.
    private static func lengthPlan(_ key: Key, _ random: inout LegacyRandom) -> [[Int32]] {
        let (count, r) = (key.blocks, key.random)
        let plan: [(end: Int, draws: Int)] =
            if 2 * r + 5 < count { [(2 * r + 5, r), (count, 0)] } else if r + 5 < count {
                [(r + 5, r / 2), (count, r - r / 2)]
            } else { [(count, r)] }
        var rows = Array(repeating: [Int32](), count: count)
        func draw(_ block: Int, from start: Int, to end: Int, draws: Int, _ random: inout LegacyRandom) {
            for head in 0..<key.heads {
                let order = random.permutation(Array(start..<end))
                guard head == key.head else { continue }
                rows[block] += legal(order, block: block, end: end).prefix(draws).map { Int32($0) }
            }
        }
        for (index, segment) in plan.enumerated() {
            let start = index > 0 ? plan[index - 1].end : 0
            if index > 0, segment.draws > 0 {
                for block in 1..<start { draw(block, from: start, to: segment.end, draws: segment.draws, &random) }
            }
            for earlier in 0..<index where plan[earlier].draws > 0 {
                let from = earlier > 0 ? plan[earlier - 1].end : 0
                for block in start..<segment.end {
                    draw(block, from: from, to: plan[earlier].end, draws: plan[earlier].draws, &random)
                }
            }
            guard segment.draws > 0 else { continue }
            for block in max(1, start)..<max(1, segment.end) {
                draw(block, from: start, to: segment.end, draws: segment.draws, &random)
            }
        }
        return Array(rows.dropFirst().dropLast())
    }

    /// Drawn blocks that are not among the window, the global ones, or too near the edge.
    private static func legal(_ order: [Int], block: Int, end: Int) -> [Int] {
        order.filter { drawn in
            !(block - 1...block + 1).contains(drawn) && drawn != 0 && drawn != end - 1
                && !(block == 1 && drawn == end - 2) && !(block == end - 2 && drawn == 1)
        }
    }
}

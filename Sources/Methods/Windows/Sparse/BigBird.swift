import RopewalkPhrases

/// Blocks: the neighbours, the first and the last one, and some that are drawn.
package struct BigBird: CountingWindow, Equatable {
    package static let description = MethodDescription(
        name: "bigbird", family: .window, title: "BigBird",
        summary: "Blocks see their neighbours, the first and the last block, which see all, and a few random blocks.",
        source:
            "Zaheer et al., Big Bird, 2020 (arXiv 2007.14062), block 64 and random 3 (ITC); drawn as the released code "
            + "does, with the layer added to the seed",
        parameters: [
            .tokens("block", "length of a block", default: 64),
            ParameterDescription(
                "random", meaning: "random blocks of every block", unit: "blocks", default: 3, range: 0...64,
                isInteger: true),
            ParameterDescription(
                "seed", meaning: "seed of the random blocks; the layer is added to it", default: 0,
                range: 0...4_294_967_295, isInteger: true),
            .choice("causal", "1: no later keys", default: 0),
            ParameterDescription(
                "head", meaning: "without a head: whose random blocks are shown", unit: "(head index)", default: 0,
                range: 0...255, isInteger: true),
            ParameterDescription(
                "heads", meaning: "heads that draw in turn from one seed", unit: "heads", default: 12, range: 1...256,
                isInteger: true),
            .choice(
                "draw",
                "0: none, as transformers does when it evaluates, 1: as transformers does in training, "
                    + "2: as the original code does", default: 2, to: 2),
        ],
        flops: "4·N·(5 + random)·block·d a head", memory: "2·N·d numbers a key/value head")

    package let block: Int
    package let random: Int
    package let seed: Int
    package let isCausal: Bool
    package let head: Int
    package let heads: Int
    package let draw: Int

    package init(
        block: Int, random: Int, seed: Int = 0, isCausal: Bool = false, head: Int = 0, heads: Int = 12, draw: Int = 2
    ) {
        self.block = block
        self.random = random
        self.seed = seed
        self.isCausal = isCausal
        self.head = head
        self.heads = heads
        self.draw = draw
    }

    package init(values: [Double]) {
        let numbers = values.map { Int($0) }
        self.init(
            block: numbers[0], random: numbers[1], seed: numbers[2], isCausal: numbers[3] == 1, head: numbers[4],
            heads: numbers[5], draw: numbers[6])
    }
    package var values: [Double] { [block, random, seed, isCausal ? 1 : 0, head, heads, draw].map(Double.init) }

    package var contradiction: String? {
        head < heads || draw == 0
            ? nil : say("head \(head) of \(heads) heads: give one from 0 to \(heads - 1), or more heads")
    }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        let seed = (self.seed + place.layer) % 4_294_967_296
        return BigBird(
            block: block, random: random, seed: seed, isCausal: isCausal, head: min(place.head, 255),
            heads: min(max(1, place.heads), 256), draw: draw)
    }

    /// Texts so short are read in full, as transformers does.
    private func isDense(_ tokens: Int) -> Bool { tokens <= (5 + 2 * random) * block }

    private func table(_ tokens: Int) -> BigBirdTable? {
        guard draw > 0, random > 0 else { return nil }
        return .table(
            BigBirdTable.Key(
                tokens: tokens, block: block, random: random, seed: seed, head: head, heads: max(heads, head + 1),
                isOfficial: draw == 2))
    }

    /// The random blocks of a block of queries; none for the first and the last.
    package func randomBlocks(of row: Int, tokens: Int) -> [Int] {
        table(tokens)?.blocks(of: row).map { Int($0) } ?? []
    }

    /// The blocks that a block of queries sees, the last of `count` one included, as ascending runs.
    private func blocks(of row: Int, random: ArraySlice<Int32>, count: Int) -> [Range<Int>] {
        if row == 0 || row == count - 1 { return [0..<count] }
        if random.isEmpty, row > 1, row < count - 2 { return [0..<1, row - 1..<row + 2, count - 1..<count] }
        return KeyRanges([0..<1, count - 1..<count, row - 1..<row + 2] + random.map { Int($0)..<Int($0) + 1 }).ranges
    }

    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? {
        let distances = isCausal ? Zone.distances(from: 0) : -Zone.far..<Zone.far
        guard !queries.isEmpty else { return ZoneSum() }
        if isDense(tokens) { return ZoneSum([Zone(queries: queries, keys: 0..<tokens, distances: distances)]) }
        let table = table(tokens)
        let count = (tokens + block - 1) / block
        var zones: [Zone] = []
        zones.reserveCapacity(4 * (queries.count / block + 2))
        for row in queries.lowerBound / block...(queries.upperBound - 1) / block {
            let own = (row * block..<(row + 1) * block).clamped(to: queries)
            zones += blocks(of: row, random: table?.blocks(of: row) ?? [], count: count).map { blocks in
                Zone(
                    queries: own, keys: blocks.lowerBound * block..<min(blocks.upperBound * block, tokens),
                    distances: distances)
            }
        }
        return ZoneSum(zones)
    }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        KeyRanges(zones(of: query..<query + 1, tokens: tokens) ?? ZoneSum(), query: query)
    }

    /// A drawn block that is seen anyway counts once more; where none is drawn, block 0 stands for each of them.
    package func times(query: Int, key: Int, tokens: Int) -> Int {
        if isCausal, key > query { return 0 }
        let (row, column, last) = (query / block, key / block, (tokens - 1) / block)
        if isDense(tokens) || row == 0 || row == last { return 1 }
        let seen = column == 0 || column == last || abs(row - column) <= 1 ? 1 : 0
        return seen
            + (draw == 0 ? column == 0 ? random : 0 : randomBlocks(of: row, tokens: tokens).count { $0 == column })
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        plainReason(query: query, key: key, tokens: tokens).counted(times(query: query, key: key, tokens: tokens))
    }

    private func plainReason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if isCausal, key > query { return .future(query: query, key: key) }
        if isDense(tokens) {
            return VisibilityReason(
                .visible, say("kept: \(tokens.grouped) ≤ (5 + 2·random)·block tokens are read in full"))
        }
        let (row, column, last) = (query / block, key / block, (tokens - 1) / block)
        if column == 0 || column == last {
            return VisibilityReason(.global, say("kept: the key's block \(column.grouped) is global"))
        }
        if row == 0 || row == last {
            return VisibilityReason(.global, say("kept: the query's block \(row.grouped) is global and sees all"))
        }
        if abs(row - column) <= 1 {
            return VisibilityReason(.block, say("kept: blocks \(row.grouped) and \(column.grouped) are neighbours"))
        }
        return randomBlocks(of: row, tokens: tokens).contains(column)
            ? VisibilityReason(.random, say("kept as random: block \(row.grouped) drew block \(column.grouped)"))
            : VisibilityReason(
                .outside, say("blocked: block \(row.grouped) neither borders on nor drew block \(column.grouped)"))
    }
}

import RopewalkPhrases

/// A mask of tokens from one that has a place for every block of them: all pairs of a block are as the block is.
struct SpreadBlocks: MaskRows {
    let blocks: any MaskRows
    let side: Int

    var tokens: Int { blocks.tokens * side }
    var queries: Range<Int> { 0..<blocks.queries.count * side }

    func row(_ query: Int) -> KeyRanges {
        KeyRanges(blocks.row(query / side).ranges.map { $0.lowerBound * side..<$0.upperBound * side })
    }
}

extension MaskStack {
    /// The side of the blocks of which a square mask has a place each, where it fits a text so; nil where it does not.
    package static func blockSide(blocks: Int, tokens: Int) -> Int? {
        guard blocks > 1 else { return nil }
        return (3...20).map { 1 << $0 }.first { (tokens + $0 - 1) / $0 == blocks }
    }

    /// What a mask looks like that is too small for a text, and what to do.
    package func blockAdvice(tokens: Int) -> String? {
        guard block == nil, planes[0].queries.count == keys,
            let side = Self.blockSide(blocks: keys, tokens: tokens)
        else { return nil }
        return
            say(
                """
                it looks like a BlockMask's to_dense(), a place a block of \(side.grouped): @block=\(side) \
                behind the path takes it so
                """)
    }

    /// The mask of the tokens where each place is a block of `side` of them.
    package func spread(side: Int) -> MaskStack {
        MaskStack(
            planes: planes.map { SpreadBlocks(blocks: $0, side: side) }, lengths: lengths, axes: axes, offset: offset,
            remarks: remarks + [say("a place a block of \(side.grouped)")], fingerprint: fingerprint, block: side)
    }
}

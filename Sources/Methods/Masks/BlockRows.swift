/// A mask with a token for every block of another one: visible where any of its pairs is.
package struct BlockRows: MaskRows {
    private let mask: Mask
    private let side: Int

    package init(_ mask: Mask, side: Int) {
        self.mask = mask
        self.side = side
    }

    package var tokens: Int { (mask.tokens + side - 1) / side }
    package var queries: Range<Int> {
        let first = mask.queries.lowerBound.floorDivided(by: side)
        return first..<first + (mask.queries.count + side - 1) / side
    }

    package func row(_ block: Int) -> KeyRanges {
        let first = mask.queries.lowerBound + (block - queries.lowerBound) * side
        let rows = first..<min(first + side, mask.queries.upperBound)
        return KeyRanges(
            rows.flatMap { mask.row($0).ranges.map { $0.lowerBound / side..<($0.upperBound - 1) / side + 1 } })
    }
}

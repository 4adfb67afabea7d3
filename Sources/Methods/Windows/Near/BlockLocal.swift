/// Causal attention inside of blocks.
package struct BlockLocal: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "block-local", family: .window, title: "Block-local attention",
        summary: "The text is cut into blocks, and every token sees its own block up to itself.",
        source: "Qiu et al., Blockwise Self-Attention for Long Document Understanding, 2020 (arXiv 1911.02972), "
            + "identity permutation; block is ours",
        parameters: [.tokens("block", "length of a block", default: 512)],
        flops: "2·N·block·d a head", memory: "2·block·d numbers a key/value head")

    package let block: Int

    package init(block: Int) { self.block = block }
    package init(values: [Double]) { self.init(block: Int(values[0])) }
    package var values: [Double] { [Double(block)] }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum { .chunks(size: block, queries: queries, tokens: tokens) }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        key > query
            ? .future(query: query, key: key) : .sameBlock("block", query: query, key: key, size: block)
    }
}

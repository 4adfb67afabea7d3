import RopewalkPhrases

/// The own chunk up to the query, token by token; of earlier chunks one mean each.
package struct HierarchicalChunk: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "hierarchical-chunk", family: .window, title: "Hierarchical chunk attention",
        summary: "Every token sees its own chunk up to itself token by token, and every earlier chunk as one mean.",
        source: "Zhu and Soricut, H-Transformer-1D, 2021 (arXiv 2107.11906), the idea with two levels; size is ours",
        parameters: [
            .tokens("size", "length of a chunk", default: 64),
            .choice("pooled", "1: the tokens behind the means count as seen too", default: 0),
        ],
        flops: "4·N·(size/2 + N/size/2)·d a head", memory: "2·(size + N/size)·d numbers a key/value head")

    package let size: Int
    package let isPooled: Bool

    package init(size: Int, isPooled: Bool = false) {
        self.size = size
        self.isPooled = isPooled
    }

    package init(values: [Double]) { self.init(size: Int(values[0]), isPooled: values[1] == 1) }
    package var values: [Double] { [Double(size), isPooled ? 1 : 0] }

    /// The chunks that a query reads as one mean each.
    package func summaries(query: Int) -> Range<Int> { 0..<query / size }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        isPooled
            ? ZoneSum([Zone(queries: queries, keys: 0..<tokens, distances: Zone.distances(from: 0))])
            : .chunks(size: size, queries: queries, tokens: tokens)
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        if query / size == key / size { return .sameBlock("chunk", query: query, key: key, size: size) }
        let text = say("only as a part of the mean of chunk \((key / size).grouped)")
        return isPooled
            ? VisibilityReason(.global, say("kept: \(text)")) : VisibilityReason(.outside, say("blocked: \(text)"))
    }
}

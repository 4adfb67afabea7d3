import RopewalkPhrases

/// Every token sees itself and all earlier ones: what a decoder does anyway.
package struct Causal: WindowMethod, Equatable {
    package static let description = MethodDescription(
        name: "causal", family: .window, title: "Causal attention",
        summary: "Every token sees itself and all tokens before it, none after it.",
        source: "Vaswani et al., Attention Is All You Need, 2017 (arXiv 1706.03762)",
        flops: "2·N²·d a head (half of all pairs, scores and values)", memory: "2·N·d numbers a key/value head")

    package init() {}
    package init(values: [Double]) {}
    package var values: [Double] { [] }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        KeyRanges(from: 0, to: min(query + 1, tokens))
    }

    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? {
        ZoneSum([Zone(queries: queries, keys: 0..<tokens, distances: Zone.distances(from: 0))])
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        key <= query
            ? VisibilityReason(.visible, say("kept: \(key.grouped) ≤ \(query.grouped), not after the query"))
            : .future(query: query, key: key)
    }
}

extension VisibilityReason {
    /// The key comes after the query.
    static func future(query: Int, key: Int) -> VisibilityReason {
        VisibilityReason(.future, say("blocked: \(key.grouped) > \(query.grouped), after the query"))
    }
}

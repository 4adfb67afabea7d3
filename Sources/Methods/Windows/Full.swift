import RopewalkPhrases

/// Every token sees every token, as in an encoder; a decoder still cuts the future off.
package struct Full: WindowMethod, Equatable {
    package static let description = MethodDescription(
        name: "full", family: .window, title: "Full attention",
        summary: "Every token sees every token, before and after it; a decoder still cuts the future off.",
        source: "Vaswani et al., Attention Is All You Need, 2017 (arXiv 1706.03762)",
        flops: "4·N²·d a head (scores and values)", memory: "2·N·d numbers a key/value head")

    package init() {}
    package init(values: [Double]) {}
    package var values: [Double] { [] }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        KeyRanges(from: 0, to: tokens)
    }

    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? {
        ZoneSum([Zone(queries: queries, keys: 0..<tokens)])
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        VisibilityReason(.visible, say("kept: every token sees every token"))
    }
}

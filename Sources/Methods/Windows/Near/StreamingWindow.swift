/// Attention sinks and the last keys of a rolling cache, in both orders of the released code.
package struct StreamingWindow: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "streaming", family: .window, title: "StreamingLLM",
        summary:
            "A rolling cache keeps the first tokens and the most recent ones. This is the mask; with cache-positions, which "
            + "counts places inside the cache (window: recent + 1, with evict-after=0 recent), it is the method.",
        source:
            "Xiao et al., Efficient Streaming Language Models with Attention Sinks, 2023 (arXiv 2309.17453), sink 4, "
            + "recent 512 in the code",
        parameters: [
            .tokens("sink", "first tokens of the text that stay in the cache", default: 4, from: 0),
            .tokens("recent", "last tokens that the cache keeps", default: 512),
            .choice(
                "evict-after", "1: the cache is cut after a query has seen it and itself, 0: before", default: 1),
        ],
        flops: "4·N·(sink + recent)·d a head", memory: "2·(sink + recent)·d numbers a key/value head")

    package let sink: Int
    package let recent: Int
    package let evictsAfter: Bool

    package init(sink: Int, recent: Int, evictsAfter: Bool = true) {
        self.sink = sink
        self.recent = recent
        self.evictsAfter = evictsAfter
    }

    package init(values: [Double]) {
        self.init(sink: Int(values[0]), recent: Int(values[1]), evictsAfter: values[2] == 1)
    }
    package var values: [Double] { [Double(sink), Double(recent), evictsAfter ? 1 : 0] }

    package var companion: (any Method)? { CachePositions(sink: sink, window: lambda.window) }

    /// The same keys as those of this Λ-shaped window.
    var lambda: LambdaWindow { LambdaWindow(sink: sink, window: evictsAfter ? recent + 1 : recent) }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        .sinksAndWindow(sink: sink, window: lambda.window, queries: queries, tokens: tokens)
    }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges { lambda.visibleKeys(query: query, tokens: tokens) }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        lambda.reason(query: query, key: key, tokens: tokens)
    }
}

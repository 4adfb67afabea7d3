/// StreamingLLM's positions: places in the cache of first and last keys in place of places in the text.
package struct CachePositions: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "cache-positions", family: .position, title: "Positions in the cache",
        summary:
            "Counts places in a cache of the first and the last keys, so that the first ones never get further away.",
        source: "Xiao et al., Efficient Streaming Language Models with Attention Sinks, 2023 (arXiv 2309.17453); "
            + "goes with streaming of the same sink, whose recent is window − 1 (with evict-after=0 window)",
        parameters: [
            ParameterDescription(
                "sink", meaning: "first tokens of the text that stay in the cache", unit: "tokens", default: 4,
                range: 0...1_073_741_824, isInteger: true),
            .tokens("window", "last keys in the cache, the query's own included", default: 512),
        ],
        flops: "as rope; cached keys are turned again at every step, 6·(sink + window)·d a key/value head",
        memory: "2·(sink + window)·d numbers a key/value head; keys are kept before rotation")

    package let sink: Int
    package let window: Int

    package init(sink: Int, window: Int) {
        self.sink = sink
        self.window = window
    }

    package init(values: [Double]) { self.init(sink: Int(values[0]), window: Int(values[1])) }
    package var values: [Double] { [Double(sink), Double(window)] }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        let rotation = rotation(in: context)
        return .near(
            rotation, window: window, far: .sinks(rotation, sink: sink, window: window),
            // Nothing is evicted, and so nothing renumbered, before the cache is full.
            tokens: context.tokens - sink)
    }
}

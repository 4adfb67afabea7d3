import RopewalkPhrases

/// The first tokens and the last keys: the two strokes of a Λ in the mask.
package struct LambdaWindow: WindowMethod, Equatable {
    package static let description = MethodDescription(
        name: "lambda", family: .window, title: "Λ-shaped window",
        summary:
            "Every token sees the first tokens of the text, where attention drains to, and the tokens just before it. With "
            + "distance-limit it is LM-Infinite, with cache-positions StreamingLLM.",
        source:
            "Xiao et al., Efficient Streaming Language Models with Attention Sinks, 2023 (arXiv 2309.17453), sink 4 "
            + "and 512 recent; Han et al., LM-Infinite, 2023 (arXiv 2308.16137)",
        parameters: [
            ParameterDescription(
                "sink", meaning: "first tokens of the text that stay visible", unit: "tokens", default: 4,
                range: 0...1_073_741_824, isInteger: true),
            ParameterDescription(
                "window", meaning: "last keys a query sees, itself included", unit: "tokens", default: 512,
                range: 1...1_073_741_824, isInteger: true),
        ],
        flops: "4·N·(sink + window)·d a head", memory: "2·(sink + window)·d numbers a key/value head")

    package let sink: Int
    package let window: Int

    package init(sink: Int, window: Int) {
        self.sink = sink
        self.window = window
    }

    package init(values: [Double]) { self.init(sink: Int(values[0]), window: Int(values[1])) }
    package var values: [Double] { [Double(sink), Double(window)] }

    package var companion: (any Method)? { DistanceLimit(window: window) }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        .sinksAndWindow(sink: sink, window: window, query: query, tokens: tokens)
    }

    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? {
        .sinksAndWindow(sink: sink, window: window, queries: queries, tokens: tokens)
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        if query - key < window { return .inWindow(query: query, key: key, window: window) }
        if key < sink { return .isSink(key: key, sink: sink) }
        let far = String.distance(query, key, reaching: window)
        return VisibilityReason(.outside, say("blocked: \(far), and \(key.grouped) ≥ sink \(sink.grouped)"))
    }
}

extension KeyRanges {
    /// The first `sink` keys and the last `window` ones up to the query.
    static func sinksAndWindow(sink: Int, window: Int, query: Int, tokens: Int) -> KeyRanges {
        let end = min(query + 1, tokens)
        let start = max(0, query - window + 1)
        guard start > sink, sink > 0 else { return KeyRanges(from: start > sink ? start : 0, to: end) }
        return KeyRanges(canonical: start < end ? [0..<sink, start..<end] : [0..<min(sink, tokens)])
    }
}

extension ZoneSum {
    /// The first `sink` keys and the last `window` ones up to the query.
    static func sinksAndWindow(sink: Int, window: Int, queries: Range<Int>, tokens: Int) -> ZoneSum {
        ZoneSum([
            Zone(queries: queries, keys: 0..<tokens, distances: 0..<window),
            Zone(queries: queries, keys: 0..<min(sink, tokens), distances: Zone.distances(from: window)),
        ])
    }
}

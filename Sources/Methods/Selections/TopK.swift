import RopewalkPhrases

/// The keys that score highest with the query, beside the first tokens and the last keys.
package struct TopK: SelectionMethod, Equatable {
    package static let description = MethodDescription(
        name: "topk", family: .selection, title: "Top-k tokens",
        summary:
            "Beside the first tokens and the tokens just before it, every query sees the few keys that score highest with it.",
        source: "Tworkowski et al., Focused Transformer, 2023 (arXiv 2307.03170), k 128 there; "
            + "Wu et al., Memorizing Transformers, 2022 (arXiv 2203.08913); sinks and defaults are ours",
        parameters: [
            ParameterDescription(
                "k", meaning: "keys kept for their score", unit: "tokens", default: 64, range: 1...1_073_741_824,
                isInteger: true),
            ParameterDescription(
                "window", meaning: "last keys always kept, the query's own included", unit: "tokens", default: 256,
                range: 1...1_073_741_824, isInteger: true),
            ParameterDescription(
                "sink", meaning: "first tokens always kept", unit: "tokens", default: 4, range: 0...1_073_741_824,
                isInteger: true),
        ],
        flops: "N²·d a head for the scores, 4·N·(sink + window + k)·d for what is kept",
        memory: "2·N·d numbers a key/value head (nothing is evicted)")

    package let k: Int
    package let window: Int
    package let sink: Int

    package init(k: Int, window: Int, sink: Int) {
        self.k = k
        self.window = window
        self.sink = sink
    }

    package init(values: [Double]) { self.init(k: Int(values[0]), window: Int(values[1]), sink: Int(values[2])) }
    package var values: [Double] { [Double(k), Double(window), Double(sink)] }

    package var selectedCount: Int { k }

    package func fixedKeys(query: Int, tokens: Int) -> KeyRanges {
        .sinksAndWindow(sink: sink, window: window, query: query, tokens: tokens)
    }

    package func fixedReason(query: Int, key: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        if query - key < window { return .inWindow(query: query, key: key, window: window) }
        if key < sink { return .isSink(key: key, sink: sink) }
        let far = String.distance(query, key, reaching: window)
        return VisibilityReason(
            .notSelected,
            say("\(far), and \(key.grouped) ≥ sink \(sink.grouped): only among the top \(k.grouped) scores"))
    }
}

import RopewalkPhrases

/// The last `size` keys, the query's own included.
package struct SlidingWindow: WindowMethod, Equatable {
    package static let description = MethodDescription(
        name: "window", family: .window, title: "Sliding window",
        summary: "Every token sees itself and the tokens just before it, a fixed number in all.",
        source: "Jiang et al., Mistral 7B, 2023 (arXiv 2310.06825); size is ours, Mistral's is 4,096",
        parameters: [
            ParameterDescription(
                "size", meaning: "keys a query sees, itself included", unit: "tokens", default: 512,
                range: 1...1_073_741_824, isInteger: true)
        ],
        flops: "4·N·size·d a head", memory: "2·size·d numbers a key/value head")

    package let size: Int

    package init(size: Int) { self.size = size }
    package init(values: [Double]) { self.init(size: Int(values[0])) }
    package var values: [Double] { [Double(size)] }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        KeyRanges(from: max(0, query - size + 1), to: min(query + 1, tokens))
    }

    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? {
        ZoneSum([Zone(queries: queries, keys: 0..<tokens, distances: 0..<size)])
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        return query - key < size
            ? .inWindow(query: query, key: key, window: size)
            : VisibilityReason(.outside, say("blocked: \(String.distance(query, key, reaching: size))"))
    }
}

extension VisibilityReason {
    /// The key is one of the last `window` ones.
    static func inWindow(query: Int, key: Int, window: Int) -> VisibilityReason {
        let distance = (query - key).grouped
        return VisibilityReason(
            .window, say("kept as window: \(query.grouped) − \(key.grouped) = \(distance) < window \(window.grouped)"))
    }

    /// The key is one of the first `sink` ones.
    static func isSink(key: Int, sink: Int) -> VisibilityReason {
        VisibilityReason(.sink, say("kept as sink: \(key.grouped) < sink \(sink.grouped)"))
    }
}

extension String {
    /// "1,204 − 87 = 1,117 ≥ window 256".
    static func distance(_ query: Int, _ key: Int, reaching window: Int) -> String {
        say("\(query.grouped) − \(key.grouped) = \((query - key).grouped) ≥ window \(window.grouped)")
    }
}

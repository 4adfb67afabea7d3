/// Each head's nearest keys of the whole text, as many as the model's window.
package struct Unlimiformer: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "unlimiformer", family: .selection, title: "Unlimiformer",
        summary:
            "Each head reads the keys of highest score of the whole text, as many as the model's window holds, and the "
            + "query's own. Keys are those of one run over the whole text here; the method encodes overlapping windows and "
            + "keeps the middle half of each.",
        source: "Bertsch et al., Unlimiformer, 2023 (arXiv 2305.01625), k is the model's window",
        parameters: [
            .count("k", "keys that a query reads, its own included", default: 1024),
            .count(
                "first-layer", "first layer that chooses; those before read the last k keys", unit: "layer",
                default: 0, from: 0),
        ],
        flops: "N²·d a head for the scores, 4·N·k·d for what is read",
        memory: "2·N·d numbers a key/value head; the method keeps N hidden states once for all layers and heads")

    package let k: Int
    package let firstLayer: Int

    package init(k: Int, firstLayer: Int = 0) {
        self.k = k
        self.firstLayer = firstLayer
    }

    package init(values: [Double]) { self.init(k: Int(values[0]), firstLayer: Int(values[1])) }
    package var values: [Double] { [Double(k), Double(firstLayer)] }

    /// One window of the encoder: what it reads, and which of its states are kept.
    package struct Window: Equatable, Sendable {
        package let context: Range<Int>
        package let kept: Range<Int>
    }

    /// The windows that a long input is encoded in; the first and the last keep their outer edge.
    ///
    /// - Parameters:
    ///   - size: Tokens that the encoder reads at once, at least 2.
    ///   - overlap: Share of a window that the next one reads again, 0 to under 1.
    package static func windows(tokens: Int, size: Int, overlap: Double) -> [Window] {
        guard tokens > size, size > 1 else { return [Window(context: 0..<tokens, kept: 0..<tokens)] }
        let step = max(1, Int(Double(size) * (1 - overlap)))
        let margin = (size - step) / 2
        var windows: [Window] = []
        var kept = 0
        var start = 0
        while kept < tokens {
            let isLast = start + size >= tokens
            let context = (isLast ? tokens - size : start)..<(isLast ? tokens : start + size)
            let end = isLast ? tokens : context.upperBound - margin
            windows.append(Window(context: context, kept: kept..<end))
            kept = end
            start += step
        }
        return windows
    }

    /// Which keys are read, ascending.
    package static func nearest(_ k: Int, scores: [Double]) -> [Int] { HighestScores.indices(k, of: scores) }

    func chooser(for place: HeadPlace, states: any LayerStates) -> MemoryChooser {
        place.layer < firstLayer
            ? MemoryChooser(count: 0, window: k, memory: 0, score: .product, place: place, states: states)
            : MemoryChooser(count: k - 1, window: 1, memory: .max, score: .product, place: place, states: states)
    }
}

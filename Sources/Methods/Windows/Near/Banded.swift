/// Dense and locally banded layers in turn.
package struct Banded: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "banded", family: .window, title: "Alternating dense and banded layers",
        summary:
            "Layers take turns: some see the whole text before a token, the others only the tokens just before it.",
        source: "Brown et al., Language Models are Few-Shot Learners (GPT-3), 2020 (arXiv 2005.14165); width and order "
            + "are unpublished, those of GPT-Neo stand in (256, the first layer dense)",
        parameters: [
            .tokens("size", "keys a query sees in a banded layer, itself included", default: 256),
            ParameterDescription(
                "period", meaning: "layers until the pattern repeats; one of them is banded", unit: "layers",
                default: 2, range: 1...1024, isInteger: true),
            ParameterDescription(
                "first", meaning: "the first banded layer", unit: "(layer index)", default: 1, range: 0...1023,
                isInteger: true),
        ],
        flops: "2·N²·d a head in a dense layer, 4·N·size·d in a banded one",
        memory: "2·N·d numbers a key/value head in a dense layer, 2·size·d in a banded one")

    package let size: Int
    package let period: Int
    package let first: Int

    package init(size: Int, period: Int = 2, first: Int = 1) {
        self.size = size
        self.period = period
        self.first = first
    }

    package init(values: [Double]) { self.init(size: Int(values[0]), period: Int(values[1]), first: Int(values[2])) }
    package var values: [Double] { [Double(size), Double(period), Double(first)] }

    package func isBanded(layer: Int) -> Bool { layer.modulo(period) == first % period }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        isBanded(layer: place.layer) ? SlidingWindow(size: size) : Causal()
    }

    /// Without a layer: that of a banded one.
    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        ZoneSum([Zone(queries: queries, keys: 0..<tokens, distances: 0..<size)])
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        SlidingWindow(size: size).reason(query: query, key: key, tokens: tokens)
    }
}

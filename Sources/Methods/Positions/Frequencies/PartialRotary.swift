/// Only some dimensions of a head are turned; the others carry content without a place.
package struct PartialRotary: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "partial", family: .position, title: "Partial rotary",
        summary:
            "Turns a fraction of the dimensions, with frequencies spread over that fraction, and leaves the others.",
        source: "Black et al., GPT-NeoX-20B: An Open-Source Autoregressive Language Model, 2022 (arXiv 2204.06745)",
        parameters: [
            ParameterDescription(
                "fraction", meaning: "turned dimensions over all of a head, rounded down", default: 0.25, range: 0...1)
        ],
        flops: "6·fraction·d a token and head, for queries and for keys", memory: "as rope")

    package let fraction: Double

    package init(fraction: Double) { self.fraction = fraction }
    package init(values: [Double]) { self.init(fraction: values[0]) }
    package var values: [Double] { [fraction] }

    /// Dimensions that turn; an odd number of them leaves the last subspace to one dimension and its partner.
    package func turnedDimensions(in context: RotaryContext) -> Int { Int(fraction * Double(context.dimensions)) }

    package func rotation(in context: RotaryContext) -> Rotation {
        let turned = RotaryContext(
            dimensions: turnedDimensions(in: context), base: context.base, trainedWindow: context.trainedWindow,
            tokens: context.tokens)
        let frequencies = turned.inverseFrequencies
        return Rotation(
            inverseFrequencies: frequencies + [Double](repeating: 0, count: context.subspaces - frequencies.count))
    }
}

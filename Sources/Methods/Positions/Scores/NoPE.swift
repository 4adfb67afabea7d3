/// No position at all: nothing is turned, and only the mask tells places apart.
package struct NoPE: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "nope", family: .position, title: "NoPE",
        summary: "Turns nothing and adds nothing, so that only the causal limit tells places apart.",
        source: "Kazemnejad et al., The Impact of Positional Encoding on Length Generalization in Transformers, 2023 "
            + "(arXiv 2305.19466)",
        flops: "none", memory: "as rope")

    package init() {}
    package init(values: [Double]) {}
    package var values: [Double] { [] }

    package func rotation(in context: RotaryContext) -> Rotation { context.still }
}

/// No position at all: nothing is turned, and only the mask tells places apart.
public struct NoPE: PositionMethod, Equatable {
    public static let description = MethodDescription(
        name: "nope", family: .position, title: "NoPE",
        summary: "Turns nothing and adds nothing, so that only the causal limit tells places apart.",
        source: "Kazemnejad et al., The Impact of Positional Encoding on Length Generalization in Transformers, 2023 "
            + "(arXiv 2305.19466)",
        flops: "none", memory: "as rope")

    public init() {}
    public init(values: [Double]) {}
    public var values: [Double] { [] }

    public func rotation(in context: RotaryContext) -> Rotation { context.still }
}

/// Rotary position embedding without any extension: the angles the model was trained with.
package struct RoPE: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "rope", family: .position, title: "RoPE",
        summary:
            "Turns every pair of dimensions by its own frequency, so that a score depends on the distance of two tokens.",
        source: "Su et al., RoFormer: Enhanced Transformer with Rotary Position Embedding, 2021 (arXiv 2104.09864)",
        flops: "6·d a token and head, for queries and for keys", memory: "2·d numbers a token and key/value head")

    package init() {}
    package init(values: [Double]) {}
    package var values: [Double] { [] }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }
}

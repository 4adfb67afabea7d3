/// LM-Infinite's distance limit: a key further away counts as one at the limit.
package struct DistanceLimit: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "distance-limit", family: .position, title: "Distance limit",
        summary: "Takes every key beyond a window to be as far away as the window is long, so that no angle is unseen.",
        source: "Han et al., LM-Infinite: Zero-Shot Extreme Length Generalization for Large Language Models, 2023 "
            + "(arXiv 2308.16137)",
        parameters: [.tokens("window", "the largest distance", zero: "the trained window")],
        flops: "as rope, and N²·d a head for the second scores of far keys",
        memory: "as rope; far keys are kept before rotation")

    /// Tokens; 0: the context's trained window.
    package let window: Int

    package init(window: Int) { self.window = window }
    package init(values: [Double]) { self.init(window: Int(values[0])) }
    package var values: [Double] { [Double(window)] }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        let window = context.window(window)
        let rotation = rotation(in: context)
        return .near(
            rotation, window: window, far: .far(rotation, before: window, at: window), tokens: context.tokens)
    }
}

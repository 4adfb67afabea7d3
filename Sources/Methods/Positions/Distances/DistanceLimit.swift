/// LM-Infinite's distance limit: a key further away counts as one at the limit.
package struct DistanceLimit: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "distance-limit", family: .position, title: "Distance limit",
        summary: "Takes every key beyond a window to be as far away as the window is long, so that no angle is unseen. "
            + "The published code leaves neighbours where they are and puts all other keys at the limit (local).",
        source: "Han et al., LM-Infinite: Zero-Shot Extreme Length Generalization for Large Language Models, 2023 "
            + "(arXiv 2308.16137)",
        parameters: [
            .tokens("window", "the largest distance", zero: "the trained window"),
            .tokens(
                "local",
                "last keys at their true distance, while all others are window away, as in the code; goes with "
                    + "the window of lambda", zero: "keys nearer than window"),
        ],
        flops: "as rope, and N²·d a head for the second scores of far keys",
        memory: "as rope; far keys are kept before rotation")

    /// Tokens; 0: the context's trained window.
    package let window: Int
    /// Tokens; 0: as many as `window`.
    package let local: Int

    package init(window: Int, local: Int = 0) {
        self.window = window
        self.local = local
    }
    package init(values: [Double]) { self.init(window: Int(values[0]), local: Int(values[1])) }
    package var values: [Double] { [Double(window), Double(local)] }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        let window = context.window(window)
        let rotation = rotation(in: context)
        let near = local > 0 ? local : window
        return .near(rotation, window: near, far: .far(rotation, before: near, at: window), tokens: context.tokens)
    }
}

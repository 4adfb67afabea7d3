/// Direct fine-tuning: plain angles of a model that was trained further on longer texts.
package struct DirectTuning: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "direct", family: .position, title: "Direct fine-tuning",
        summary:
            "Keeps plain angles and counts those of a longer window as familiar, as after training on longer texts.",
        source: "the baseline of Chen et al., Extending Context Window of Large Language Models via Positional "
            + "Interpolation, 2023 (arXiv 2306.15595)",
        parameters: [.tokens("window", "window of the training on longer texts", zero: "the trained window")],
        flops: "as rope", memory: "as rope")

    /// Tokens; 0: the context's trained window.
    package let window: Int

    package init(window: Int) { self.window = window }
    package init(values: [Double]) { self.init(window: Int(values[0])) }
    package var values: [Double] { [Double(window)] }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }

    package func trainedRange(in context: RotaryContext) -> TrainedRange {
        TrainedRange(inverseFrequencies: context.inverseFrequencies, window: context.window(window))
    }
}

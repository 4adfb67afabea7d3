/// Leaky ReRoPE: distances beyond a window grow in smaller steps.
package struct LeakyReRoPE: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "leaky-rerope", family: .position, title: "Leaky ReRoPE",
        summary: "Keeps true distances within a window; beyond, every further token counts as a fraction of one.",
        source: "Su, rerope (github.com/bojone/rerope), 2023; window 512, step 1/16 and log-n as in its code",
        parameters: [
            .tokens("window", "distance from which on steps are smaller", default: 512),
            ParameterDescription(
                "step", meaning: "tokens beyond the window that count as one", unit: "tokens", default: 16,
                range: 1...1_000_000),
            ReRoPE.logNFlag,
        ],
        flops: "as rope, and N²·d a head for the second scores of far keys and 6·N·d for turning them",
        memory: "as rope; far keys are kept before rotation, or a second time")

    package let window: Int
    package let step: Double
    package let logN: Bool

    package init(window: Int, step: Double, logN: Bool = true) {
        self.window = window
        self.step = step
        self.logN = logN
    }

    package init(values: [Double]) { self.init(window: Int(values[0]), step: values[1], logN: values[2] != 0) }
    package var values: [Double] { [Double(window), step, logN ? 1 : 0] }

    package func problem(in context: RotaryContext) -> String? { logN ? ReRoPE.logNProblem(in: context) : nil }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }

    /// Far angles are those of slower frequencies, with the queries moved on so that both scores meet at the window.
    package func encoding(in context: RotaryContext) -> PositionEncoding {
        let rotation = rotation(in: context)
        let queryScale = logN ? LogN.scale(window: context.trainedWindow, tokens: context.tokens) : nil
        guard step > 1 else {
            return PositionEncoding(pieces: PositionEncoding(rotation).pieces, queryScale: queryScale)
        }
        let slow = Rotation(inverseFrequencies: rotation.inverseFrequencies.map { $0 / step })
        let lead = Double(window) * (step - 1)
        let far = PositionPiece.far(
            Turning(slow, position: { Double($0) + lead }), Turning(slow), before: window,
            distance: { Double(window) + Double($0 - $1 - window) / step })
        return .near(rotation, window: window, far: far, tokens: context.tokens, queryScale: queryScale)
    }
}

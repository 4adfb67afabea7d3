/// Position interpolation: every angle divided by one factor, so that a longer text fits in the trained angles.
package struct PositionInterpolation: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "pi", family: .position, title: "Position interpolation",
        summary:
            "Divides every position by one factor, so that a text that much longer stays inside the angles of training. "
            + "Needs fine-tuning: without it neighbours stand too close, within the window too.",
        source: "Chen et al., Extending Context Window of Large Language Models via Positional Interpolation, 2023 "
            + "(arXiv 2306.15595)",
        parameters: [.factor("target window over trained window")],
        flops: "as rope", memory: "as rope")

    package let factor: Double

    package init(factor: Double) { self.factor = factor }
    package init(values: [Double]) { self.init(factor: values[0]) }
    package var values: [Double] { [factor] }

    package func rotation(in context: RotaryContext) -> Rotation {
        Rotation(inverseFrequencies: context.inverseFrequencies.map { $0 / factor })
    }

    /// Dividing frequencies is dividing distances.
    package func encoding(in context: RotaryContext) -> PositionEncoding {
        let turning = Turning(rotation(in: context))
        let distance: @Sendable (Int, Int) -> Double = { Double($0 - $1) / factor }
        return PositionEncoding(pieces: [
            PositionPiece(name: "all", queries: turning, keys: turning, distance: factor > 1 ? distance : nil)
        ])
    }
}

import RopewalkPhrases

/// NTK-by-parts: subspaces with few turns in training interpolated, those with many kept, a ramp over turns between.
package struct NTKByParts: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "ntk-by-parts", family: .position, title: "NTK-by-parts",
        summary:
            "Slows down the subspaces that made few turns in training, keeps those that made many, and blends between.",
        source: "Peng et al., YaRN: Efficient Context Window Extension of Large Language Models, 2023, definition 2 "
            + "(arXiv 2309.00071)",
        parameters: [
            .factor("target window over original window"),
            ParameterDescription(
                "alpha", meaning: "turns in the original window up to which a subspace is slowed by the factor",
                unit: "turns", default: 1, range: 0.001...100_000),
            ParameterDescription(
                "beta", meaning: "turns in the original window from which it is kept", unit: "turns", default: 32,
                range: 0.002...1_000_000),
            .originalWindow,
            .flag(
                "first-code",
                "1: the authors' first code, which blends in NTK-aware too and has its own alpha and beta",
                default: false),
        ],
        flops: "as rope", memory: "as rope")

    package let factor: Double
    package let alpha: Double
    package let beta: Double
    /// Tokens; 0: the context's trained window.
    package let original: Int
    package let firstCode: Bool

    package init(factor: Double, alpha: Double = 1, beta: Double = 32, original: Int = 0, firstCode: Bool = false) {
        self.factor = factor
        self.alpha = alpha
        self.beta = beta
        self.original = original
        self.firstCode = firstCode
    }

    package init(values: [Double]) {
        self.init(
            factor: values[0], alpha: values[1], beta: values[2], original: Int(values[3]), firstCode: values[4] != 0)
    }

    package var values: [Double] { [factor, alpha, beta, Double(original), firstCode ? 1 : 0] }

    package var contradiction: String? {
        alpha < beta
            ? nil
            : say(
                """
                beta \(MethodSpec.format(beta)) is not above alpha \(MethodSpec.format(alpha)): give more turns \
                than alpha
                """)
    }

    package func rotation(in context: RotaryContext) -> Rotation {
        if firstCode { return Rotation(inverseFrequencies: threeWayBlend(in: context)) }
        let window = Double(context.window(original))
        let plain = context.plain
        return Rotation(
            inverseFrequencies: plain.inverseFrequencies.enumerated().map { index, theta in
                blend(theta / factor, theta, ramp(window / plain.wavelength(index), from: alpha, to: beta))
            })
    }

    /// Interpolated, NTK-aware and plain frequencies, blended by index in two bands of turns: 1.25 to 0.75, 16 to 2.
    private func threeWayBlend(in context: RotaryContext) -> [Double] {
        let window = context.window(original)
        let slow = TurnBand(many: 1.25, few: 0.75, window: window, context: context, truncate: true)
        let fast = TurnBand(many: 16, few: 2, window: window, context: context, truncate: true)
        let raised = context.inverseFrequencies(base: context.base(stretchedBy: factor))
        return zip(context.inverseFrequencies, raised).enumerated().map { index, pair in
            let (theta, ntk) = pair
            return blend(theta, blend(ntk, theta / factor, slow.ramp(index)), fast.ramp(index))
        }
    }
}

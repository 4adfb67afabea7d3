import RopewalkPhrases

/// The scaling of Llama 3.1: short wavelengths kept, long ones stretched, a blend between.
package struct Llama3Scaling: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "llama3", family: .position, title: "Llama 3 scaling",
        summary:
            "Slows down the subspaces with few turns in the original window, keeps those with many, blends between.",
        source: "Grattafiori et al., The Llama 3 Herd of Models, 2024 (arXiv 2407.21783); formula and values from "
            + "the configuration of Llama 3.1",
        parameters: [
            .factor("how much slower the slow subspaces turn", default: 8),
            ParameterDescription(
                "low", meaning: "turns in the original window up to which a subspace is slowed by the factor",
                unit: "turns", default: 1, range: 0.001...100_000),
            ParameterDescription(
                "high", meaning: "turns in the original window from which it is kept", unit: "turns", default: 4,
                range: 0.002...1_000_000),
            .originalWindow,
        ],
        flops: "as rope", memory: "as rope")

    package let factor: Double
    package let low: Double
    package let high: Double
    /// Tokens; 0: the context's trained window.
    package let original: Int

    package init(factor: Double, low: Double = 1, high: Double = 4, original: Int = 0) {
        self.factor = factor
        self.low = low
        self.high = high
        self.original = original
    }

    package init(values: [Double]) {
        self.init(factor: values[0], low: values[1], high: values[2], original: Int(values[3]))
    }

    package var values: [Double] { [factor, low, high, Double(original)] }

    package var contradiction: String? {
        low <= high
            ? nil
            : say(
                """
                high \(MethodSpec.format(high)) is below low \(MethodSpec.format(low)): give at least as many \
                turns
                """)
    }

    package func rotation(in context: RotaryContext) -> Rotation {
        let window = Double(context.window(original))
        let plain = context.plain
        return Rotation(
            inverseFrequencies: plain.inverseFrequencies.enumerated().map { index, theta in
                blend(theta / factor, theta, share(ofTurns: window / plain.wavelength(index)))
            })
    }

    /// How much of its own speed a subspace keeps. Where both ends are one, as in Llama 4, nothing lies between them.
    private func share(ofTurns turns: Double) -> Double {
        guard low < high else { return turns < low ? 0 : 1 }
        return ramp(turns, from: low, to: high)
    }
}

import Foundation
import RopewalkPhrases

/// YaRN as models are trained with it: slow subspaces interpolated, fast ones kept, a ramp between, and a temperature.
package struct YaRN: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "yarn", family: .position, title: "YaRN",
        summary:
            "Slows down the subspaces that made few turns in training, keeps the others, and sharpens the scores.",
        source: "Peng et al., YaRN: Efficient Context Window Extension of Large Language Models, 2023 "
            + "(arXiv 2309.00071); the ramp over indices is that of the authors' code and of transformers",
        parameters: [
            .factor("target window over original window"),
            ParameterDescription(
                "beta-fast", meaning: "turns in the original window from which a subspace is kept", unit: "turns",
                default: 32, range: 0.001...1_000_000),
            ParameterDescription(
                "beta-slow", meaning: "turns in the original window up to which it is slowed by the factor",
                unit: "turns", default: 1, range: 0.001...1_000_000),
            .attentionFactor, .originalWindow,
            .flag("truncate", "whether the ends of the ramp are rounded to whole subspaces", default: true),
        ],
        flops: "as rope", memory: "as rope")

    package let factor: Double
    package let betaFast: Double
    package let betaSlow: Double
    /// 0: 0.1·ln(factor) + 1.
    package let attentionFactor: Double
    /// Tokens; 0: the context's trained window.
    package let original: Int
    package let truncate: Bool

    package init(
        factor: Double, betaFast: Double = 32, betaSlow: Double = 1, attentionFactor: Double = 0, original: Int = 0,
        truncate: Bool = true
    ) {
        self.factor = factor
        self.betaFast = betaFast
        self.betaSlow = betaSlow
        self.attentionFactor = attentionFactor
        self.original = original
        self.truncate = truncate
    }

    package init(values: [Double]) {
        self.init(
            factor: values[0], betaFast: values[1], betaSlow: values[2], attentionFactor: values[3],
            original: Int(values[4]), truncate: values[5] != 0)
    }

    package var values: [Double] {
        [factor, betaFast, betaSlow, attentionFactor, Double(original), truncate ? 1 : 0]
    }

    package var contradiction: String? {
        betaFast < betaSlow
            ? say(
                """
                beta-fast \(MethodSpec.format(betaFast)) is below beta-slow \(MethodSpec.format(betaSlow)): \
                give as many turns or more
                """)
            : nil
    }

    /// The factor on cos and sin that configurations with `mscale` and `mscale_all_dim` mean; with both 0 or one of
    /// them 0 it is 0.1·ln(factor) + 1.
    package static func attentionFactor(factor: Double, mscale: Double = 0, mscaleAllDim: Double = 0) -> Double {
        func scale(_ weight: Double) -> Double { factor <= 1 ? 1 : 0.1 * weight * log(factor) + 1 }
        guard mscale != 0, mscaleAllDim != 0 else { return scale(1) }
        return scale(mscale) / scale(mscaleAllDim)
    }

    package func rotation(in context: RotaryContext) -> Rotation {
        let band = TurnBand(
            many: betaFast, few: betaSlow, window: context.window(original), context: context, truncate: truncate)
        return Rotation(
            inverseFrequencies: context.inverseFrequencies.enumerated().map { index, theta in
                blend(theta, theta / factor, band.ramp(index))
            },
            attentionFactor: attentionFactor > 0 ? attentionFactor : Self.attentionFactor(factor: factor))
    }
}

import Foundation

/// YaRN as models are trained with it: slow subspaces interpolated, fast ones kept, a ramp between, and a temperature.
public struct YaRN: PositionMethod, Equatable {
    public static let description = MethodDescription(
        name: "yarn", family: .position, title: "YaRN",
        summary:
            "Slows down the subspaces that made few turns in training, keeps those that made many, and sharpens the scores.",
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

    public let factor: Double
    public let betaFast: Double
    public let betaSlow: Double
    /// 0: 0.1·ln(factor) + 1.
    public let attentionFactor: Double
    /// Tokens; 0: the context's trained window.
    public let original: Int
    public let truncate: Bool

    public init(
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

    public init(values: [Double]) {
        self.init(
            factor: values[0], betaFast: values[1], betaSlow: values[2], attentionFactor: values[3],
            original: Int(values[4]), truncate: values[5] != 0)
    }

    public var values: [Double] {
        [factor, betaFast, betaSlow, attentionFactor, Double(original), truncate ? 1 : 0]
    }

    public var contradiction: String? {
        betaFast < betaSlow
            ? "beta-fast \(MethodSpec.format(betaFast)) is below beta-slow \(MethodSpec.format(betaSlow)): "
                + "give as many turns or more"
            : nil
    }

    /// The factor on cos and sin that configurations with `mscale` and `mscale_all_dim` mean; with both 0 or one of
    /// them 0 it is 0.1·ln(factor) + 1.
    public static func attentionFactor(factor: Double, mscale: Double = 0, mscaleAllDim: Double = 0) -> Double {
        func scale(_ weight: Double) -> Double { factor <= 1 ? 1 : 0.1 * weight * log(factor) + 1 }
        guard mscale != 0, mscaleAllDim != 0 else { return scale(1) }
        return scale(mscale) / scale(mscaleAllDim)
    }

    public func rotation(in context: RotaryContext) -> Rotation {
        let band = TurnBand(
            many: betaFast, few: betaSlow, window: context.window(original), context: context, truncate: truncate)
        return Rotation(
            inverseFrequencies: context.inverseFrequencies.enumerated().map { index, theta in
                blend(theta, theta / factor, band.ramp(index))
            },
            attentionFactor: attentionFactor > 0 ? attentionFactor : Self.attentionFactor(factor: factor))
    }
}

/// The subspaces between two numbers of turns in a window, counted by index as the YaRN authors' code does.
struct TurnBand {
    let low: Double
    let high: Double

    /// The index with r turns is d·ln(window/(2π·r)) / (2·ln base).
    init(many: Double, few: Double, window: Int, context: RotaryContext, truncate: Bool) {
        let d = Double(context.dimensions)
        func index(_ turns: Double) -> Double {
            d * log(Double(window) / (turns * 2 * .pi)) / (2 * log(context.base))
        }
        low = max(truncate ? index(many).rounded(.down) : index(many), 0)
        let end = min(truncate ? index(few).rounded(.up) : index(few), d - 1)
        // A ramp of no width would divide by zero; the authors' code gives it this one.
        high = end == low ? low + 0.001 : end
    }

    /// 0 for a subspace with many turns, 1 for one with few.
    func ramp(_ index: Int) -> Double { Methods.ramp(Double(index), from: low, to: high) }
}

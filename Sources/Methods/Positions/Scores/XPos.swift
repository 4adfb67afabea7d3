import Foundation
import RopewalkPhrases

/// xPos: rotation with scores that fade with the distance, fast subspaces first.
package struct XPos: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "xpos", family: .position, title: "xPos",
        summary:
            "Lets the scores of every subspace fade with the distance beside turning it, those of fast ones first.",
        source: "Sun et al., A Length-Extrapolatable Transformer, 2022 (arXiv 2212.10554)",
        parameters: [
            ParameterDescription(
                "scale-base", meaning: "distance at which a subspace has faded to its ζ", unit: "tokens", default: 512,
                range: 1...1_073_741_824),
            ParameterDescription(
                "gamma", meaning: "ζ of subspace i is (2i/d + gamma) / (1 + gamma)", default: 0.4, range: 0.01...100),
        ],
        flops: "as rope, and 2·d a token and head", memory: "as rope")

    package let scaleBase: Double
    package let gamma: Double

    package init(scaleBase: Double = 512, gamma: Double = 0.4) {
        self.scaleBase = scaleBase
        self.gamma = gamma
    }

    package init(values: [Double]) { self.init(scaleBase: values[0], gamma: values[1]) }
    package var values: [Double] { [scaleBase, gamma] }

    /// What is left of a subspace's scores at distance `scaleBase`, fastest subspace first.
    package func decays(in context: RotaryContext) -> [Double] {
        (0..<context.subspaces).map { (2 * Double($0) / Double(context.dimensions) + gamma) / (1 + gamma) }
    }

    /// The powers of ten that scales may reach: float32 has 38, and the numbers that are scaled take some.
    private static let powersOfTen = 28.0

    /// Tokens are scaled by ζ to the power of up to half the text's length over `scaleBase`.
    package func problem(in context: RotaryContext) -> String? {
        let needed = Double(context.tokens) / 2 * -log10(gamma / (1 + gamma)) / Self.powersOfTen
        guard scaleBase < needed else { return nil }
        return say(
            """
            over \(context.tokens.grouped) tokens the scales leave the range of float32: raise scale-base to \
            \(Int(needed.rounded(.up)).grouped) or gamma
            """)
    }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }

    /// Queries are multiplied by ζ^(m/scaleBase), keys by ζ^(−n/scaleBase), both counted from the middle of the text,
    /// so that neither becomes too large or small.
    package func encoding(in context: RotaryContext) -> PositionEncoding {
        // exp of a product takes a third of the time that a power takes, and a table asks for a million of them.
        let rates = decays(in: context).map { log($0) / scaleBase }
        let middle = context.tokens / 2
        let frequencies = context.inverseFrequencies
        func turning(_ sign: Double) -> Turning {
            Turning(
                inverseFrequencies: frequencies,
                amplitude: { exp(sign * rates[$0] * Double($1 - middle)) })
        }
        return PositionEncoding(pieces: [PositionPiece(name: "all", queries: turning(1), keys: turning(-1))])
    }
}

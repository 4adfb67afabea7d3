import Foundation

/// Transformer-XL's relative positions: the query against a sinusoid of the distance, beside the query against the key.
package struct TransformerXLRelative: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "transformer-xl-relative", family: .position, title: "Transformer-XL positions",
        summary: "Turns nothing; adds to every score the product of the query with a sinusoid of the distance.",
        source: "Dai et al., Transformer-XL: Attentive Language Models Beyond a Fixed-Length Context, 2019 "
            + "(arXiv 1901.02860), without its learned matrix and biases u and v",
        parameters: [
            .base("base of the sinusoids' frequencies", default: 10_000),
            .tokens("clamp", "distance beyond which the sinusoid stays", zero: "none"),
        ],
        flops: "2·N²·d a head for the second products", memory: "as rope, and N·d numbers for the sinusoids")

    package let base: Double
    /// Tokens; 0: none.
    package let clamp: Int

    package init(base: Double = 10_000, clamp: Int = 0) {
        self.base = base
        self.clamp = clamp
    }

    package init(values: [Double]) { self.init(base: values[0], clamp: Int(values[1])) }
    package var values: [Double] { [base, Double(clamp)] }

    package func rotation(in context: RotaryContext) -> Rotation { context.still }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        PositionEncoding(
            pieces: PositionEncoding(context.still).pieces,
            bias: .sinusoid(inverseFrequencies: context.inverseFrequencies(base: base)),
            biasLimit: clamp > 0 ? clamp : nil)
    }
}

extension PositionBias {
    /// [sin(t·ω), cos(t·ω)], all sines first: what a sinusoid bias multiplies a query with. [2 · frequencies]
    package static func sinusoid(distance: Int, inverseFrequencies: [Double]) -> [Double] {
        let angles = inverseFrequencies.map { Double(distance) * $0 }
        return angles.map { sin($0) } + angles.map { cos($0) }
    }
}

import Foundation

/// Sinusoidal absolute positions: a vector of sines and cosines added to every embedding.
package struct Sinusoidal: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "sinusoidal", family: .position, title: "Sinusoidal positions",
        summary: "Turns nothing; adds sines and cosines of the place to the embedding of every token.",
        source: "Vaswani et al., Attention Is All You Need, 2017 (arXiv 1706.03762)",
        parameters: [
            .base("base of the sinusoids' frequencies", default: 10_000),
            .flag("concatenated", "whether all sines stand before all cosines, not in turn", default: false),
        ],
        flops: "one addition a token and hidden dimension", memory: "as rope")

    package let base: Double
    package let concatenated: Bool

    package init(base: Double = 10_000, concatenated: Bool = false) {
        self.base = base
        self.concatenated = concatenated
    }

    package init(values: [Double]) { self.init(base: values[0], concatenated: values[1] != 0) }
    package var values: [Double] { [base, concatenated ? 1 : 0] }

    /// What is added to the embedding of a token. [hidden]
    package func vector(token: Int, hidden: Int) -> [Double] {
        (0..<hidden).map { index in
            let pair = concatenated ? index % ((hidden + 1) / 2) : index / 2
            let isSine = concatenated ? index < (hidden + 1) / 2 : index.isMultiple(of: 2)
            let angle = Double(token) * pow(base, -2 * Double(pair) / Double(hidden))
            return isSine ? sin(angle) : cos(angle)
        }
    }

    package func rotation(in context: RotaryContext) -> Rotation { context.still }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        PositionEncoding(
            pieces: PositionEncoding(context.still).pieces, embedding: { vector(token: $0, hidden: $1) })
    }
}

import Foundation

/// Attention with linear biases: nothing is turned, scores fall with the distance, each head at its own slope.
package struct ALiBi: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "alibi", family: .position, title: "ALiBi",
        summary: "Turns nothing; subtracts from every score the distance times a slope that differs from head to head.",
        source: "Press et al., Train Short, Test Long: Attention with Linear Biases Enables Input Length "
            + "Extrapolation, 2021 (arXiv 2108.12409); the limit is LM-Infinite's (arXiv 2308.16137)",
        parameters: [.tokens("limit", "distance beyond which the bias stays", zero: "none")],
        flops: "N²/2 additions a head", memory: "as rope")

    /// Tokens; 0: none.
    package let limit: Int

    package init(limit: Int = 0) { self.limit = limit }
    package init(values: [Double]) { self.init(limit: Int(values[0])) }
    package var values: [Double] { [Double(limit)] }

    /// 2^(−8(h+1)/n) for a power of two n; for other numbers those of the power below, then every second one of the
    /// power above. [head]
    package static func slopes(heads: Int) -> [Double] {
        var power = 1
        while power * 2 <= heads { power *= 2 }
        func slope(_ step: Int, of count: Int) -> Double { pow(2, -8 * Double(step) / Double(count)) }
        return (0..<heads).map { head in
            head < power ? slope(head + 1, of: power) : slope(2 * (head - power) + 1, of: 2 * power)
        }
    }

    package func rotation(in context: RotaryContext) -> Rotation { context.still }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        PositionEncoding(
            pieces: PositionEncoding(context.still).pieces, bias: .slopes(Self.slopes(heads: context.heads)),
            biasLimit: limit > 0 ? limit : nil)
    }
}

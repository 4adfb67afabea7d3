import Foundation

/// NTK-mixed: every subspace slowed, the slowest by the factor, with most of the slowing among the first ones.
package struct NTKMixed: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "ntk-mixed", family: .position, title: "NTK-mixed",
        summary: "Slows every subspace by a growing factor, the slowest by all of it.",
        source: "Su, rerope (github.com/bojone/rerope, ntk_patch.py), 2023",
        parameters: [
            .factor("how much slower the slowest subspace turns", default: 12),
            ParameterDescription(
                "exponent", meaning: "how the slowing grows with the subspace; below 1: early", default: 0.75,
                range: 0.01...10),
        ],
        flops: "as rope", memory: "as rope")

    package let factor: Double
    package let exponent: Double

    package init(factor: Double, exponent: Double = 0.75) {
        self.factor = factor
        self.exponent = exponent
    }

    package init(values: [Double]) { self.init(factor: values[0], exponent: values[1]) }
    package var values: [Double] { [factor, exponent] }

    /// θ_i·exp(−a·(i+1)^β) with a = ln factor / (number of subspaces)^β.
    package func rotation(in context: RotaryContext) -> Rotation {
        let a = log(factor) / pow(Double(context.subspaces), exponent)
        return Rotation(
            inverseFrequencies: context.inverseFrequencies.enumerated().map { index, theta in
                theta * exp(-a * pow(Double(index + 1), exponent))
            })
    }
}

import Foundation

/// Power scaling: every subspace slowed by a power of its place, the fastest not at all.
package struct PowerScaling: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "power-scaling", family: .position, title: "Power scaling",
        summary: "Slows every subspace by a power of its place among the subspaces, the slowest most.",
        source: "Pal et al., Giraffe: Adventures in Expanding Context Lengths in LLMs, 2023 (arXiv 2308.10882); "
            + "the default power is ours",
        parameters: [
            ParameterDescription(
                "power", meaning: "exponent of 1 − 2i/d that multiplies frequency i; 0 is rope", default: 0.5,
                range: 0...100)
        ],
        flops: "as rope", memory: "as rope")

    package let power: Double

    package init(power: Double) { self.power = power }
    package init(values: [Double]) { self.init(power: values[0]) }
    package var values: [Double] { [power] }

    package func rotation(in context: RotaryContext) -> Rotation {
        let d = Double(context.dimensions)
        return Rotation(
            inverseFrequencies: context.inverseFrequencies.enumerated().map { index, theta in
                theta * pow(1 - 2 * Double(index) / d, power)
            })
    }
}

/// Adjusted base frequency: another base, with training that goes on.
package struct AdjustedBase: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "abf", family: .position, title: "Adjusted base frequency",
        summary: "Takes another base, so that slow subspaces turn slower still; models are trained further with it.",
        source: "Xiong et al., Effective Long-Context Scaling of Foundation Models, 2023 (arXiv 2309.16039)",
        parameters: [.base("the new base", default: 500_000)], flops: "as rope", memory: "as rope")

    package let base: Double

    package init(base: Double) { self.base = base }
    package init(values: [Double]) { self.init(base: values[0]) }
    package var values: [Double] { [base] }

    package func rotation(in context: RotaryContext) -> Rotation {
        Rotation(inverseFrequencies: context.inverseFrequencies(base: base))
    }
}

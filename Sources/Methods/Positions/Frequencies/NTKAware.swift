/// NTK-aware base adjusting: a larger base, so that the slowest subspace slows by the factor and the fastest not at all.
package struct NTKAware: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "ntk", family: .position, title: "NTK-aware base adjusting",
        summary:
            "Raises the base so that the slowest subspace turns slower by the factor while the fastest keeps its speed.",
        source: "Peng et al., YaRN: Efficient Context Window Extension of Large Language Models, 2023, definition 1 "
            + "(arXiv 2309.00071)",
        parameters: [.factor("how much slower the slowest subspace turns")],
        flops: "as rope", memory: "as rope")

    package let factor: Double

    package init(factor: Double) { self.factor = factor }
    package init(values: [Double]) { self.init(factor: values[0]) }
    package var values: [Double] { [factor] }

    /// The raised base b·s^(d/(d−2)).
    package func base(in context: RotaryContext) -> Double { context.base(stretchedBy: factor) }

    package func rotation(in context: RotaryContext) -> Rotation {
        Rotation(inverseFrequencies: context.inverseFrequencies(base: base(in: context)))
    }
}

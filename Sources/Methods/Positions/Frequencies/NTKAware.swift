/// NTK-aware base adjusting: a larger base, so that the slowest subspace slows by the factor and the fastest not at all.
public struct NTKAware: PositionMethod, Equatable {
    public static let description = MethodDescription(
        name: "ntk", family: .position, title: "NTK-aware base adjusting",
        summary:
            "Raises the base so that the slowest subspace turns slower by the factor while the fastest keeps its speed.",
        source: "Peng et al., YaRN: Efficient Context Window Extension of Large Language Models, 2023, definition 1 "
            + "(arXiv 2309.00071)",
        parameters: [.factor("how much slower the slowest subspace turns")],
        flops: "as rope", memory: "as rope")

    public let factor: Double

    public init(factor: Double) { self.factor = factor }
    public init(values: [Double]) { self.init(factor: values[0]) }
    public var values: [Double] { [factor] }

    /// The raised base b·s^(d/(d−2)).
    public func base(in context: RotaryContext) -> Double { context.base(stretchedBy: factor) }

    public func rotation(in context: RotaryContext) -> Rotation {
        Rotation(inverseFrequencies: context.inverseFrequencies(base: base(in: context)))
    }
}

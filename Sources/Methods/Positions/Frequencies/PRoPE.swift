/// p-RoPE: only the fastest subspaces turn, at their plain speed.
package struct PRoPE: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "p-rope", family: .position, title: "p-RoPE",
        summary:
            "Turns only the fastest subspaces, each at its plain speed; the slow ones carry content without a place.",
        source: "Barbero et al., Round and Round We Go! What makes Rotary Positional Encodings useful?, 2024 "
            + "(arXiv 2410.06205)",
        parameters: [
            ParameterDescription(
                "p", meaning: "turned dimensions over all of a head; 0 is nope, 1 is rope", default: 0.75,
                range: 0...1)
        ],
        flops: "6·p·d a token and head, for queries and for keys", memory: "as rope")

    package let p: Double

    package init(p: Double) { self.p = p }
    package init(values: [Double]) { self.init(p: values[0]) }
    package var values: [Double] { [p] }

    package func rotation(in context: RotaryContext) -> Rotation {
        let turned = p == 1 ? context.subspaces : Int(p * Double(context.dimensions) / 2)
        return Rotation(
            inverseFrequencies: context.inverseFrequencies.enumerated().map { $0 < turned ? $1 : 0 })
    }
}

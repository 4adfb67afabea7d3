/// Truncated basis: fast subspaces kept, slow ones stopped, those between set to one slow frequency.
package struct BaseTruncation: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "base-truncation", family: .position, title: "Base truncation",
        summary:
            "Keeps the subspaces that make a full turn in a length, stops the slowest, sets the rest to one speed.",
        source: "Pal et al., Giraffe: Adventures in Expanding Context Lengths in LLMs, 2023 (arXiv 2308.10882); "
            + "thresholds from the authors' code",
        parameters: [
            .tokens("length", "length T: kept from one turn in T, stopped below 1/8 turn", zero: "the trained window")
        ],
        flops: "as rope", memory: "as rope")

    /// Tokens; 0: the context's trained window.
    package let length: Int

    package init(length: Int) { self.length = length }
    package init(values: [Double]) { self.init(length: Int(values[0])) }
    package var values: [Double] { [Double(length)] }

    /// θ from 2π/T on stays, below 2π/(8T) becomes 0, else 2π/(16T).
    package func rotation(in context: RotaryContext) -> Rotation {
        let turn = 2 * Double.pi / Double(context.window(length))
        return Rotation(
            inverseFrequencies: context.inverseFrequencies.map { theta in
                theta >= turn ? theta : theta < turn / 8 ? 0 : turn / 16
            })
    }
}

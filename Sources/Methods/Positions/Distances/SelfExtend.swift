/// Self-Extend: true distances for neighbours, distances between groups of tokens for the others.
package struct SelfExtend: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "self-extend", family: .position, title: "Self-Extend",
        summary: "Keeps true distances within a window; further tokens are counted in groups that share one place.",
        source: "Jin et al., LLM Maybe LongLM: Self-Extend LLM Context Window Without Tuning, 2024 (arXiv 2401.01325)",
        parameters: [
            .tokens("group", "tokens that share a place beyond the window", default: 8),
            .tokens("window", "neighbours with true distances, the query included", default: 1024),
            .flag(
                "floor", "whether window / group is rounded down, as in the paper; the authors' code does not",
                default: true),
        ],
        flops: "as rope, and N²·d a head for the second scores of far keys and 6·N·d for turning them",
        memory: "as rope; far keys are kept before rotation, or a second time")

    package let group: Int
    package let window: Int
    package let floors: Bool

    package init(group: Int, window: Int, floors: Bool = true) {
        self.group = group
        self.window = window
        self.floors = floors
    }

    package init(values: [Double]) {
        self.init(group: Int(values[0]), window: Int(values[1]), floors: values[2] != 0)
    }
    package var values: [Double] { [Double(group), Double(window), floors ? 1 : 0] }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        let rotation = rotation(in: context)
        guard group > 1 else { return PositionEncoding(rotation) }
        let shift = Double(window) - (floors ? Double(window / group) : Double(window) / Double(group))
        let far = PositionPiece.far(
            Turning(rotation, position: { Double($0 / group) + shift }),
            Turning(rotation, position: { Double($0 / group) }), before: window,
            distance: { Double($0 / group - $1 / group) + shift })
        return .near(rotation, window: window, far: far, tokens: context.tokens)
    }
}

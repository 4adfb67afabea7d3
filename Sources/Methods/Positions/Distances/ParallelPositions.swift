/// The places of parallel context windows: every context begins at 0, the task tokens go on behind the longest.
package struct ParallelPositions: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "pcw-positions", family: .position, title: "Positions of parallel windows",
        summary:
            "Every context has the same places from 0 on, and the task tokens go on behind the longest one: all contexts "
            + "are equally far away. Goes with pcw of the same lengths; without it, tokens read those of other contexts at "
            + "distances that are none.",
        source:
            "Ratner et al., Parallel Context Windows for Large Language Models, 2022 (arXiv 2212.10947) and its code; "
            + "the defaults are ours",
        parameters: ParallelContext.description.parameters, lists: ParallelContext.description.lists,
        flops: "as rope", memory: "as rope")

    package let contexts: ParallelContext

    package init(_ contexts: ParallelContext) { self.contexts = contexts }
    package init(values: [Double]) { self.init(values: values, lists: [[]]) }
    package init(values: [Double], lists: [[Double]]) {
        self.init(ParallelContext(values: values, lists: lists))
    }
    package var values: [Double] { contexts.values }
    package var lists: [[Double]] { contexts.lists }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        let rotation = rotation(in: context)
        // In the first context places are those of the text.
        guard context.tokens > contexts.firstLength else { return PositionEncoding(rotation) }
        let contexts = contexts
        let turning = Turning(rotation, position: { Double(contexts.place($0)) })
        return PositionEncoding(pieces: [
            PositionPiece(
                name: "all", queries: turning, keys: turning,
                distance: { Double(contexts.place($0) - contexts.place($1)) })
        ])
    }
}

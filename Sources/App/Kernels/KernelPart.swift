import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// The page Kernel of the Mask panel: how far a method that takes the place of the softmax is from it.
struct KernelPart {
    private let method: (any KernelMethod)?
    private let head: KernelHead?
    private let row: KernelRowQuestion?
    private let dimension: Int
    private let tokens: Int
    private let keys: Document?
    private let decay: Double?

    /// Features that are compared, beside those of the scenario.
    private static let counts = [16, 64, 256, 1024]
    /// Cells of a side of the maps.
    private static let side = 48

    init(_ state: AppState) {
        let method = state.scenario.kernel
        self.method = method
        row = state.kernelRow
        head =
            method == nil
            ? nil
            : state.lens.map {
                KernelHead(
                    basis: Basis($0), stage: RecordingStage($0.recording), layer: state.head.layer,
                    head: state.head.head)
            }
        dimension = state.shape?.headDimension ?? 0
        let heads = state.shape?.keyValueHeads ?? 0
        let decays = method?.decays(keyHeads: heads) ?? []
        let keyHead = state.head.head / max(1, (state.shape?.heads ?? 1) / max(1, heads))
        decay = decays.indices.contains(keyHead) ? decays[keyHead] : nil
        tokens = state.lens?.recording.keyTokens ?? 0
        keys = state.keyDocument
    }

    /// What is known by now.
    func view(_ look: Look, asking answers: inout Answers) -> KernelView {
        guard let method, let head else { return KernelView(method: nil, look: look) }
        let own = method.featureCount(dimension: dimension)
        return KernelView(
            method: method.spec, row: row.flatMap { answers.answer(whenKnown: $0) } ?? nil,
            maps: answers.answer(whenKnown: KernelMapsQuestion(head: head, side: Self.side)) ?? nil,
            errors: errors(method, head, &answers),
            filling: answers.answer(whenKnown: KernelFillingQuestion(head: head)) ?? nil,
            sizes: (method.stateCount(dimension: dimension), 2 * dimension * tokens), features: own, decay: decay,
            name: { [keys] in keys?.shortName(ofToken: $0) ?? "" }, look: look)
    }

    private func errors(
        _ method: any KernelMethod, _ head: KernelHead, _ answers: inout Answers
    ) -> [KernelError] {
        var counts: [Int?] = [nil]
        if let own = method as? Performer { counts += Self.counts.filter { $0 != own.features } }
        return counts.compactMap {
            answers.answer(whenKnown: KernelErrorQuestion(head: head, features: $0)) ?? nil
        }.sorted { $0.features < $1.features }
    }
}

extension AppState {
    /// What the scenario's kernel makes of the cursor's row; nil without one, and before it is read.
    var kernelRow: KernelRowQuestion? {
        guard scenario.kernel != nil else { return nil }
        return sight.place.map { KernelRowQuestion(place: $0) }
    }
}

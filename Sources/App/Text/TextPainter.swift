import RopewalkLens
import RopewalkModels
import RopewalkViews

/// What the words of the text are painted by, and what the legend says of it.
struct TextPainter: Sendable {
    let painting: TextPainting
    private let focus: Focus
    private let sight: Sight
    /// The head, of the model whose attention the text shows.
    private let head: HeadIndex
    private let appearance: Appearance
    private let basis: Basis?
    private let stage: RecordingStage?
    private let pool: HeadsPool?
    private let isExact: Bool
    /// The key that stands where the cursor does.
    private let readKey: Int

    init(_ state: AppState) {
        painting = state.painting
        focus = state.focus
        let isSecond = state.showsSecondText
        sight = state.textSight
        head = isSecond ? state.secondHead ?? state.head : state.head
        appearance = state.appearance
        let lens = isSecond ? state.secondLens : state.lens
        basis = lens.map { Basis($0, ofSecond: isSecond) }
        stage = lens.map { RecordingStage($0.recording) }
        pool = HeadsPool(state, lens: lens, layer: head.layer, isSecond: isSecond)
        isExact = lens?.basis == .exact
        readKey = state.keyPlace(ofQuery: state.focus.cursor)
    }

    /// Without numbers where nothing is known yet.
    func paint(_ answers: inout Answers) -> TextPaint {
        if painting == .loss { return losses(&answers) }
        if let pool { return pooled(pool, &answers) }
        guard painting == .row else { return column(&answers) }
        let row = sight.row(&answers)
        return TextPaint(.row, values: row?.weights ?? [], scale: appearance.scale(of: row))
    }

    /// By several heads; their sinks do not count where the first token does not.
    private func pooled(_ pool: HeadsPool, _ answers: inout Answers) -> TextPaint {
        let isColumn = painting == .column
        guard sight.place != nil, isExact || !isColumn,
            let pooled = pool.weights(of: isColumn ? readKey : focus.cursor, isColumn: isColumn, &answers)
        else { return TextPaint(painting, first: isColumn ? readKey : 0, values: [], scale: scale([])) }
        let before = isColumn && focus.kind.isCausal ? max(0, readKey - pooled.first) : 0
        let weights = Array(pooled.weights.dropFirst(before))
        let scale =
            isColumn
            ? scale(weights)
            : Scale(kind: appearance.scale, weights: weights, leavingOutFirst: appearance.sinksLeftOut)
        return TextPaint(
            painting, first: pooled.first + before, values: weights, scale: scale, heads: pooled.title)
    }

    private func scale(_ weights: [Float]) -> Scale { Scale(kind: appearance.scale, weights: weights) }

    /// Who reads the cursor's token. No query before it does where none sees later keys.
    private func column(_ answers: inout Answers) -> TextPaint {
        guard isExact, let basis, let stage,
            let known = answers.answer(
                whenKnown: ColumnQuestion(
                    basis: basis, stage: stage, layer: head.layer, head: head.head, key: readKey)),
            let column = known
        else { return TextPaint(.column, first: readKey, values: [], scale: scale([])) }
        let first = focus.kind.isCausal ? max(column.first, readKey) : column.first
        let weights = Array(column.weights.dropFirst(first - column.first))
        return TextPaint(.column, first: first, values: weights, scale: scale(weights))
    }

    /// The loss of a token stands at the one before it. A logarithm would paint every word.
    private func losses(_ answers: inout Answers) -> TextPaint {
        var losses: [Float] = []
        if isExact, let basis, let stage,
            let known = answers.answer(whenKnown: SurprisesQuestion(basis: basis, stage: stage)), let surprises = known
        {
            losses = surprises.losses
        }
        let kind = appearance.scale == .quantile ? Scale.Kind.quantile : .linear
        return TextPaint(.loss, first: 1, values: losses, scale: Scale(kind: kind, weights: losses))
    }

    /// What the legend says beside the levels of a scale.
    func legend(_ paint: TextPaint) -> [[String]] {
        if paint.values.isEmpty {
            let isPreview = painting != .row && !isExact
            return [isPreview ? ["a preview does not know this: e", "not in a preview"] : ["not read yet"]]
        }
        let kind = paint.scale.kind.label
        let meaning =
            switch painting {
            case .row: ["read by the cursor, \(kind)", "read, \(kind)", "read"]
            case .column: ["reads the cursor's token, \(kind)", "reads it, \(kind)", "reads it"]
            case .loss: ["nats that a token cost, \(kind)", "nats, \(kind)", "nats"]
            }
        return (paint.heads.isEmpty ? [] : [[paint.heads, heads]]) + [meaning]
            + (paint.scale.remark.isEmpty ? [] : [[paint.scale.remark]])
    }

    private var heads: String { appearance.heads.isHighest ? "highest" : "mean" }
}

extension AppState {
    /// What the text is painted by: what was chosen, where there is such a thing.
    var painting: TextPainting { paintingObstacle(appearance.painting) == nil ? appearance.painting : .row }

    /// Why the text cannot be painted so; nil where it can.
    func paintingObstacle(_ painting: TextPainting) -> String? {
        switch painting {
        case .row: nil
        case .column:
            focus.kind == .cross
                ? "across, the text is what is read: who reads it is in another text (K: other attention)" : nil
        case .loss: predictionObstacle
        }
    }

    mutating func paint(by choice: Choice<TextPainting>) {
        switch choice {
        case .one(let painting):
            if let obstacle = paintingObstacle(painting) { return refuse(obstacle) }
            appearance.painting = painting
        case .next:
            var next = appearance.painting.next
            while paintingObstacle(next) != nil { next = next.next }
            appearance.painting = next
        }
    }
}

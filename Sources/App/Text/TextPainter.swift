import RopewalkLens
import RopewalkModels
import RopewalkPhrases
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
    /// Nil where the layer has attention.
    private let mixer: MixerPaint?
    /// Nil where the text is not painted by two levels.
    private let levels: LevelsPaint?
    private let isExact: Bool
    /// Nil where the text was not changed.
    private let rowChange: RowChangeQuestion?
    private let lossChange: LossChangeQuestion?
    /// The key that stands where the cursor does.
    private let readKey: Int
    /// What is selected in place of the cursor, and what is read together; of the first model's text.
    private let querySpan: TokenSpan?
    private let readSpan: TokenSpan?
    /// The heads that questions about the whole text are asked of; nil before anything is read.
    private let heads: HeadsAsked?
    /// The tokens that a rollout follows: those on the screen, up to the cursor where none sees later ones.
    private let followed: Range<Int>?
    /// Whether a line above the text says already what the scale leaves out.
    private let hasSpecial: Bool
    /// Why the layer has no weights; nil where it has.
    private let attentionObstacle: String?
    private let isRecorded: Bool

    init(_ state: AppState) {
        hasSpecial = !state.specialEnds.isEmpty
        attentionObstacle = state.showsSecondText ? nil : state.attentionObstacle
        isRecorded = state.showsSecondText || state.unrecorded == nil
        painting = state.painting
        focus = state.focus
        let isSecond = state.showsSecondText
        sight = state.textSight
        head = isSecond ? state.secondHead ?? state.head : state.head
        appearance = state.appearance
        let lens = isSecond ? state.secondLens : state.lens
        basis = lens.map { Basis($0, ofSecond: isSecond) }
        stage = lens.map { RecordingStage($0.recording) }
        mixer = isSecond ? nil : MixerPaint(state)
        levels =
            painting == .levels ? LevelsPaint(lens, head, query: state.focus.cursor, isSecond: isSecond) : nil
        pool = HeadsPool(state, lens: lens, layer: head.layer, isSecond: isSecond)
        isExact = lens?.basis == .exact
        rowChange = painting == .change ? RowChangeQuestion(state) : nil
        lossChange = painting == .lossChange ? LossChangeQuestion(state) : nil
        readKey = state.keyPlace(ofQuery: state.focus.cursor)
        querySpan = isSecond ? nil : state.querySpan
        readSpan = isSecond ? nil : state.readSpan
        followed = painting.isRollout ? state.followedTokens(read: lens?.recording.tokens ?? 0) : nil
        heads = HeadsAsked(lens, head, appearance.heads, isSecond: isSecond)
    }

    /// Without numbers where nothing is known yet.
    func paint(_ answers: inout Answers) -> TextPaint {
        switch painting {
        case .loss: return losses(&answers)
        case .change:
            let sizes = rowChange.flatMap { answers.answer(to: $0) }?.sizes ?? []
            let known = sizes.filter { !$0.isNaN }
            let scale = Scale(kind: appearance.scale, weights: known, leavingOutFirst: 0)
            return TextPaint(.change, values: known.isEmpty ? [] : sizes, scale: scale)
        case .lossChange:
            let sizes = (lossChange.flatMap { answers.answer(whenKnown: $0) } ?? nil)?.sizes ?? []
            let known = sizes.filter { !$0.isNaN }
            let kind = appearance.scale == .quantile ? Scale.Kind.quantile : .linear
            return TextPaint(
                .lossChange, first: 1, values: known.isEmpty ? [] : sizes, scale: Scale(kind: kind, weights: known))
        case .entropy: return entropies(&answers)
        case .received: return received(&answers)
        case .rollout, .valueRollout: return rollout(&answers)
        case .levels:
            return levels?.paint(appearance, &answers) ?? TextPaint(.levels, values: [], scale: scale([]))
        case .row, .column: break
        }
        if painting == .row, let mixer { return mixer.paint(appearance.scale, &answers) }
        if let pool { return pooled(pool, &answers) }
        if painting == .row, let querySpan { return row(of: querySpan, &answers) }
        if painting == .column, let readSpan { return column(of: readSpan, &answers) }
        guard painting == .row else { return column(&answers) }
        let row = sight.row(&answers)
        return TextPaint(.row, values: row?.weights ?? [], scale: appearance.scale(of: row))
    }

    /// By several heads; their sinks do not count where the first token does not.
    private func pooled(_ pool: HeadsPool, _ answers: inout Answers) -> TextPaint {
        let isColumn = painting == .column
        let span = isColumn ? readSpan : querySpan
        let firstKey = span?.first ?? readKey
        guard sight.place != nil, isExact || !isColumn,
            let pooled = span.map({ pool.weights(of: $0, isColumn: isColumn, &answers) })
                ?? pool.weights(of: isColumn ? readKey : focus.cursor, isColumn: isColumn, &answers)
        else { return TextPaint(painting, first: isColumn ? firstKey : 0, values: [], scale: scale([])) }
        let before = isColumn && focus.kind.isCausal ? max(0, firstKey - pooled.first) : 0
        let weights = Array(pooled.weights.dropFirst(before))
        let scale =
            isColumn
            ? scale(weights)
            : Scale(kind: appearance.scale, weights: weights, leavingOutFirst: appearance.sinksLeftOut)
        return TextPaint(
            painting, first: pooled.first + before, values: weights, scale: scale, heads: pooled.title)
    }

    /// Whether it is about what is selected.
    var isOfSpan: Bool { painting == .row && querySpan != nil || painting == .column && readSpan != nil }

    /// The mean of what several queries read.
    private func row(of span: TokenSpan, _ answers: inout Answers) -> TextPaint {
        guard let basis else { return TextPaint(.row, values: [], scale: scale([])) }
        let row = answers.answer(
            deepening: SpanRowQuestion(basis: basis, layer: head.layer, head: head.head, queries: span))
        let mean = row.mean
        let part = row.isComplete ? "" : say(" (\(row.done.grouped) so far)")
        return TextPaint(
            .row, values: mean,
            scale: Scale(kind: appearance.scale, weights: mean, leavingOutFirst: appearance.sinksLeftOut),
            heads: say("mean of \(Figures.count(span.count, "selected token"))\(part)"))
    }

    /// The sum of what every query gives several keys.
    private func column(of span: TokenSpan, _ answers: inout Answers) -> TextPaint {
        guard isExact, let basis, let stage else { return TextPaint(.column, first: 0, values: [], scale: scale([])) }
        let column = answers.answer(
            deepening: SpanColumnQuestion(
                basis: basis, stage: stage, layer: head.layer, head: head.head, keys: span))
        let first = focus.kind.isCausal ? min(span.first, column.weights.count) : 0
        let weights = Array(column.weights.dropFirst(first))
        let part = column.isComplete ? "" : say(" (\(column.done.grouped) so far)")
        return TextPaint(
            .column, first: first, values: weights, scale: scale(weights),
            heads: say("sum over \(Figures.count(span.count, "token"))\(part)"))
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

    /// How widely every query spreads its attention: what the run measured on the way.
    private func entropies(_ answers: inout Answers) -> TextPaint {
        guard isExact, let heads, let known = answers.answer(whenKnown: EntropiesQuestion(heads: heads)),
            let entropies = known
        else { return TextPaint(.entropy, values: [], scale: scale([])) }
        let values = appearance.heads.isHighest ? entropies.highest : entropies.mean
        let kind = appearance.scale == .quantile ? Scale.Kind.quantile : .linear
        return TextPaint(
            .entropy, values: values, scale: Scale(kind: kind, weights: values), heads: heads.title(appearance.heads))
    }

    /// What every key gets of all attention.
    private func received(_ answers: inout Answers) -> TextPaint {
        guard let heads else { return TextPaint(.received, values: [], scale: scale([])) }
        let received = answers.answer(deepening: ReceivedQuestion(heads: heads))
        guard !received.isMissing, received.done > 0 else {
            return TextPaint(.received, values: [], scale: scale([]))
        }
        let shares = received.shares
        let part = say("\(received.done.grouped) of \(received.queries.grouped)")
        return TextPaint(
            .received, values: shares,
            scale: Scale(kind: appearance.scale, weights: shares, leavingOutFirst: appearance.sinksLeftOut),
            heads: heads.isOne ? "" : say("mean of ") + heads.name,
            part: received.isComplete ? [] : [say("\(part) queries so far"), say("\(part) queries")])
    }

    /// Through all layers up to the one on the screen, among the tokens on the screen: what leaves them is said.
    private func rollout(_ answers: inout Answers) -> TextPaint {
        guard let basis, let tokens = followed, sight.place != nil,
            let rollout = answers.answer(
                deepening: RolloutQuestion(
                    basis: basis, query: focus.cursor, tokens: tokens, top: head.layer,
                    byValue: painting == .valueRollout)), !rollout.isMissing, rollout.layersDone > 0
        else { return TextPaint(painting, values: [], scale: scale([])) }
        let shares = rollout.shares
        let lowest = rollout.layer + 1
        let layers = lowest == rollout.top ? "L\(lowest)" : "L\(lowest)–\(rollout.top)"
        let outside = Figures.weight(rollout.outside)
        return TextPaint(
            painting, first: tokens.lowerBound, values: shares, scale: scale(shares),
            heads: "\(layers)\(rollout.isComplete ? "" : say(" so far"))",
            part: [say("\(outside) off the screen"), say("\(outside) off screen")])
    }

    /// What the legend says beside the levels of a scale.
    func legend(_ paint: TextPaint) -> [[String]] {
        if paint.values.isEmpty, let attentionObstacle {
            return [[attentionObstacle, isRecorded ? say("no attention") : say("not recorded")]]
        }
        if paint.values.isEmpty {
            let isPreview = painting != .row && painting != .levels && !isExact
            return [
                isPreview ? [say("a preview does not know this: e"), say("not in a preview")] : [say("not read yet")]
            ]
        }
        let kind = paint.scale.kind.label
        let meaning =
            switch painting {
            case .row:
                [
                    say("read by the \(isOfSpan ? say("selection") : say("cursor")), \(kind)"), say("read, \(kind)"),
                    say("read"),
                ]
            case .column:
                [
                    say("reads \(isOfSpan ? say("these") : say("the cursor's token")), \(kind)"),
                    say("reads it, \(kind)"), say("reads it"),
                ]
            case .loss: [say("nats that a token cost, \(kind)"), say("nats, \(kind)"), say("nats")]
            case .change: [say("read more or less than before, \(kind)"), say("changed, \(kind)"), say("changed")]
            case .lossChange:
                [say("nats more or less than before, \(kind)"), say("nats changed, \(kind)"), say("changed")]
            case .entropy:
                [say("bits: how widely a token looks, \(kind)"), say("entropy in bits, \(kind)"), say("bits")]
            case .rollout:
                [say("rollout (half kept, half mean of heads), \(kind)"), say("rollout, \(kind)"), say("rollout")]
            case .valueRollout:
                [
                    say("rollout of weight × |value| (half kept), \(kind)"), say("rollout by value, \(kind)"),
                    say("rollout by value"),
                ]
            case .levels:
                [
                    say("attribution (share of its part × share in it), not attention, \(kind)"),
                    say("attribution, not attention, \(kind)"), say("attribution, not attention"),
                ]
            case .received:
                [
                    say("share of all attention that falls on a token, \(kind)"), say("received, \(kind)"),
                    say("received"),
                ]
            }
        // The layers of a rollout and of two levels stand in the border.
        let heads =
            painting.isRollout || painting == .levels || paint.heads.isEmpty ? [] : [[paint.heads, paint.shortHeads]]
        let parts = paint.part.isEmpty ? [] : [paint.part]
        return heads + (painting.isRollout ? parts + [meaning] : [meaning] + parts)
            + (paint.scale.remarks.isEmpty || hasSpecial ? [] : [paint.scale.remarks])
    }

}

extension TextPaint {
    /// "mean", "highest", "sum".
    fileprivate var shortHeads: String { String(heads.prefix { $0 != " " }) }
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
                ? say("across, the text is what is read: who reads it is in another text (K: other attention)")
                : lens?.basis == .exact ? signsObstacle : nil
        case .loss: lossObstacle
        case .change: changeObstacle
        case .lossChange: predictionObstacle ?? changeObstacle
        case .entropy:
            focus.kind == .cross
                ? say("across, entropies are those of another text (K: other attention)")
                : attentionObstacle
                    ?? (lens?.recording.hasPairs(layer: focus.layer) == false
                        ? say(
                            "this run kept sums in place of pairs (linear, performer, retnet): entropies are not known")
                        : nil)
        case .received: attentionObstacle
        case .levels: attentionObstacle ?? levelsObstacle
        case .rollout, .valueRollout:
            focus.kind == .cross
                ? say("across there is no rollout: queries and keys are two texts (K: other attention)")
                : sources.model.value.flatMap { model in
                    (0...max(0, focus.layer)).lazy.compactMap { layer in
                        model.traits.attentionObstacle(layer: layer, model: model.name)
                            ?? (0..<(shape?.heads ?? 0)).lazy.compactMap { unrecorded(layer: layer, head: $0) }.first
                    }.first
                }
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

import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// The running text with the cursor's row of attention painted on it.
struct TextPanel: PanelContent {
    private let sources: Sources
    /// The tokens that paint, that the cursor is one of, and that are read.
    private let painted: Document?
    private let queries: Document?
    private let keys: Document?
    private let tokenCount: Int
    private let layout: TextLayout?
    private let top: Int
    private let left: Int
    /// Across, one row of the content is the decoder's.
    private let isAcross: Bool
    /// Tokens that the text does not hold: they have a line of their own.
    private let special: [Int]
    private let focus: Focus
    private let sight: Sight
    /// Of the model whose attention is painted.
    private let reader: Sight
    /// Its head.
    private let head: [String]
    private let appearance: Appearance
    private let painter: TextPainter
    private let sides: TextSides
    private let direction: AttentionDirection
    private let boundary: (token: Int, labels: [String])?
    private let hint: String?
    private let hits: [Range<Int>]
    private let passages: [(bytes: Range<Int>, rank: Int)]
    /// Which hit the cursor is on, and how many there are; nil where none are marked.
    private let hitCount: String?
    private let showsBlanks: Bool
    /// Bytes of the screen at which something is noted.
    private let notes: [Int]
    /// Selected queries, and keys that are looked at together.
    private let selected: TokenSpan?
    /// What the scenario's kernel makes of the cursor's row; nil without one.
    private let kernelRow: KernelRowQuestion?
    private let keySpan: TokenSpan?
    /// Global tokens of the masks.
    private let globals: TokenSpan?
    /// Whether letters of Hebrew or Arabic are on the screen, which stand in the order in which they are read.
    private let isRightToLeft: Bool
    private let experts: ExpertMarks?
    private let forecast: TokenForecast
    /// Whether the layer has something else, so that no row of weights is awaited.
    private let hasNoAttention: Bool
    /// The text that is kept beside; empty where there is one.
    private let beside: [TextPanel]
    private let keptTitle: String

    init(_ state: AppState) {
        sources = state.sources
        painted = state.paintedDocument
        queries = state.queryDocument
        keys = state.keyDocument
        tokenCount = state.tokenCount
        layout = state.textLayout
        top = state.window.top
        left = state.window.left
        isAcross = state.focus.kind == .cross
        special = state.specialEnds
        kernelRow = state.kernelRow
        focus = state.focus
        sight = state.sight
        reader = state.textSight
        head = state.textHead
        appearance = state.appearance
        painter = TextPainter(state)
        direction = state.direction
        hint = state.textHint
        forecast = TokenForecast(state)
        hasNoAttention = !state.showsSecondText && state.attentionObstacle != nil
        let rows = state.textLayout?.rows(from: state.window.top, count: state.textRows) ?? []
        let range = (rows.first?.bytes.lowerBound ?? 0)..<(rows.last?.bytes.upperBound ?? 0)
        sides = TextSides(state, showing: range)
        boundary = state.boundary(in: range)
        hits = state.hits(in: range)
        passages =
            state.window.showsHits
            ? state.window.search?.passages?.hits.filter { $0.bytes.overlaps(range) }.map { ($0.bytes, $0.rank) } ?? []
            : []
        hitCount = state.hitCount
        showsBlanks = state.appearance.showsBlanks
        notes = state.notes.all.map(\.byte).filter { range.contains($0) }
        selected = isAcross ? state.selection.flatMap { state.keyPlaces(of: $0) } : state.selection
        keySpan = state.keySpan
        globals = state.globalTokens
        isRightToLeft =
            state.sources.text.value.map { RightToLeft.isIn($0.bytes[range.clamped(to: 0..<$0.bytes.count)]) } ?? false
        // They are the first model's.
        experts = state.showsSecondText ? nil : state.expertMarks(in: range)
        beside = state.keptState.map { [TextPanel($0)] } ?? []
        keptTitle = state.keptTitle
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        guard let other = beside.first else { return onePicture(in: inner, look: look, asking: &answers) }
        let split = PanelSplit(texts: inner.inset(by: -1))
        guard let first = onePicture(in: split.inners.first, look: look, asking: &answers),
            let second = other.onePicture(in: split.inners.second, look: look, asking: &answers)
        else { return nil }
        return PanelPicture(
            facts: first.facts, footer: first.footer,
            beside: PanelPicture.Beside(
                split: split, title: keptTitle, facts: second.facts, footer: second.footer, draw: second.draw),
            draw: first.draw)
    }

    private func onePicture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        let frame = TextFrame(inner, isAcross: isAcross, hasSpecial: !special.isEmpty)
        let paint = painter.paint(&answers)
        guard let view = view(look, paint, in: frame, asking: &answers) else { return nil }
        let words = forecast.words(&answers)
        let decoder = decoderLine(look)
        let anchor = frame.anchor.height > 0 ? sides.anchor(look, &answers) : nil
        let strip = sides.strip(rows: frame.strip.height, paint: paint, look, &answers)
        let legend = TextLegend(paint: paint, parts: painter.legend(paint), look: look)
        let hasModel = sources.model.value != nil
        let off = kernelRow.map { KernelView.facts(answers.answer(whenKnown: $0) ?? nil) } ?? []
        return PanelPicture(
            facts: facts(view, in: inner, off: off),
            footer: hasNoAttention
                ? view.footer(width: inner.width - 4, with: words, missing: "")
                : view.footer(width: inner.width - 4, with: words)
        ) {
            _, grid in
            view.draw(in: frame.text, on: &grid)
            view.drawSpecial(in: frame.special, on: &grid)
            decoder?.draw(in: frame.decoder, on: &grid)
            strip?.draw(in: frame.strip, on: &grid)
            anchor?.draw(in: frame.anchor, on: &grid)
            if hasModel { legend.draw(in: frame.legend, on: &grid) }
        }
    }

    /// - Parameter off: how far what is shown is from the model's own attention; empty where it is that
    private func facts(_ view: TextView, in inner: Rect, off: [String] = []) -> String {
        let heads =
            switch (painter.painting, appearance.heads) {
            case (.loss, _), (.lossChange, _): [String]()
            case (.change, _): head
            case (.entropy, .one), (.received, .one): head
            case (.rollout, _), (.valueRollout, _):
                (view.paint?.heads).map { $0.isEmpty ? [] : [say("rollout \($0)")] } ?? []
            case (.levels, _):
                (view.paint?.heads).map { $0.isEmpty ? [] : [say("attribution \($0)"), say("attribution")] } ?? []
            case (_, .one): head
            case (_, .layerMean), (.received, .layerMax):
                [say("L\(focus.layer), mean of its heads"), say("L\(focus.layer) mean")]
            case (_, .layerMax): [say("L\(focus.layer), highest of its heads"), say("L\(focus.layer) highest")]
            case (_, .allMean), (.received, .allMax): [say("mean of all heads"), say("all heads")]
            case (_, .allMax): [say("highest of all heads"), say("all heads")]
            }
        let count = selected.map { say("\($0.count.grouped) selected") }
        let order = isRightToLeft ? [say("right to left, in logical order"), say("logical order")] : []
        let columns =
            layout.map { $0.wraps ? [] : [say("from column \((left + 1).grouped)"), say("whole lines")] } ?? []
        let counts = [count.map { [$0] } ?? [], hitCount.map { [$0] } ?? []]
        // What is no attention has to say so, wherever there is room for one word.
        let first = painter.painting == .levels ? [heads] + counts : counts + [heads]
        let parts = [off] + first + view.facts.map { [$0] } + [order, columns]
        return Panel.text.facts(parts, in: inner)
    }

    /// A press moves the cursor; one on the cursor, or with the other button, sets the anchor; one on the strip goes
    /// there.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        if let wheel = mouse.wheel { return [.move(.scroll(3 * wheel))] }
        if let other = beside.first {
            let inners = PanelSplit(texts: inner.inset(by: -1)).inners
            let isOther = inners.second.contains(x: mouse.x, y: mouse.y)
            return isOther
                ? other.presses(mouse, in: inners.second, look: look, asking: &answers)
                : presses(mouse, in: inners.first, look: look, asking: &answers)
        }
        return presses(mouse, in: inner, look: look, asking: &answers)
    }

    private func presses(
        _ mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers
    ) -> [Action] {
        let frame = TextFrame(inner, isAcross: isAcross, hasSpecial: !special.isEmpty)
        let paint = painter.paint(&answers)
        guard let queries, let keys, tokenCount > 0 else { return [] }
        if frame.strip.contains(x: mouse.x, y: mouse.y),
            let strip = sides.strip(rows: frame.strip.height, paint: paint, look, &answers)
        {
            return strip.token(atY: mouse.y, in: frame.strip).map { [.move(.toToken(min($0, tokenCount - 1)))] } ?? []
        }
        guard let view = view(look, paint, in: frame, asking: &answers) else { return [] }
        if let token = view.special(atX: mouse.x, y: mouse.y, in: frame.special) {
            let isAnchor = isAcross || mouse.action == .secondaryPress || token == focus.cursor
            return isAnchor ? [.focus(.anchor(token))] : [.move(.toToken(min(token, tokenCount - 1)))]
        }
        guard let byte = view.byte(atX: mouse.x, y: mouse.y, in: frame.text) else { return [] }
        let token = min(queries.nearestToken(toByte: byte), tokenCount - 1)
        if mouse.action == .secondaryPress || token == focus.cursor {
            return [.focus(.anchor(min(keys.nearestToken(toByte: byte), tokenCount - 1)))]
        }
        return [.move(.toToken(token))]
    }

    private func view(
        _ look: Look, _ paint: TextPaint, in frame: TextFrame, asking answers: inout Answers
    ) -> TextView? {
        guard let text = sources.text.value, let layout else { return nil }
        let row = reader.row(&answers)
        let isRow = paint.painting == .row && appearance.heads == .one && !painter.isOfSpan
        return TextView(
            TextView.Page(text: text, document: painted, queries: queries, layout: layout, top: top, left: left),
            row: row,
            scale: isRow ? paint.scale : appearance.scale(of: row), paint: isRow ? nil : paint, direction: direction,
            marks: TextView.Marks(
                cursor: tokenCount > 0 ? focus.cursor : nil, anchor: sight.key(&answers),
                isAnchorChosen: focus.anchor != .strongest(rank: 0),
                visible: reader.isDense || !isRow ? nil : reader.maskRow(&answers)?.visible, boundary: boundary,
                hint: hint, hits: hits, passages: passages, experts: experts, showsBlanks: showsBlanks, notes: notes,
                selected: selected,
                keys: keySpan, globals: globals, special: frame.special.isEmpty ? [] : special),
            look: look)
    }

    /// The decoder's tokens, where the text shows what they read of the encoder's.
    private func decoderLine(_ look: Look) -> DecoderLine? {
        guard isAcross, tokenCount > 0 else { return nil }
        return queries.map { DecoderLine(document: $0, cursor: focus.cursor, look: look) }
    }
}

extension Appearance {
    /// The scale of one row of attention.
    func scale(of row: AttentionRow?) -> Scale {
        Scale(kind: scale, weights: row?.weights ?? [], leavingOutFirst: sinksLeftOut)
    }
}

extension AppState {
    /// The rule across the text: where the trained window ends, or where the tokens end that are read.
    func boundary(in rows: Range<Int>) -> (token: Int, labels: [String])? {
        if let byte = firstUnreadByte, rows.contains(byte) {
            return (
                tokenCount,
                [say("token \(tokenCount.grouped): not read from here on"), say("\(tokenCount.grouped): not read on")]
            )
        }
        if firstReadByte > 0, rows.contains(firstReadByte), let start = laterStart { return (firstReadToken, [start]) }
        let model = textModel?.name ?? say("the model")
        return windowEnd(of: textModel).map {
            (
                $0,
                [
                    say("token \($0.grouped): end of the window that \(model) was trained on"),
                    say("token \($0.grouped): end of \(model)'s trained window"),
                    say("token \($0.grouped): end of the trained window"),
                    say("\($0.grouped): trained window ends"),
                ]
            )
        }
    }

    /// The first token past the window that a model was trained on; nil where the text ends before it.
    private func windowEnd(of model: Model?) -> Int? {
        guard let window = model?.shape.trainedWindow, window < tokenCount else { return nil }
        return window
    }

    /// For the lower edge of the text, where the cursor is not read yet, or where the model is beyond what it learned and
    /// nothing has been done about it.
    var textHint: String? {
        if let wait = PanelReadiness(self).wait { return wait }
        if let note = notes.note(at: noteBytes) { return say("noted: \(note.text)") }
        if showsSecondText { return secondWait }
        if let why = unpreviewed ?? attentionObstacle { return why }
        if let experts = expertMarks(in: 0..<0) { return experts.legend(width: textRect.width) }
        // A layer whose window is shorter never sees an angle that it does not know.
        guard let window = windowEnd(of: sources.model.value), let rotaryLayer, rotaryLayer.followsScenario,
            rotaryLayer.trained.window >= window, focus.cursor >= window, scenario.position is RoPE,
            scenario.windows.isEmpty
        else { return nil }
        return say("past the trained window (\(window.grouped)): m offers PI, NTK ...")
    }
}

/// What the border of the text says of the next token: what the model lost on it, or what an encoder reads.
private struct TokenForecast: Sendable {
    private let place: HeadQuery?
    /// The model, where it is an encoder alone that has read something.
    private let encoder: Model?

    init(_ state: AppState) {
        place = state.textSight.place
        let isEncoder = state.focus.kind == .encoder && state.kinds.count == 1 && state.lens != nil
        encoder = isEncoder ? state.textModel : nil
    }

    /// The longest wording first.
    func words(_ answers: inout Answers) -> [String] {
        guard let encoder else {
            guard let place, let cost = answers.answer(to: TokenCostQuestion(place: place)), cost.isFinite else {
                return []
            }
            let nats = Figures.fixed(Double(cost), 2)
            return [say("next token cost \(nats) nats"), say("next cost \(nats)"), say("cost \(nats)")]
        }
        guard encoder.hasHead else { return [say("no language head: nothing is predicted"), say("no language head")] }
        guard let place,
            let read = answers.answer(whenKnown: PredictionQuestion(basis: place.basis, query: place.query)),
            let best = read?.candidates.first
        else { return [] }
        let name = "“\(CellWidth.truncated(encoder.name(ofTokenID: best.id), to: 16))”"
        let probability = Figures.weight(best.probability)
        return [say("language head reads \(name) here: \(probability)"), say("head reads \(name) \(probability)")]
    }
}

extension Model {
    /// A token of the vocabulary as a line of the screen can show it.
    fileprivate func name(ofTokenID id: Int) -> String {
        guard let tokenizer else { return String(id) }
        return TokenName.printable(tokenizer.bytes(of: id))
    }
}

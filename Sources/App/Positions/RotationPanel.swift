import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// How far queries and keys turn, or what tells positions where they do not.
struct RotationPanel: PanelContent {
    private let focus: Focus
    private let sight: Sight
    private let choices: PositionChoices
    private let rotary: LayerRotation?
    /// What turns the layer, with the layer where layers differ.
    private let title: String
    private let layerTitle: String?
    private let methods: MethodsQuestion?
    private let tokenCount: Int
    /// In place of the rotation: what is asked, and what is known without a recording.
    private let unrotated: UnrotatedQuestion?
    private let known: PositionContent?
    private let second: SecondPairQuestion.Source?
    private let headFacts: [String]
    /// Of which query it speaks, where several are selected.
    private let remark: String?

    init(_ state: AppState) {
        focus = state.focus
        sight = state.sight
        choices = state.positions
        rotary = state.rotaryLayer
        title = state.rotationTitle
        layerTitle = state.layerTitle
        methods = MethodsQuestion(state)
        tokenCount = state.tokenCount
        unrotated = UnrotatedQuestion(state)
        known = state.positionContent
        second = SecondPairQuestion.Source(state)
        headFacts = state.headFacts
        let cursor = state.focus.cursor.grouped
        remark = state.selection == nil ? nil : say("of the cursor \(cursor), not of the selection")
    }

    private func footer(_ text: String, in inner: Rect) -> String {
        guard let remark else { return text }
        return Sentence.fitting([[remark]] + text.split(separator: " · ").map { [String($0)] }, width: inner.width - 4)
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        if rotary == nil { return unrotatedPicture(in: inner, look, asking: &answers) }
        switch choices.rotation {
        case .pair: return pairPicture(in: inner, look, asking: &answers)
        case .methods:
            let view = methodsView(look, &answers)
            let footer = footer(view.footer(height: inner.height), in: inner)
            return PanelPicture(facts: facts(view.facts, in: inner), footer: footer) {
                view.draw(in: $0, on: &$1)
            }
        case .distances:
            let view = distancesView(look, &answers)
            return PanelPicture(facts: facts(view.facts, in: inner), footer: footer(view.footer, in: inner)) {
                view.draw(in: $0, on: &$1)
            }
        }
    }

    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        mouse.wheel.map { [.positions(.scroll($0))] } ?? []
    }

    /// What a view says of itself, and of which layer that is.
    private func facts(_ text: String, in inner: Rect) -> String {
        LayerFacts(title: layerTitle, layer: focus.layer, panel: .rotation)
            .text(layerTitle.map { "\(text) · \($0)" } ?? text, in: inner)
    }

    private func pairPicture(in inner: Rect, _ look: Look, asking answers: inout Answers) -> PanelPicture? {
        guard let whole = pairView(first: 0, look, &answers) else { return nil }
        let room = inner.height - whole.wholeHeight(width: inner.width) - 1
        let curves = room >= Self.lowestCurves ? distancesView(look, &answers) : nil
        let rows = RotationView.capacity(of: inner)
        let view = whole.scrolled(to: curves == nil ? max(0, choices.subspace - rows / 2) : 0)
        let facts = LayerFacts(title: layerTitle, layer: focus.layer, panel: .rotation)
            .text(view.facts, title, in: inner)
        return PanelPicture(facts: facts, footer: footer(view.footer, in: inner)) { rect, grid in
            guard let curves else { return view.draw(in: rect, on: &grid) }
            view.draw(in: Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - room), on: &grid)
            let below = Rect(x: rect.x, y: rect.maxY - room + 1, width: rect.width, height: room - 1)
            grid.writeTruncated(
                say("Subspace \(choices.subspace) over all distances (i I: another, R: in full)"), x: rect.x,
                y: below.y - 1, width: rect.width, style: look.theme.dim, in: rect)
            curves.draw(in: below, on: &grid)
        }
    }

    /// Lines from which on the curves of the selected subspace say something; where the table leaves them free.
    private static let lowestCurves = 14

    private func methodsView(_ look: Look, _ answers: inout Answers) -> RotationMethodsView {
        RotationMethodsView(
            methods: methods.map { answers.answer(to: CatalogueQuestion(methods: $0)) } ?? [],
            subspace: choices.subspace, query: focus.cursor, key: min(sight.key(&answers) ?? 0, focus.cursor),
            first: choices.firstMethod, look: look)
    }

    private func distancesView(_ look: Look, _ answers: inout Answers) -> RotationDistancesView {
        RotationDistancesView(
            methods: methods.map { answers.answer(to: $0) } ?? [], subspace: choices.subspace,
            query: focus.cursor, key: sight.key(&answers), look: look)
    }

    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        let found: Figure? =
            switch choices.rotation {
            case .pair: pairView(first: 0, look, &answers)?.figure
            case .methods: methodsView(look, &answers).figure
            case .distances: distancesView(look, &answers).figure
            }
        guard var figure = rotary == nil ? nil : found else {
            throw .noFigure(
                say("there is nothing that turns: this layer has no rotary positions, or the cursor no earlier token"))
        }
        figure.facts =
            choices.rotation == .pair ? headFacts : [say("layer \(focus.layer)"), say("from the methods alone")]
        return figure
    }

    /// Nil where nothing turns.
    private func pairView(first: Int, _ look: Look, _ answers: inout Answers) -> RotationView? {
        guard let rotary else { return nil }
        let beside = second.flatMap { source in
            sight.key(&answers).flatMap { answers.answer(to: SecondPairQuestion(source: source, key: $0)) }
        }
        let pair = sight.pair(&answers)
        return RotationView(
            pair: pair, missing: pair == nil ? sight.missingPair(&answers) : [],
            rotation: rotary.position.rotation(in: rotary.context),
            context: rotary.context, trained: rotary.trained, methodTitle: title,
            first: first, selected: choices.subspace, beside: beside,
            unturnedDimensions: rotary.unturnedDimensions, look: look)
    }

    private func unrotatedPicture(in inner: Rect, _ look: Look, asking answers: inout Answers) -> PanelPicture? {
        let key = sight.key(&answers)
        let pair = sight.pair(&answers)
        let asked = unrotated.flatMap { answers.answer(to: $0.with(key: key)) }
        guard let content = asked ?? known else { return nil }
        let view = UnrotatedView(
            content: content, head: focus.head, cursor: tokenCount > 0 ? focus.cursor : nil, anchor: key,
            keys: focus.kind == .decoder ? focus.cursor + 1 : tokenCount, pair: pair,
            missing: pair == nil ? sight.missingPair(&answers) : [],
            first: choices.firstLine, look: look)
        return PanelPicture(facts: view.facts, footer: footer(view.footer, in: inner)) { view.draw(in: $0, on: &$1) }
    }
}

import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// Effective distances, and what a head weighs by distance.
struct DistancePanel: PanelContent {
    let lens: Lens?
    let focus: Focus
    private let sight: Sight
    let mode: PositionChoices.Distance
    private let request: MapRequest
    /// The same part of the map for a page, and of which head its numbers are.
    let page: MapRequest
    let headFact: String
    private let methods: MethodsQuestion?
    private let profiles: [ProfileQuestion.Line]
    private let trained: TrainedRange?
    /// The furthest that the layer saw in training, tokens.
    private let window: Int
    private let scenario: Scenario
    private let layerTitle: String?

    init(_ state: AppState) {
        lens = state.lens
        focus = state.focus
        sight = state.sight
        mode = state.positions.distance
        request = state.distanceRequest
        page = state.page(request, of: lens)
        headFact = state.headFact
        methods = state.positions.distance == .curve ? MethodsQuestion(state) : nil
        profiles = state.positions.distance == .attention ? state.profileLines : []
        trained = state.trainedRange
        window = state.layerWindow
        layerTitle = state.layerTitle
        scenario = state.scenario
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        switch mode {
        case .curve:
            let view = curveView(look, &answers)
            let facts = facts(view.facts, short: view.shortFacts, in: inner)
            return PanelPicture(facts: facts, footer: Sentence.fitting([view.footers], width: inner.width - 4)) {
                view.draw(in: $0, on: &$1)
            }
        case .map: return mapPicture(in: inner, look, asking: &answers)
        case .attention:
            let view = profileView(look, &answers)
            return PanelPicture(facts: facts(view.facts, in: inner), footer: view.footer) { view.draw(in: $0, on: &$1) }
        }
    }

    func curveView(_ look: Look, _ answers: inout Answers) -> DistanceCurveView {
        DistanceCurveView(
            methods: methods.map { answers.answer(to: $0) } ?? [], query: focus.cursor, key: sight.key(&answers),
            look: look)
    }

    func profileView(_ look: Look, _ answers: inout Answers) -> DistanceProfileView {
        let lines = profiles.compactMap { line in
            (answers.answer(whenKnown: line.question) ?? nil).map {
                DistanceProfileView.Line(title: line.title, profile: $0, isCurrent: line.isCurrent)
            }
        }
        return DistanceProfileView(lines: lines, window: window, head: "L\(focus.layer) H\(focus.head)", look: look)
    }

    func mapView(_ lens: Lens, _ image: MapImage, _ look: Look, _ answers: inout Answers) -> DistanceMapView {
        let anchor = sight.key(&answers)
        var view = DistanceMapView(
            image: image, encoding: lens.setup.encoding(layer: focus.layer), cursor: focus.cursor,
            anchor: anchor, window: trained?.window ?? 1, title: scenario.shortLine, look: look)
        view.selection = anchor.flatMap { selectionFact(lens, key: $0) }
        return view
    }

    /// The distance of the cursor from a key where a selection takes keys to other places; nil elsewhere.
    private func selectionFact(_ lens: Lens, key: Int) -> String? {
        let (layer, head, query) = (focus.layer, focus.head, focus.cursor)
        guard lens.movesKeys(layer: layer), key <= query, let selection = lens.setup.stateSelection(layer) else {
            return nil
        }
        let apart = (query - key).grouped
        guard lens.isVisible(layer: layer, head: head, query: query, key: key) else {
            return say("(\(query.grouped), \(key.grouped)) is not read · true \(apart)")
        }
        let placed = lens.places(query, layer: layer, head: head).first { $0.keys.contains(key) }
        let distance = placed?.distance(to: key, period: selection.keyPeriod ?? 1) ?? query - key
        return say("g(\(query.grouped), \(key.grouped)) = \(distance.grouped) as read · true \(apart)")
    }

    /// What a view says of itself, and of which layer that is.
    private func facts(_ text: String, short: String? = nil, in inner: Rect) -> String {
        if layerTitle == nil, let short { return Panel.distance.facts([[text, short]], in: inner) }
        return LayerFacts(title: layerTitle, layer: focus.layer, panel: .distance)
            .text(layerTitle.map { "\(text) · \($0)" } ?? text, in: inner)
    }

    private func mapPicture(in inner: Rect, _ look: Look, asking answers: inout Answers) -> PanelPicture {
        guard let lens, let image = answers.answer(to: DistanceMapQuestion(request, of: lens)) else {
            return PanelPicture(facts: say("effective distances")) {
                look.write(
                    layerTitle.map { say("No rotary positions in \($0).") }
                        ?? say("This model has no rotary positions."), in: $0,
                    on: &$1)
            }
        }
        let view = mapView(lens, image, look, &answers)
        return PanelPicture(facts: facts(view.facts, in: inner), footer: view.footer) { view.draw(in: $0, on: &$1) }
    }
}

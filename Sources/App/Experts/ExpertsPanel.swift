import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// A mixture of experts at work, and what is computed for one token.
struct ExpertsPanel: PanelContent {
    private let page: ExpertsPage
    private let lens: Lens?
    private let layer: Int
    private let cursor: Int
    private let factor: Double?
    private let work: [LayerWork]
    private let noRouter: String?
    private let waiting: String?
    private let words: AskWords

    init(_ state: AppState) {
        page = state.experts.page
        lens = state.lens
        layer = state.focus.layer
        cursor = state.focus.cursor
        factor = state.experts.factor
        work = state.sources.model.value?.layerWork(state.focus.kind) ?? []
        noRouter = state.expertsObstacle
        waiting = state.unpreviewed
        words = AskWords(document: state.queryDocument)
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        let view = view(look, &answers)
        let place = page == .tokens || page == .load ? [["L\(layer)"]] : []
        let basis = page == .computed && lens?.basis == .preview ? [[say("preview")]] : []
        return PanelPicture(facts: Panel.experts.facts(place + view.facts + basis, in: inner)) {
            view.draw(in: $0, on: &$1)
        }
    }

    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        throw .noFigure(say("this panel has no figure: save screen a.svg writes what is on the screen"))
    }

    /// A press chooses a page, a token or a layer; the wheel goes on by layers.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        if let wheel = mouse.wheel { return [.focus(.layer(wheel))] }
        let view = view(look, &answers)
        if let page = view.page(atX: mouse.x, y: mouse.y, in: inner) { return [.experts(.page(page))] }
        if let token = view.token(atX: mouse.x, y: mouse.y, in: inner) { return [.move(.toToken(token))] }
        return view.layer(atX: mouse.x, y: mouse.y, in: inner).map { [.focus(.layer($0 - layer))] } ?? []
    }

    private func view(_ look: Look, _ answers: inout Answers) -> ExpertsView {
        let router = lens?.router(layer: layer)
        let isListed = page == .tokens || page == .load
        let routers = page == .way ? allRouters : []
        let loads = isListed && router != nil ? loads(&answers) : nil
        let computed = page == .computed ? computed(&answers) : []
        let isKnown =
            switch page {
            case .tokens, .load: loads != nil && cursor < router?.tokens ?? 0
            case .way: routers.contains { cursor < $0.tokens }
            case .computed: !computed.isEmpty
            }
        return ExpertsView(
            page: page, layer: layer, router: router, loads: loads, routers: routers, computed: computed,
            cursor: cursor, factor: factor, problem: isKnown ? nil : problem(router, isListed: isListed),
            name: { [words] in words.whole($0) }, look: look)
    }

    /// Why there is nothing to see yet, or at all.
    private func problem(_ router: RouterReading?, isListed: Bool) -> String {
        if page != .computed {
            if let noRouter { return noRouter }
            if let recording = lens?.recording, recording.tokens > 0 {
                let layers = RouterReading.layers(of: recording)
                guard !layers.isEmpty else { return say("This kind of attention has no routers: K shows another one.") }
                if isListed, router == nil {
                    let names = layers.map { "L\($0)" }.joined(separator: " ")
                    return say("L\(layer) has one feed-forward network and no router; these have: \(names)")
                }
            }
        }
        return waiting ?? AskTables.working
    }

    private var allRouters: [RouterReading] {
        guard let recording = lens?.recording else { return [] }
        return RouterReading.layers(of: recording).compactMap { RouterReading(recording, layer: $0) }
    }

    private func loads(_ answers: inout Answers) -> ExpertLoads? {
        guard let lens else { return nil }
        let question = ExpertLoadsQuestion(
            basis: Basis(lens), stage: RecordingStage(lens.recording), layer: layer)
        return answers.answer(whenKnown: question) ?? nil
    }

    private func computed(_ answers: inout Answers) -> [ComputedLayer] {
        guard let lens else { return [] }
        return answers.answer(
            to: ComputedQuestion(
                basis: Basis(lens), stage: RecordingStage(lens.recording), token: cursor, work: work))
    }
}

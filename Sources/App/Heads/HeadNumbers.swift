import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// The number of every head that the panel sorts by, as far as it is known, and where it comes from.
struct HeadNumbers: Sendable {
    private let order: HeadOrder
    private let grid: HeadGridQuestion?
    /// What is compared, in words; nil where there is nothing to compare with.
    private let compared: String?
    private let ablations: AblationGrid?
    private let ablationProblem: String?
    private let copies: HeadCopies?
    private let shape: ModelShape?
    private let isLocal: Bool

    init(_ state: AppState) {
        order = state.heads.order
        shape = state.shape
        let isMoved = if case .moved = order { true } else { false }
        let other = isMoved ? state.comparedLens : nil
        grid = isMoved ? HeadGridQuestion(state) : nil
        isLocal = other?.isSecond == false && other?.lens.basis == .preview
        compared = other.map { other in
            other.isSecond
                ? state.second?.model.value?.name ?? say("the second model") : other.lens.scenario.shortLine
        }
        let measured = order == .ablation ? state.headAblation : nil
        ablations = measured?.grid
        ablationProblem = measured?.problem
        copies = order == .copies ? HeadCopies(state) : nil
    }

    /// Nil where the heads are sorted by something else.
    func ranking(_ answers: inout Answers) -> HeadsView.NumberRanking? {
        guard let shape else { return nil }
        let none = [Float](repeating: .nan, count: shape.layers * shape.heads)
        switch order {
        case .measure, .weight, .value: return nil
        case .ablation:
            let values = ablations.map { $0.headChanges.map { Float($0) } } ?? none
            return HeadsView.NumberRanking(
                values: values.count == none.count ? values : none, title: say("loss without"),
                meaning: ablationMeaning, isSigned: true)
        case .copies:
            let values = copies?.values ?? none
            return HeadsView.NumberRanking(
                values: values.count == none.count ? values : none, title: say("retrieval"),
                meaning: copies?.meaning ?? say("nothing is read yet"))
        case .moved(let measure):
            let walk = grid.flatMap { answers.answer(deepening: $0) }
            let values = walk?.grid.means(measure).map { Float($0) } ?? none
            return HeadsView.NumberRanking(
                values: values.count == none.count ? values : none, title: measure.title.said,
                meaning: meaning(of: measure, walk?.grid))
        }
    }

    private var ablationMeaning: String {
        if let ablationProblem { return ablationProblem }
        guard let ablations else { return say("what the loss rises by without each head: waiting for its runs") }
        let tokens = ablations.tokens.grouped
        let loss = Figures.fixed(ablations.loss, 3)
        guard ablations.isComplete else {
            let (done, all) = (ablations.losses.count.grouped, ablations.places.count.grouped)
            return say(
                "what the loss of \(tokens) tokens, \(loss) nats, rises by without each head: run \(done) of \(all)")
        }
        return say("what the loss of \(tokens) tokens, \(loss) nats, rises by without each head")
    }

    private func meaning(of measure: HeadGrid.Measure, _ grid: HeadGrid?) -> String {
        guard let compared else {
            return say("nothing to compare with: choose a method (m), or set a model beside (O, b)")
        }
        guard let grid else { return say("\(compared) has other tokens, layers or heads: its heads are not these") }
        let queries = grid.queries.grouped
        return isLocal
            ? say("\(compared), every layer by itself (preview), mean over \(queries) queries: \(measure.meaning.said)")
            : say("\(compared), the whole run, mean over \(queries) queries: \(measure.meaning.said)")
    }

    /// What stands in the lower border, the longest wording first.
    var remark: [String]? {
        switch order {
        case .measure, .weight, .value: nil
        case .moved: [say("compare --grid has percentiles too, local and cumulative"), say("also: compare --grid")]
        case .ablation: [say("heads --ablate has layers too"), say("also: heads --ablate")]
        case .copies: [say("circuits has every measure, chance and spread"), say("also: circuits")]
        }
    }
}

extension HeadGrid.Measure {
    /// As short as a border wants it.
    fileprivate var title: String {
        switch self {
        case .kl: "KL"
        case .js: "JS"
        case .tv: "TV"
        case .recall: "recall"
        case .kept: "kept"
        case .output: "output change"
        }
    }
}

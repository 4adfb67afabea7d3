import RopewalkPhrases
import RopewalkViews

/// What the Experts panel shows.
package struct ExpertsChoices: Equatable, Sendable {
    package var page = ExpertsPage.tokens
    /// Quarters of a capacity factor that is asked about; nil for the room that the run had.
    package var quarters: Int?

    /// CF; nil for the room that the run had.
    package var factor: Double? { quarters.map { Double($0) / 4 } }

    /// The room that training usually leaves: 1.25.
    static let usual = 5
    static let range = 0...64
}

/// What the Experts panel is asked for.
package enum ExpertsAction: Hashable, Sendable {
    case page(ExpertsPage)
    /// Pages on or back.
    case turn(Int)
    /// Quarters of a capacity factor more or less.
    case capacity(Int)
    /// The room that the run had.
    case own
}

extension ExpertsAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm(
            "experts", ActionParameter<ExpertsPage>.name,
            "Experts: who works on which token, how many each has, one token's way, what is computed for it"
        ) { .experts(.page($0)) },
        ActionForm("experts.turn", .steps, "Experts: pages on or back") { .experts(.turn($0)) },
        ActionForm(
            "experts.capacity", .steps, "Experts: room for more or fewer tokens, by quarters of a capacity factor"
        ) { .experts(.capacity($0)) },
        ActionForm("experts.own", "Experts: the room that the run had", .experts(.own)),
    ]

    var text: String {
        switch self {
        case .page(let page): "experts " + ActionParameter.name.write(page)
        case .turn(let steps): "experts.turn " + ActionParameter<Int>.steps.write(steps)
        case .capacity(let steps): "experts.capacity " + ActionParameter<Int>.steps.write(steps)
        case .own: "experts.own"
        }
    }

    func times(_ count: Int) -> ExpertsAction {
        switch self {
        case .turn(let steps): .turn(steps * count)
        case .capacity(let steps): .capacity(steps * count)
        case .page, .own: self
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .page, .turn: state.modelObstacle
        case .capacity, .own: state.modelObstacle ?? state.expertsObstacle
        }
    }
}

extension AppState {
    /// Why there are no experts to show; nil where there are.
    var expertsObstacle: String? {
        guard let model = sources.model.value, model.traits.experts == nil else { return nil }
        return say("\(model.name) has no router: every layer has one feed-forward network")
    }

    mutating func perform(_ action: ExpertsAction) -> [Effect] {
        switch action {
        case .page(let page):
            // Lessons and scripts come to the same wherever they begin.
            experts = ExpertsChoices()
            showExperts(page)
        case .turn(let steps): showExperts(experts.page.after(steps))
        case .capacity(let steps):
            let now = experts.quarters ?? ExpertsChoices.usual - (steps > 0 ? 1 : -1)
            let wanted = now + min(1_000, max(-1_000, steps))
            experts.quarters = min(ExpertsChoices.range.upperBound, max(ExpertsChoices.range.lowerBound, wanted))
        case .own: experts.quarters = nil
        }
        return []
    }

    private mutating func showExperts(_ page: ExpertsPage) {
        experts.page = page
        reveal(.experts)
        panels.focus(.experts)
        revealCursor()
    }
}

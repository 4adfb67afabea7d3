import RopewalkPhrases

/// What the Loss panel is asked for.
package enum LossAction: Hashable, Sendable {
    /// Linear or logarithmic positions.
    case toggleAxis
    /// Measures again what was cancelled.
    case measure
    case page(LossPage)
    /// Pages on or back.
    case turn(Int)
}

extension LossAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("loss.axis", "Loss: linear or logarithmic positions", .losses(.toggleAxis)),
        ActionForm("loss.measure", "Loss: measures again what was cancelled", .losses(.measure)),
        ActionForm(
            "loss.page", ActionParameter<LossPage>.name,
            "Loss: losses by position, needles, retrieval, the kind of long text, or files of benchmarks"
        ) { .losses(.page($0)) },
        ActionForm("loss.turn", .steps, "Loss: pages on or back") { .losses(.turn($0)) },
    ]

    var text: String {
        switch self {
        case .toggleAxis: "loss.axis"
        case .measure: "loss.measure"
        case .page(let page): "loss.page " + ActionParameter<LossPage>.name.write(page)
        case .turn(let count): "loss.turn " + ActionParameter<Int>.steps.write(count)
        }
    }

    func standing(in state: AppState) -> String? {
        switch self {
        case .toggleAxis: state.losses.isLogarithmic ? say("logarithmic") : say("linear")
        case .page: state.losses.page.rawValue
        case .measure, .turn: nil
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .toggleAxis, .page, .turn: nil
        case .measure: state.tokenObstacle
        }
    }
}

extension AppState {
    mutating func perform(_ action: LossAction) -> [Effect] {
        switch action {
        case .toggleAxis: losses.isLogarithmic.toggle()
        case .measure:
            losses.isPaused = false
            // What could not be measured may work now: memory may be free again.
            losses.measured.removeAll { $0.loss == nil }
            losses.ablations.removeAll { $0.problem != nil }
            needles.answers.removeAll { $0.problem != nil }
            passages.maps.removeAll { $0.problem != nil }
            benchmarks.tests.removeAll { $0.problem != nil }
            longTexts.answers.removeAll { $0.problem != nil || $0.remark != nil }
        case .page(let page): losses.page = page
        case .turn(let steps):
            let pages = LossPage.allCases
            let index = (pages.firstIndex(of: losses.page) ?? 0) + steps % pages.count
            losses.page = pages[(index + pages.count) % pages.count]
        }
        reveal(.loss)
        return []
    }
}

import RopewalkPhrases
import RopewalkScoring

/// What is asked of the page of long texts.
package enum LongTextAction: Hashable, Sendable {
    /// Rows of the table down or up.
    case scroll(Int)
}

extension LongTextAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("data.scroll", .steps, "Loss, data: metrics down or up") { .longTexts(.scroll($0)) }
    ]

    var text: String {
        switch self {
        case .scroll(let steps): "data.scroll " + ActionParameter<Int>.steps.write(steps)
        }
    }

    func times(_ count: Int) -> LongTextAction {
        switch self {
        case .scroll(let steps): .scroll(steps * count)
        }
    }

    func obstacle(in state: AppState) -> String? { state.longTextObstacle }
}

extension AppState {
    mutating func perform(_ action: LongTextAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        losses.page = .data
        reveal(.loss)
        switch action {
        case .scroll(let steps):
            let last = LongTextMetric.allCases.count - 1
            longTexts.top = min(max(0, longTexts.top + min(max(-last, steps), last)), last)
        }
        return []
    }
}

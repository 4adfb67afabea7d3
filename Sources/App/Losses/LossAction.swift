import RopewalkPhrases

/// What the Loss panel is asked for.
package enum LossAction: Hashable, Sendable {
    /// Linear or logarithmic positions.
    case toggleAxis
    /// Measures again what was cancelled.
    case measure
}

extension LossAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("loss.axis", "Loss: linear or logarithmic positions", .losses(.toggleAxis)),
        ActionForm("loss.measure", "Loss: measures again what was cancelled", .losses(.measure)),
    ]

    var text: String {
        switch self {
        case .toggleAxis: "loss.axis"
        case .measure: "loss.measure"
        }
    }

    func standing(in state: AppState) -> String? {
        self == .toggleAxis ? (state.losses.isLogarithmic ? say("logarithmic") : say("linear")) : nil
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .toggleAxis: nil
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
        }
        reveal(.loss)
        return []
    }
}

import RopewalkMethods
import RopewalkPhrases

/// A part of the model that a scenario can leave out, by the layer and head that are looked at.
package enum AblatedPart: String, CaseIterable, Hashable, Sendable {
    case head
    case attention
    case feedForward = "feed-forward"

    var action: String { "ablate." + rawValue }

    var meaning: String {
        switch self {
        case .head: "leaves out what the head adds (ablation), or takes it back"
        case .attention: "leaves out the attention of the layer (ablation), or takes it back"
        case .feedForward: "leaves out the feed-forward layer (ablation), or takes it back"
        }
    }
}

extension AppState {
    private func ablation(_ part: AblatedPart) -> Ablation {
        switch part {
        case .head: Ablation(layers: [focus.layer], heads: [focus.head])
        case .attention: Ablation(layers: [focus.layer])
        case .feedForward: Ablation(feedForward: [focus.layer])
        }
    }

    func standing(of part: AblatedPart) -> String {
        scenario.ablations.contains(ablation(part)) ? say("left out") : say("there")
    }

    /// Why it cannot be left out; nil where it can.
    func obstacle(to part: AblatedPart) -> String? {
        modelObstacle ?? (focus.kind == .cross ? say("only layers that read their own text are left out") : nil)
    }

    /// Leaves a part out, or takes it back.
    mutating func ablate(_ part: AblatedPart) {
        if let obstacle = obstacle(to: part) { return refuse(obstacle) }
        var changed = scenario
        let ablation = ablation(part)
        if let index = changed.ablations.firstIndex(of: ablation) {
            changed.ablations.remove(at: index)
        } else {
            changed.ablations.append(ablation)
        }
        change(to: changed)
    }
}

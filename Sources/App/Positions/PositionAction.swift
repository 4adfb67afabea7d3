import RopewalkPhrases

/// What the panels about positions show.
package enum PositionAction: Hashable, Sendable {
    case rotation(Choice<PositionChoices.Rotation>)
    /// Lines of the Rotation panel: subspaces, or methods.
    case scroll(Int)
    /// Subspaces on or back.
    case step(Int)
    case subspace(Int)
    case distance(Choice<PositionChoices.Distance>)
}

extension PositionAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm(
            "rotation.mode", ActionParameter<PositionChoices.Rotation>.choice, "Rotation: pair, methods, distances"
        ) { .positions(.rotation($0)) },
        ActionForm("rotation.scroll", .steps, "Rotation: subspaces or methods down or up") { .positions(.scroll($0)) },
        ActionForm("subspace.step", .steps, "the next subspace, or one before") { .positions(.step($0)) },
        ActionForm("subspace", .index("SUBSPACE"), "a subspace; 0 is the fastest") { .positions(.subspace($0)) },
        ActionForm(
            "distance.mode", ActionParameter<PositionChoices.Distance>.choice, "Distance: curve, map, attention"
        ) { .positions(.distance($0)) },
    ]

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .rotation(let mode): "rotation.mode " + ActionParameter.choice.write(mode)
        case .scroll(let count): "rotation.scroll " + steps.write(count)
        case .step(let count): "subspace.step " + steps.write(count)
        case .subspace(let index): "subspace \(index)"
        case .distance(let mode): "distance.mode " + ActionParameter.choice.write(mode)
        }
    }

    func standing(in state: AppState) -> String? {
        switch self {
        case .rotation: ActionParameter.name.write(state.positions.rotation)
        case .distance: ActionParameter.name.write(state.positions.distance)
        case .step, .subspace: "\(state.positions.subspace)"
        case .scroll: nil
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .rotation, .distance: nil
        case .scroll: state.modelObstacle
        case .step, .subspace:
            state.modelObstacle ?? state.rotationObstacle
        }
    }
}

extension AppState {
    mutating func perform(_ action: PositionAction) -> [Effect] {
        switch action {
        case .rotation(let mode):
            if let obstacle = rotationObstacle, layout.panels[.rotation] != nil { refuse(obstacle) }
            positions.rotation = mode.after(positions.rotation)
            reveal(.rotation)
        case .distance(let mode):
            positions.distance = mode.after(positions.distance)
            reveal(.distance)
        case .scroll(let steps): scrollRotation(steps)
        case .step(let steps): stepSubspace(to: positions.subspace + steps)
        case .subspace(let index): stepSubspace(to: index)
        }
        return []
    }

    /// Why there are no subspaces to look at; nil where there are, or no model yet.
    fileprivate var rotationObstacle: String? {
        guard sources.model.value != nil, rotaryLayer == nil else { return nil }
        return say(
            "this layer does not turn its queries and keys: there are no subspaces, and Rotation shows its positions")
    }

    private mutating func stepSubspace(to subspace: Int) {
        if let obstacle = rotationObstacle { return refuse(obstacle) }
        selectSubspace(subspace)
    }

    /// Moves through the lines of the Rotation panel: subspaces, or methods where those are its lines.
    private mutating func scrollRotation(_ steps: Int) {
        guard rotaryLayer != nil else {
            positions.firstLine = min(max(0, positions.firstLine + steps), max(0, positionLines - 1))
            return
        }
        guard positions.rotation == .methods else { return selectSubspace(positions.subspace + steps) }
        let count = MethodsQuestion(self)?.count(witness) ?? 0
        positions.firstMethod = min(max(0, positions.firstMethod + steps), max(0, count - 1))
    }

    mutating func selectSubspace(_ subspace: Int) {
        positions.subspace = min(max(0, subspace), max(0, (rotaryLayer?.context.subspaces ?? 1) - 1))
    }
}

import RopewalkMethods
import RopewalkModels

extension AppState {
    mutating func choosePositions(_ action: Action) {
        switch action {
        case .nextRotationMode:
            positions.rotation = positions.rotation.next
            reveal(.rotation)
        case .nextDistanceMode:
            positions.distance = positions.distance.next
            reveal(.distance)
        case .subspace(let steps): selectSubspace(positions.subspace + steps)
        case .toggleLossAxis:
            losses.isLogarithmic.toggle()
            reveal(.loss)
        case .measureLosses:
            losses.isPaused = false
            // What could not be measured may work now: memory may be free again.
            losses.measured.removeAll { $0.loss == nil }
            reveal(.loss)
        default: break
        }
    }

    /// Shows the panel that a key is about, where it is hidden.
    private mutating func reveal(_ panel: Panel) {
        if layout.panels[panel] == nil { arrange(.toggle(panel)) }
    }

    /// Moves through the lines of the Rotation panel: subspaces, or methods where those are its lines.
    mutating func scrollRotation(_ steps: Int) {
        guard rotaryLayer != nil else {
            positions.firstLine = min(max(0, positions.firstLine + steps), max(0, positionLines - 1))
            return
        }
        guard positions.rotation == .methods else { return selectSubspace(positions.subspace + steps) }
        positions.firstMethod = min(max(0, positions.firstMethod + steps), max(0, encodedCatalogue.count - 1))
    }

    private mutating func selectSubspace(_ subspace: Int) {
        positions.subspace = min(max(0, subspace), max(0, (sources.model.value?.shape.subspaces ?? 1) - 1))
    }

    /// What the preview of the scenario leaves out; nil where nothing.
    var previewRemark: String? {
        guard let context = rotaryLayer?.context, isExactMissing,
            scenario.position.encoding(in: context).embedding != nil
        else { return nil }
        let name = Swift.type(of: scenario.position).description.title
        return "\(name) change the embeddings, which a preview cannot show: only the exact run does"
    }

    /// The fastest subspace that made no full turn in training, where it breaks first; 0 where there is none.
    var firstCritical: Int {
        guard let trained = trainedRange else { return 0 }
        return trained.inverseFrequencies.indices.first(where: trained.isCritical) ?? 0
    }
}

import RopewalkLens

/// What the panel of all heads is asked for.
package enum HeadsAction: Hashable, Sendable {
    /// By the next measure.
    case sort
    /// Moves the selection by layers and heads.
    case select(Steps)
    /// Shows the selected head in all panels.
    case take
}

extension HeadsAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("heads.sort", "sorts by the next measure", .heads(.sort)),
        ActionForm("heads.select", ActionParameter<Steps>.steps, "moves the selection, layers down and heads right") {
            .heads(.select($0))
        },
        ActionForm("heads.take", "looks at the selected head", .heads(.take)),
    ]

    var text: String {
        switch self {
        case .sort: "heads.sort"
        case .select(let steps): "heads.select " + ActionParameter<Steps>.steps.write(steps)
        case .take: "heads.take"
        }
    }

    func obstacle(in state: AppState) -> String? { state.modelObstacle }
}

extension AppState {
    mutating func perform(_ action: HeadsAction) -> [Effect] {
        switch action {
        case .sort: heads.sort = (heads.sort + 1) % HeadScore.measures.count
        case .select(let steps): moveSelectedHead(steps)
        case .take: choose(layer: selectedHead.layer, head: selectedHead.head)
        }
        return []
    }

    /// The head that the keys have moved to.
    var selectedHead: HeadIndex { heads.selected ?? HeadIndex(layer: focus.layer, head: focus.head) }

    private mutating func moveSelectedHead(_ steps: Steps) {
        guard let shape else { return }
        let place = selectedHead
        heads.selected = HeadIndex(
            layer: min(max(0, place.layer + steps.rows), max(0, shape.layers - 1)),
            head: min(max(0, place.head + steps.columns), max(0, shape.heads - 1)))
    }
}

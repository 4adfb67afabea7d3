import RopewalkPhrases

/// What changes which part of the map is on the screen, and what is laid over it.
package enum MapAction: Hashable, Sendable {
    /// Into the cross-hair, or out of it.
    case zoom(Int)
    case whole, centre
    case pan(Steps)
    case overlay(Choice<MaskTools.MapLayer>)
    /// Tokens, sentences or paragraphs.
    case level(Choice<MapLevel>)
    /// The tokens of the cursor's sentence or paragraph and of the anchor's.
    case open
}

extension MapAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("map.zoom", .direction, "zooms in around the cross-hair, or out") { .map(.zoom($0)) },
        ActionForm("map.whole", "the whole document", .map(.whole)),
        ActionForm("map.centre", "the cursor in the middle", .map(.centre)),
        ActionForm("map.pan", ActionParameter<Steps>.steps, "moves by eighths, down and to the right") {
            .map(.pan($0))
        },
        ActionForm(
            "map.overlay", ActionParameter<MaskTools.MapLayer>.choice,
            "on the map: what the scenario hides, what differs"
        ) { .map(.overlay($0)) },
        ActionForm(
            "map.level", ActionParameter<MapLevel>.choice, "Map: which token, sentence or paragraph reads which"
        ) { .map(.level($0)) },
        ActionForm("map.open", "Map: from two sentences or paragraphs to their tokens", .map(.open)),
    ]

    var text: String {
        switch self {
        case .zoom(let direction): "map.zoom " + ActionParameter<Int>.direction.write(direction)
        case .whole: "map.whole"
        case .centre: "map.centre"
        case .pan(let steps): "map.pan " + ActionParameter<Steps>.steps.write(steps)
        case .overlay(let layer): "map.overlay " + ActionParameter.choice.write(layer)
        case .level(let level): "map.level " + ActionParameter.choice.write(level)
        case .open: "map.open"
        }
    }

    func standing(in state: AppState) -> String? {
        switch self {
        case .overlay: ActionParameter.name.write(state.masks.mapLayer)
        case .level: ActionParameter.name.write(state.map.level)
        case .zoom, .whole, .centre, .pan, .open: nil
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .zoom, .whole: state.tokenObstacle
        case .centre, .pan:
            state.tokenObstacle
                ?? (state.map.cell == nil && state.map.level == .tokens ? say("the map shows the whole document") : nil)
        case .level: state.tokenObstacle
        case .open: state.tokenObstacle ?? state.openObstacle
        case .overlay(.one(.difference)):
            state.masks.comparison == nil ? say("there is no mask to compare: d asks") : nil
        case .overlay: nil
        }
    }
}

extension AppState {
    mutating func perform(_ action: MapAction) -> [Effect] {
        switch action {
        // The cross-hair stands at the key that is looked at.
        case .zoom, .centre: return [.find(.key(.map(action)))]
        // Enter takes the anchor where there is nothing to open, as anywhere.
        case .open where map.level == .tokens: return perform(.focus(.anchorHere))
        case .open:
            guard let openObstacle else { return [.find(.key(.map(action)))] }
            refuse(openObstacle)
        case .level(let level): show(level)
        case .whole: map.showAll()
        case .pan where map.level != .tokens: return [.find(.key(.map(action)))]
        case .pan(let steps): map.pan(rows: steps.rows, columns: steps.columns, in: mapExtent)
        case .overlay(let layer): show(layer)
        }
        return []
    }

    /// Does what the key of the cross-hair was needed for.
    mutating func change(_ action: MapAction, key: Int) {
        switch action {
        case .zoom(1) where map.level != .tokens, .open: openParts(key: key)
        case .zoom where map.level != .tokens: break
        case .pan(let steps): stepParts(steps, key: key)
        case .zoom(let direction): map.zoom(direction, query: focus.cursor, key: key, in: mapExtent)
        case .centre: map.centre(query: focus.cursor, key: key, in: mapExtent)
        case .whole, .overlay, .level: break
        }
    }

    /// Nothing, the mask, and what differs from the mask that it is compared with.
    private mutating func show(_ layer: Choice<MaskTools.MapLayer>) {
        if layer == .next, masks.mapLayer == .none, masks.comparison == nil, isDense {
            return refuse(say("nothing is hidden that the map could show: m and M choose a mask"))
        }
        masks.mapLayer = layer.after(masks.mapLayer)
        if masks.mapLayer == .difference, masks.comparison == nil { masks.mapLayer = .none }
    }
}

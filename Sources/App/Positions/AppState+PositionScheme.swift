import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

extension AppState {
    /// The rotary setting of the layer on the screen.
    struct RotaryLayer {
        let context: RotaryContext
        let position: any PositionMethod
        let title: String
        /// Dimensions of a head that do not turn.
        let unturnedDimensions: Int
    }

    /// How queries and keys turn in the layer on the screen; nil where they do not.
    var rotaryLayer: RotaryLayer? {
        guard let model = sources.model.value?.traits, let rope = traits?.rope,
            model.ropes.indices.contains(rope)
        else { return nil }
        let settings = model.ropes[rope]
        let shape = model.shape(focus.kind)
        let context = RotaryContext(
            dimensions: settings.dimensions, base: settings.base, trainedWindow: shape.trainedWindow,
            tokens: tokenCount, heads: shape.heads)
        let title = ScenarioTitle.position(scenario)
        let base = MethodSpec.format(settings.base)
        return RotaryLayer(
            context: context, position: rope == 0 ? scenario.position : settings.position,
            title: model.ropes.count == 1
                ? title : rope == 0 ? "global layer, base \(base): \(title)" : "local layer, base \(base)",
            unturnedDimensions: shape.headDimension - settings.dimensions)
    }

    /// The border's name of a panel: what turns nothing has no rotation.
    func title(of panel: Panel) -> String {
        guard panel == .rotation, sources.model.value != nil, rotaryLayer == nil else { return panel.title }
        return "[\(panel.rawValue)] Positions"
    }

    /// What stands in place of the rotation as far as it is known without a recording; nil where the layer rotates.
    var positionContent: PositionContent? {
        guard let model = sources.model.value, rotaryLayer == nil else { return nil }
        return PositionContent(known: model.traits, kind: focus.kind)
    }

    /// Lines that the panel of rotation or positions scrolls through.
    var positionLines: Int {
        if let rotaryLayer { return rotaryLayer.context.subspaces }
        if case .buckets(let buckets) = traits?.bias { return buckets.buckets }
        return shape?.heads ?? 1
    }
}

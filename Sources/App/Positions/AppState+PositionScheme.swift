import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

extension AppState {
    /// How queries and keys turn in the layer on the screen; nil where they do not.
    var rotaryLayer: LayerRotation? {
        sources.model.value?.outline.rotation(
            layer: focus.layer, kind: focus.kind, traits: traits, scenario: scenario, tokens: tokenCount)
    }

    /// What the layer on the screen is among others: "layer 5: global, base 1,000,000"; nil where all are alike.
    var layerTitle: String? {
        guard let model = sources.model.value?.traits, let traits, model.differs(focus.kind) else { return nil }
        return say("layer \(focus.layer): ") + model.title(of: traits)
    }

    /// What turns the layer on the screen, with the layer where layers differ.
    var rotationTitle: String {
        guard let rotaryLayer else { return layerTitle ?? "" }
        let method = rotaryLayer.position is RoPE ? plainRotation : rotaryLayer.position.shortSpec
        let isOwn = !rotaryLayer.followsScenario && scenario.position.spec != ownScenario.position.spec
        return [layerTitle, isOwn ? say("\(method), not \(scenario.position.shortSpec)") : method]
            .compactMap { $0 }.joined(separator: ": ")
    }

    /// What turns without any method: of Transformer-XL, which has no RoPE, what of a query turns, and against what.
    private var plainRotation: String {
        sources.model.value?.traits.scheme == .relativeSinusoids
            ? say("Transformer-XL: W_r(q + v) against 0, 1") : RoPE.description.title.said
    }

    /// The furthest that queries and keys of the layer on the screen were apart in training, tokens.
    var layerWindow: Int {
        let window = shape?.trainedWindow ?? 1
        return min(window, traits?.reach ?? window)
    }

    /// The border's name of a panel: what turns nothing has no rotation.
    func title(of panel: Panel) -> String {
        guard panel == .rotation, sources.model.value != nil, rotaryLayer == nil else { return panel.title }
        return say("[\(panel.rawValue)] Positions")
    }

    /// What stands in place of the rotation as far as it is known without a recording; nil where the layer rotates.
    var positionContent: PositionContent? {
        guard let model = sources.model.value, rotaryLayer == nil else { return nil }
        return PositionContent(known: model.traits, kind: focus.kind, layer: focus.layer)
    }

    /// Lines that the panel of rotation or positions scrolls through.
    var positionLines: Int {
        if let rotaryLayer { return rotaryLayer.context.subspaces }
        if case .buckets(let buckets) = traits?.bias { return buckets.buckets }
        return shape?.heads ?? 1
    }
}

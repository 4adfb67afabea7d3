import RopewalkMethods

/// How one layer of a model turns queries and keys of a text under a scenario.
package struct LayerRotation: Sendable {
    /// Which of the model's rotary settings the layer has.
    package let setting: Int
    package let context: RotaryContext
    /// The position method in force in the layer.
    package let position: any PositionMethod
    /// The angles that are familiar to the layer: those of its training, as far as its own window reaches.
    package let trained: TrainedRange
    /// Dimensions of a head that do not turn.
    package let unturnedDimensions: Int

    /// Whether a scenario's position method is what the layer has: others than the first setting keep their own.
    package var followsScenario: Bool { setting == 0 }
}

extension ModelOutline {
    /// How a layer turns; nil where it does not, or where there is no such layer.
    /// - Parameter traits: the layer as a text has it; nil as the model has it
    package func rotation(
        layer: Int, kind: AttentionKind, traits known: LayerTraits? = nil, scenario: Scenario, tokens: Int
    ) -> LayerRotation? {
        let layers = traits.layers(kind)
        guard layers.indices.contains(layer), let rope = (known ?? layers[layer]).rope,
            traits.ropes.indices.contains(rope)
        else { return nil }
        let settings = traits.ropes[rope]
        let shape = traits.shape(kind)
        let context = RotaryContext(
            dimensions: settings.dimensions, base: settings.base, trainedWindow: shape.trainedWindow, tokens: tokens,
            heads: shape.heads)
        let position = rope == 0 ? scenario.position : settings.position
        let trained = Self.trainedRange(of: position, own: settings.position, in: context)
        return LayerRotation(
            setting: rope, context: context, position: position,
            trained: trained.limited(to: (known ?? layers[layer]).reach),
            unturnedDimensions: shape.headDimension - settings.dimensions)
    }

    /// The angles that are familiar: those of training, unless a method stands for another one.
    ///
    /// A model whose configuration interpolates linearly was trained with the interpolated angles on its whole window;
    /// configurations of other extensions name the window before them, and count from there.
    private static func trainedRange(
        of position: any PositionMethod, own: any PositionMethod, in context: RotaryContext
    ) -> TrainedRange {
        let named = position.trainedRange(in: context)
        guard named == TrainedRange(context), own is PositionInterpolation else { return named }
        return TrainedRange(
            inverseFrequencies: own.rotation(in: context).inverseFrequencies, window: context.trainedWindow)
    }

    /// The first layer of the main kind that turns, which stands for the model where no layer is looked at.
    package var firstTurningLayer: Int? {
        traits.kinds.first.flatMap { kind in traits.layers(kind).firstIndex { $0.rope == 0 } }
    }
}

extension TrainedRange {
    /// The same of a layer whose queries and keys are never `reach` tokens apart.
    fileprivate func limited(to reach: Int?) -> TrainedRange {
        TrainedRange(inverseFrequencies: inverseFrequencies, window: min(window, reach ?? window))
    }
}

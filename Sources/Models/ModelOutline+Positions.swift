import RopewalkMethods

extension ModelTraits {
    /// What a position method has to work with for one of the model's rotary settings on a text.
    func context(rope: Int, tokens: Int) -> RotaryContext {
        RotaryContext(
            dimensions: ropes[rope].dimensions, base: ropes[rope].base, trainedWindow: shape.trainedWindow,
            tokens: tokens, heads: shape.heads)
    }
}

extension ModelOutline {
    /// The angles that are familiar to the model: those of its training, unless a method stands for another one.
    ///
    /// A model whose configuration interpolates linearly was trained with the interpolated angles on its whole window;
    /// configurations of other extensions name the window before them, and count from there.
    package func trainedRange(_ scenario: Scenario, tokens: Int) -> TrainedRange {
        let context = shape.rotaryContext(tokens: tokens)
        let named = scenario.position.trainedRange(in: context)
        guard named == TrainedRange(context), position is PositionInterpolation else { return named }
        return TrainedRange(
            inverseFrequencies: position.rotation(in: context).inverseFrequencies, window: context.trainedWindow)
    }
}

extension Model {
    /// Whether the model predicts the token after each, which losses are measured by.
    package func checkPredictsNext() throws(ModelError) {
        guard hasHead, kinds.first?.isCausal ?? false else { throw .noNextToken(model: name) }
    }
}

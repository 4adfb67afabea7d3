import RopewalkMethods

/// The sizes of a model, as its configuration states them.
package struct ModelShape: Equatable, Sendable {
    package var layers: Int
    /// Query heads.
    package var heads: Int
    /// Key and value heads; query head h reads key/value head h / (heads / keyValueHeads).
    package var keyValueHeads: Int
    package var headDimension: Int
    package var hidden: Int
    package var intermediate: Int
    package var vocabulary: Int
    /// Tokens of the window that the model was trained on.
    package var trainedWindow: Int
    package var ropeBase: Double
    package var normEpsilon: Float
    /// Dimensions of a head that turn; 0 where the model has no rotary positions.
    package var rotaryDimensions: Int

    package init(
        layers: Int, heads: Int, keyValueHeads: Int, headDimension: Int, hidden: Int, intermediate: Int,
        vocabulary: Int, trainedWindow: Int, ropeBase: Double = 10_000, normEpsilon: Float,
        rotaryDimensions: Int? = nil
    ) {
        self.layers = layers
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.headDimension = headDimension
        self.hidden = hidden
        self.intermediate = intermediate
        self.vocabulary = vocabulary
        self.trainedWindow = trainedWindow
        self.ropeBase = ropeBase
        self.normEpsilon = normEpsilon
        self.rotaryDimensions = rotaryDimensions ?? headDimension
    }

    /// Query heads that share one key/value head.
    package var groupSize: Int { heads / keyValueHeads }
    /// Pairs of rotary dimensions of one head.
    package var subspaces: Int { rotaryDimensions / 2 }
    /// 1 / √dimension: what most families multiply scores by.
    package var scoreScale: Float { 1 / Float(headDimension).squareRoot() }

    package func rotaryContext(tokens: Int) -> RotaryContext {
        RotaryContext(
            dimensions: rotaryDimensions, base: ropeBase, trainedWindow: trainedWindow, tokens: tokens, heads: heads)
    }
}

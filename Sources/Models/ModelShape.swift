import RopewalkMethods

/// The sizes of a model, as its configuration states them.
public struct ModelShape: Equatable, Sendable {
    /// Blocks of a stack.
    public var layers: Int
    /// Query heads.
    public var heads: Int
    /// Key and value heads; query head h reads key/value head h / (heads / keyValueHeads).
    public var keyValueHeads: Int
    /// Numbers of a query, a key or a value of one head.
    public var headDimension: Int
    /// Numbers of a token's state between two blocks.
    public var hidden: Int
    /// Numbers inside of a feed-forward layer.
    public var intermediate: Int
    /// Tokens that the model knows, ids 0 to one less.
    public var vocabulary: Int
    /// Tokens of the window that the model was trained on.
    public var trainedWindow: Int
    /// What the wavelengths of rotary subspaces grow to the power of.
    public var ropeBase: Double
    /// What norms add to a mean square, so that they never divide by 0.
    public var normEpsilon: Float
    /// Dimensions of a head that turn; 0 where the model has no rotary positions.
    public var rotaryDimensions: Int

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
    public var groupSize: Int { heads / keyValueHeads }
    /// Pairs of rotary dimensions of one head.
    public var subspaces: Int { rotaryDimensions / 2 }
    /// 1 / √dimension: what most families multiply scores by.
    public var scoreScale: Float { 1 / Float(headDimension).squareRoot() }

    package func rotaryContext(tokens: Int) -> RotaryContext {
        RotaryContext(
            dimensions: rotaryDimensions, base: ropeBase, trainedWindow: trainedWindow, tokens: tokens, heads: heads)
    }
}

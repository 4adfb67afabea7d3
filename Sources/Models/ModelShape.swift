import Methods

/// The sizes of a model, as its configuration states them.
public struct ModelShape: Equatable, Sendable {
    public var layers: Int
    /// Query heads.
    public var heads: Int
    /// Key and value heads; query head h reads key/value head h / (heads / keyValueHeads).
    public var keyValueHeads: Int
    public var headDimension: Int
    public var hidden: Int
    public var intermediate: Int
    public var vocabulary: Int
    /// Tokens of the window that the model was trained on.
    public var trainedWindow: Int
    public var ropeBase: Double
    public var normEpsilon: Float
    /// Dimensions of a head that turn; 0 where the model has no rotary positions.
    public var rotaryDimensions: Int

    public init(
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

    public func rotaryContext(tokens: Int) -> RotaryContext {
        RotaryContext(
            dimensions: rotaryDimensions, base: ropeBase, trainedWindow: trainedWindow, tokens: tokens, heads: heads)
    }
}

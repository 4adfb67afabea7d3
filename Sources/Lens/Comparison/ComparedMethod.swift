import Methods

/// One line of a comparison: what a method does to a model on a text. What was not measured is nil.
public struct ComparedMethod: Equatable, Sendable {
    /// Perplexity of a stretch of positions.
    public struct Stretch: Equatable, Sendable {
        public let positions: Range<Int>
        public let perplexity: Double
    }

    /// What `--method` takes: specs with blanks between them.
    public let method: String
    /// The model's name.
    public let model: String
    /// Tokens of the window that the model was trained on.
    public let window: Int
    /// Tokens of a text, and how many texts the numbers are means of.
    public let tokens: Int
    public let texts: Int
    public var perplexity: Double?
    /// Of tokens that have no more than the trained window before them.
    public var perplexityInside: Double?
    /// Of tokens that have more before them than the trained window.
    public var perplexityPast: Double?
    public var perplexityPerThousand: [Stretch]?
    /// Beside a run of the same model without the method.
    public var measures: ScenarioMeasures?
    /// Of attention over one text.
    public var cost: MethodCost?

    public init(method: String, model: String, window: Int, tokens: Int, texts: Int) {
        self.method = method
        self.model = model
        self.window = window
        self.tokens = tokens
        self.texts = texts
    }

    /// The line of a reading whose losses are known.
    public init(_ reading: Comparison.Case, loss: LossByPosition) {
        let window = reading.model.shape.trainedWindow
        self.init(
            method: reading.scenario.line, model: reading.model.name, window: window, tokens: loss.means.count + 1,
            texts: loss.texts)
        let all = loss.means.indices
        perplexity = loss.perplexity(over: all)
        perplexityInside = loss.perplexity(over: 0..<min(window, all.upperBound))
        perplexityPast = loss.perplexity(over: min(window, all.upperBound)..<all.upperBound)
        perplexityPerThousand = loss.perplexities(every: 1000).map {
            Stretch(positions: $0.places, perplexity: $0.perplexity)
        }
    }
}

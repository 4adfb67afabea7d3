import Foundation
import RopewalkMethods

/// One line of a comparison: what a method does to a model on a text. What was not measured is nil.
package struct ComparedMethod: Equatable, Sendable {
    /// Perplexity of a stretch of positions.
    package struct Stretch: Equatable, Sendable {
        package let positions: Range<Int>
        package let perplexity: Double
    }

    /// What `--method` takes: specs with blanks between them.
    package let method: String
    /// The model's name.
    package let model: String
    /// Tokens of the window that the model was trained on.
    package let window: Int
    /// Tokens of a text, and how many texts the numbers are means of.
    package let tokens: Int
    package let texts: Int
    package var perplexity: Double?
    /// Of the bytes that all models of the comparison predict; nil where they read the same tokens.
    package var bitsPerByte: Double?
    /// How many bytes that are, of one text.
    package var bytes: Int?
    /// Of tokens that have no more than the trained window before them.
    package var perplexityInside: Double?
    /// Of tokens that have more before them than the trained window.
    package var perplexityPast: Double?
    package var perplexityPerThousand: [Stretch]?
    /// Beside a run of the same model without the method.
    package var measures: ScenarioMeasures?
    /// Of attention over one text.
    package var cost: MethodCost?

    package init(method: String, model: String, window: Int, tokens: Int, texts: Int) {
        self.method = method
        self.model = model
        self.window = window
        self.tokens = tokens
        self.texts = texts
    }

    /// The line of a contender whose losses are known.
    package init(_ contender: Comparison.Contender, loss: LossByPosition) {
        let window = contender.model.shape.trainedWindow
        self.init(
            method: contender.scenario.line, model: contender.model.name, window: window, tokens: loss.means.count + 1,
            texts: loss.texts)
        let all = loss.means.indices
        perplexity = loss.perplexity(over: all)
        bytes = loss.perByte?.count
        bitsPerByte = loss.byBytes.mean(over: 0..<(bytes ?? 0)).map { $0 / log(2) }
        perplexityInside = loss.perplexity(over: 0..<min(window, all.upperBound))
        perplexityPast = loss.perplexity(over: min(window, all.upperBound)..<all.upperBound)
        perplexityPerThousand = loss.perplexities(every: 1000).map {
            Stretch(positions: $0.places, perplexity: $0.perplexity)
        }
    }
}

import Formats
import Foundation
import Kernels
import Methods
import Tokenizers

/// Weights and tokenizer of one model.
public struct Model: Sendable {
    /// The folder's name.
    public let name: String
    public let path: String
    public let shape: ModelShape
    public let tokenizer: Tokenizer?
    /// What the model's own configuration asks for.
    public let defaultScenario: Scenario
    let llama: Llama

    static let families = ["llama"]

    /// Loads a Hugging Face folder: config.json, tokenizer.json, safetensors.
    /// - Parameter needsTokenizer: whether a folder without tokenizer.json is an error.
    public init(contentsOf path: String, needsTokenizer: Bool = true) throws(ModelError) {
        let outline = try ModelOutline(contentsOf: path)
        llama = try Llama(outline.llama, try Weights(folder: outline.path))
        shape = llama.shape
        defaultScenario = Scenario(position: outline.position)
        name = outline.name
        self.path = outline.path
        let tokenizerPath = outline.path + "/tokenizer.json"
        if needsTokenizer || FileManager.default.fileExists(atPath: tokenizerPath) {
            do { tokenizer = try Tokenizer(contentsOf: tokenizerPath) } catch { throw .tokenizer(error) }
        } else {
            tokenizer = nil
        }
    }

    /// The rotation that a scenario gives this model on a text of `tokens` tokens.
    public func rotation(_ scenario: Scenario, tokens: Int) -> Rotation {
        scenario.position.rotation(in: shape.rotaryContext(tokens: tokens))
    }

    /// Numbers of weights.
    public var parameters: Int {
        let shape = shape
        let attention = shape.hidden * shape.headDimension * (2 * shape.heads + 2 * shape.keyValueHeads)
        let block = attention + 3 * shape.hidden * shape.intermediate + 2 * shape.hidden
        let embeddings = shape.vocabulary * shape.hidden * (llama.isTied ? 1 : 2)
        return shape.layers * block + embeddings + shape.hidden
    }

    /// The probability of every token after a recorded last hidden state. [vocabulary]
    public func probabilities(after token: Int, in recording: Recording) -> [Float]? {
        guard let state = recording.lastHidden(of: token) else { return nil }
        return Likelihood.probabilities(hidden: state, output: llama.head)
    }

    /// The logits after a recorded last hidden state. [vocabulary]
    public func logits(after token: Int, in recording: Recording) -> [Float]? {
        guard let state = recording.lastHidden(of: token) else { return nil }
        return Likelihood.logits(hidden: state, output: llama.head)
    }
}

extension ModelShape {
    public func rotaryContext(tokens: Int) -> RotaryContext {
        RotaryContext(dimensions: headDimension, base: ropeBase, trainedWindow: trainedWindow, tokens: tokens)
    }
}

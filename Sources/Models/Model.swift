import Formats
import Foundation
import Kernels
import Methods
import Tokenizers

/// Weights and tokenizer of one model.
public struct Model: Sendable {
    public let outline: ModelOutline
    public let tokenizer: Tokenizer?
    let architecture: Architecture
    /// Numbers of weights.
    public let parameters: Int

    /// The folder's name.
    public var name: String { outline.name }
    public var path: String { outline.path }
    public var shape: ModelShape { outline.shape }
    /// What the model's own configuration asks for.
    public var defaultScenario: Scenario { Scenario(position: outline.position) }
    /// The kinds of attention that it has, the main one first.
    public var kinds: [AttentionKind] { outline.details.kinds }

    /// Loads a Hugging Face folder (config.json, tokenizer.json or tokenizer.model, safetensors) or a GGUF file.
    /// - Parameter needsTokenizer: whether a model without a tokenizer is an error.
    public init(contentsOf path: String, needsTokenizer: Bool = true) throws(ModelError) {
        let files = try ModelFiles(path)
        outline = try ModelOutline(try files.configuration(), path: files.path, name: files.name)
        let weights = Weights(try files.tensors())
        architecture = try outline.members.load(weights)
        parameters = weights.parameters
        tokenizer = try files.tokenizer(isNeeded: needsTokenizer)
    }

    /// Whether it makes logits of states.
    public var hasHead: Bool { architecture.head != nil }
    /// Whether it makes one vector of a whole text.
    public var hasPooler: Bool { architecture.pooler != nil }

    /// tanh(pooler · first state); nil where the model has none or nothing is recorded. [hidden]
    public func pooled(_ recording: Recording) -> [Float]? {
        guard let pooler = architecture.pooler, let state = recording.lastHidden(of: 0) else { return nil }
        return Likelihood.logits(hidden: state, output: pooler).map { tanhf($0) }
    }

    /// The rotation that a scenario gives this model on a text of `tokens` tokens.
    public func rotation(_ scenario: Scenario, tokens: Int) -> Rotation { outline.rotation(scenario, tokens: tokens) }

    /// The probability of every token after a recorded last hidden state. [vocabulary]
    public func probabilities(after token: Int, in recording: Recording) -> [Float]? {
        guard let state = recording.lastHidden(of: token), let head = architecture.head else { return nil }
        return Likelihood.probabilities(hidden: head.prepare(state), output: head.weights, softcap: head.softcap)
    }

    /// The logits after a recorded last hidden state. [vocabulary]
    public func logits(after token: Int, in recording: Recording) -> [Float]? {
        guard let state = recording.lastHidden(of: token), let head = architecture.head else { return nil }
        return Likelihood.logits(hidden: head.prepare(state), output: head.weights, softcap: head.softcap)
    }
}

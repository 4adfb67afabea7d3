import RopewalkGeneration
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkScoring
import RopewalkTokenizers

/// A model under a scenario that writes answers, or says how likely they are.
package struct ModelAnswering: Answering {
    private let model: Model
    private let scenario: Scenario
    private let threads: Int
    package let tokens: TextTokens
    package let writes: Bool
    /// Asked before every layer and between tokens; what is cancelled throws `ModelError.cancelled`.
    package var isCancelled: @Sendable () -> Bool = { false }
    private let defaults: GenerationDefaults

    /// - Parameter writes: whether answers are written; else the likeliest of all there can be is chosen
    /// - Throws: where the model predicts nothing, has no tokenizer, or cannot read under the scenario.
    package init(_ model: Model, scenario: Scenario, threads: Int, writes: Bool) throws {
        try model.checkPredictsNext()
        defaults = try GenerationDefaults(contentsOf: model.path)
        self.writes = writes
        guard let tokenizer = model.tokenizer else { throw AnsweringError.noTokenizer(model.path) }
        (self.model, self.scenario, self.threads) = (model.recorded(in: .single), scenario, threads)
        tokens = TextTokens(
            encode: { try tokenizer.encode(Array($0.utf8), addSpecialTokens: true, isCancelled: { false }).ids },
            decode: { tokenizer.decode($0.map { Int($0) }, skipSpecialTokens: true) })
    }

    package func answer(_ prompt: String, mostTokens: Int, endsAtLine: Bool) throws -> String {
        let request = GenerationRequest(count: mostTokens, stops: endsAtLine ? ["\n"] : [])
        let continuation = try Continuation(
            recorder, inputs: ModelInputs(ids: try tokens.encode(prompt)), room: mostTokens)
        let generator = try Generator(
            continuation, request: request, model: model, tokenizer: model.tokenizer, defaults: defaults)
        var text = ""
        while let step = try generator.next() {
            if isCancelled() { throw ModelError.cancelled }
            text += step.text
        }
        return text + generator.rest
    }

    package func logLikelihoods(of texts: [String], after prompt: String) throws -> [Double] {
        let own = try tokens.encode(prompt)
        let whole = try texts.map { try tokens.encode(prompt + $0) }
        // What follows may join the last token of the prompt: all are asked for what comes after the same tokens.
        let common = whole.map { zip($0, own).prefix { $0 == $1 }.count }.min() ?? 0
        guard common > 0 else {
            throw AnsweringError.emptyPrompt
        }
        let rests = whole.map { Array($0[common...]) }
        if let known = try byLastToken(Array(own.prefix(common)), rests) { return known }
        return try zip(whole, rests).map { ids, rest in
            guard !rest.isEmpty else { return 0 }
            let recording = try record(ids)
            return rest.indices.reduce(0) {
                $0 - Double(recording.negativeLogLikelihood(after: common + $1 - 1) ?? .nan)
            }
        }
    }

    /// One run where texts differ in their last token alone; nil where they do not. What they share is equally likely.
    private func byLastToken(_ prompt: [Int32], _ rests: [[Int32]]) throws -> [Double]? {
        guard let shared = rests.first?.dropLast(), rests.allSatisfy({ !$0.isEmpty && $0.dropLast() == shared }) else {
            return nil
        }
        let recording = try record(prompt + shared)
        guard let values = model.logProbabilities(after: recording.tokens - 1, in: recording) else { return nil }
        return rests.map { rest in
            let id = Int(rest[rest.count - 1])
            return values.indices.contains(id) ? Double(values[id]) : -.infinity
        }
    }

    private func record(_ ids: [Int32]) throws -> Recording {
        try recorder.record(ids)
    }

    private var recorder: Recorder {
        var recorder = Recorder(model: model, scenario: scenario, threads: threads)
        recorder.isCancelled = isCancelled
        return recorder
    }
}

/// Why questions cannot be answered; `description` is the one line a user reads.
package enum AnsweringError: Error, Equatable, Sendable, CustomStringConvertible {
    case noTokenizer(String)
    case emptyPrompt

    package var description: String {
        switch self {
        case .noTokenizer(let path):
            say("\(path): has no tokenizer, and a text needs one: fetch its tokenizer.json too")
        case .emptyPrompt: say("an empty prompt has no likelihood: give a prompt with text")
        }
    }
}

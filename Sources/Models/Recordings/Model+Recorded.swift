import RopewalkMethods
import RopewalkPhrases

extension Model {
    /// Why a run of a scenario over inputs cannot be had of a recording alone.
    func lacksRun(of scenario: Scenario, _ inputs: ModelInputs) -> ModelError {
        if let given { return given.lacksRun(of: scenario) }
        guard let stored else { return .noWeights(model: name, lacking: say("holds no run")) }
        if stored.scenario == scenario, !stored.isOf(inputs) {
            return .noWeights(
                model: name, lacking: say("holds the \(stored.encoding.count.grouped) tokens of its own text alone"))
        }
        let methods = scenario.specs.joined(separator: " ")
        return .noWeights(
            model: name, lacking: say("holds no run of \(methods.isEmpty ? say("the model's own methods") : methods)"))
    }

    /// What is said where a recording is not of all tokens.
    func endsEarly(_ recordings: Recordings) -> ModelError {
        .noWeights(
            model: name,
            lacking: say("ends after token \((recordings.main?.tokens ?? 0).grouped) of its text"))
    }

    /// Whether a recording of these tokens is open.
    package func isStored(_ ids: [Int32]) -> Bool { (stored?.encoding ?? given?.text.encoding)?.ids == ids }

    /// Whether runs of a scenario can be had: all with weights, the recorded one without.
    package func canRun(_ scenario: Scenario) -> Bool {
        hasWeights || (stored?.scenario ?? given?.scenario) == scenario
    }

    /// Throws where there are no weights.
    /// - Parameter work: what needs them: "the logit lens reads them".
    package func requireWeights(for work: String) throws(ModelError) {
        if given != nil { throw .givenMaps(model: name, lacking: say("no model is there to be run")) }
        if !hasWeights { throw .noWeights(model: name, lacking: work) }
    }
}

extension Recorder {
    /// What a recording in files has of a run over inputs; nil for nothing.
    func recorded(of inputs: ModelInputs) -> Recordings? {
        if let given = model.given {
            let isOwn = scenario == given.scenario && inputs.ids == given.text.encoding.ids && !keepsStates
            return isOwn ? given.recordings : nil
        }
        guard !keepsStates, inputsOf == nil, sharedBelow == nil, let stored = model.stored,
            stored.scenario == scenario, stored.isOf(inputs),
            stored.recordings.main?.recordedHeads == nil
                || !model.hasWeights
        else { return nil }
        let kept = stored.recordings
        guard !kept.kinds.isEmpty, kept.isComplete || !model.hasWeights || model.goesOn(after: kept) else { return nil }
        return kept
    }
}

extension Recordings {
    /// Whether every kind has come to its last token.
    var isComplete: Bool { main.map { $0.isComplete } ?? false && (encoder?.isComplete ?? true) }
}

import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

extension Model {
    /// Files of a tokenizer that are copied beside a recording.
    static let tokenizerFiles = [
        "tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "tekken.json",
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
        "vocab.txt", "generation_config.json",
    ]

    /// The bytes of such a file; nil where the model has none, or where it is larger than any tokenizer.
    func tokenizerFile(_ name: String) -> [UInt8]? {
        guard case .folder? = (try? ModelFiles(path))?.kind,
            let data = try? RegularFile.map(path + "/" + name, sizeLimit: 64 << 20)
        else { return nil }
        return [UInt8](data)
    }

    /// What config.json says; of a GGUF file what it would say.
    func configurationText() throws(ModelError) -> [UInt8] {
        let files = try ModelFiles(path)
        switch files.kind {
        case .gguf(let checkpoint): return Array(checkpoint.configuration.lines.utf8)
        case .folder:
            do throws(FormatError) {
                return [UInt8](try RegularFile.map(path + "/config.json", sizeLimit: JSONDocument.sizeLimit))
            } catch { throw .format(error) }
        }
    }

    /// Tokens of what predicts: those of the decoder where it reads an encoder.
    func decoderTokens(_ inputs: ModelInputs) -> [Int32] {
        kinds.contains(.cross) ? inputs.decoderIDs ?? decoderIDs(after: inputs.ids) : inputs.ids
    }

    /// Whether scores are made with more of the weights than queries and keys.
    var hasLearnedScores: Bool { kinds.contains { $0 != .cross && !learnedScores($0).isEmpty } }

    /// The specs that make a scenario of the model's own configuration.
    func recordedSpecs(_ scenario: Scenario) -> [String] {
        let isOwn = scenario.position.identity == outline.position.identity
        return scenario.methods.dropFirst(isOwn ? 1 : 0).map(\.spec)
    }

    /// What recordings in files do not hold of a run; nil where it can be recorded.
    func obstacleToRecording(_ request: RecordingWriter.Request) -> String? {
        let (scenario, inputs) = (request.scenario, request.inputs)
        let layers = kinds.flatMap { traits.layers($0) }
        if layers.contains(where: { $0.mixer != nil }) {
            return say("it has layers with a state in place of attention")
        }
        if scenario.slotMemory != nil { return say("the scenario keeps slots of a compressed memory") }
        for selection in [scenario.stateSelection] + layers.map(\.selection) {
            guard let selection else { continue }
            if selection.readsAhead { return say("\(selection.spec) chooses keys in tables of the whole text") }
            if selection.countsCopies || selection.addsToScores {
                return say("\(selection.spec) adds to the scores of what it chooses")
            }
        }
        if inputs.present?.contains(false) == true { return say("the text has padding") }
        if !(inputs.globals ?? traits.standardGlobals?(inputs.ids) ?? []).isEmpty {
            return say("it has global tokens with projections of their own")
        }
        guard scenario.maskFiles.isEmpty, let again = try? parsed(recordedSpecs(scenario)), again == scenario else {
            return say("its methods cannot be written as specs alone, as a mask of a file cannot")
        }
        return nil
    }

    private func parsed(_ specs: [String]) throws(MethodError) -> Scenario {
        var methods: [any Method] = []
        for spec in specs { methods.append(try MethodSpec.parse(spec)) }
        if !methods.contains(where: { $0 is any PositionMethod }) { methods.append(outline.position) }
        return try Scenario(methods)
    }

    /// Whether a run goes on where a recording in files ends.
    func goesOn(after recordings: Recordings) -> Bool {
        // How many tokens each expert has had is not recorded.
        hasWeights && traits.experts == nil && recordings.main?.isRounded == false
    }
}

import RopewalkDocuments
import RopewalkFormats
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// A folder with a recording in place of a text, of a model, or of both.
extension TextOptions {
    /// The folder, where TEXT is one.
    var recording: String? { text.flatMap { Model.isRecording($0) ? $0 : nil } }

    /// The same where a recording is given as the model alone: its text is read then.
    func ofRecording(_ model: ModelOptions) throws -> TextOptions {
        guard text == nil, ids == nil, let name = model.model, Model.isRecording(name) else { return self }
        var options = self
        options.text = name
        return options
    }

    /// Whether the text is that of the model's recording: its folder is given, or no text at all.
    func isOwn(of model: Model) -> Bool { model.stored != nil && ids == nil && (text == nil || recording != nil) }

    /// The tokens of a recording with its text; nil where another text is asked for.
    func recorded(by model: Model) throws -> Document? {
        guard let stored = model.stored, isOwn(of: model) else { return nil }
        try checkWhole(stored)
        return try Document(recorded: stored, source: SourceText(contentsOf: stored.textPath), by: model)
    }

    /// The ids that a model reads: those that were recorded where the text is its recording's.
    func tokenIDs(of model: Model) throws -> [Int32] {
        if let document = try recorded(by: model) { return document.ids }
        return try tokenIDs(model.tokenizer, vocabulary: model.shape.vocabulary)
    }

    /// Methods with the sentences and paragraphs of the text, a recording's too.
    func boundToRecorded(_ scenario: Scenario, for model: Model) throws -> Scenario {
        guard !scenario.units.isEmpty, let document = try recorded(by: model) else {
            return try bound(scenario, for: model)
        }
        return scenario.over(document)
    }

    /// - Throws: where a part of the recording's text is asked for.
    func checkWhole(_ stored: StoredRecording) throws(CommandError) {
        if tokens != nil || from > 0 {
            throw .combination(
                say(
                    "a recording is of all \(stored.encoding.count.grouped) tokens of its text: leave --tokens and --from out"
                ))
        }
    }
}

extension Document {
    /// The tokens of a recording with its text.
    /// - Throws: where the text is another one than that which was recorded.
    init(recorded stored: StoredRecording, source: SourceText, by model: Model) throws {
        guard stored.isText(source.bytes) else {
            throw CommandError.content(
                file: stored.textPath, problem: say("is not the text that was recorded: its SHA-256 is another"))
        }
        self.init(text: source, encoding: stored.encoding, tokenizer: model.tokenizer)
    }
}

extension ModelOptions {
    /// The path of the model; a recording that is given in place of a text is one, where no other is named.
    func path(of text: TextOptions) throws -> String {
        if model == nil, let folder = text.recording { return folder }
        return try path()
    }

    /// The model, with a recording of it where that is given in place of a text.
    func load(for text: TextOptions, needsTokenizer: Bool = true) throws -> Model {
        let model = try Model.loaded(
            path(of: text), adapter: adapter, change: weightsLike, needsTokenizer: needsTokenizer)
        return try model.with(text)
    }
}

extension Model {
    /// The same model with the recording of it that is given in place of a text.
    func with(_ text: TextOptions) throws -> Model {
        guard let folder = text.recording, hasWeights else { return self }
        return try opening(recordingAt: folder)
    }
}

import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases
import RopewalkTokenizers

/// Weights and tokenizer of one model.
public struct Model: Sendable {
    /// Held once for all copies of a model: a copy of what it consists of is hundreds of references.
    private final class Parts: Sendable {
        let architecture: Architecture
        /// Of its files before they were read; nil where there are none.
        let stamps: ModelStamps?

        init(_ architecture: Architecture, stamps: ModelStamps? = nil) {
            self.architecture = architecture
            self.stamps = stamps
        }
    }

    package private(set) var outline: ModelOutline
    /// What cuts texts for it; nil only where it was loaded without need of one.
    public let tokenizer: Tokenizer?
    private let parts: Parts
    var architecture: Architecture { parts.architecture }
    var stamps: ModelStamps? { parts.stamps }
    /// Numbers of weights.
    public let parameters: Int
    /// What of its files nothing asked for.
    package let unread: UnreadParts
    /// The folder of the adapter that changes its weights; nil for none.
    package let adapterPath: String?
    /// What was done to the weights of its layers; nil for nothing.
    package let weightChange: WeightChange?
    /// A recording of it in files; nil where none is opened.
    package private(set) var stored: StoredRecording?
    /// Maps of weights that are all that is known of it; nil for a model.
    package private(set) var given: GivenAttention?

    /// Whether it can run: a recording is opened without weights.
    public var hasWeights: Bool { architecture.encoder != nil || architecture.decoder != nil }

    /// The folder's name.
    public var name: String { outline.name }
    /// As given.
    public var path: String { outline.path }
    package var traits: ModelTraits { outline.traits }
    /// The sizes of its main stack.
    public var shape: ModelShape { traits.shape }
    /// What the model's own configuration asks for.
    ///
    /// Without weights: what was recorded, which all that is shown stands on.
    package var defaultScenario: Scenario {
        if !hasWeights, let stored { return stored.scenario }
        if let given { return given.scenario }
        return Scenario(position: outline.position)
    }
    /// The kinds of attention that it has, the main one first.
    public var kinds: [AttentionKind] { traits.kinds }

    /// Loads a Hugging Face folder (config.json, tokenizer.json or tokenizer.model, safetensors) or a GGUF file.
    /// - Parameters:
    ///   - path: the folder or the file.
    ///   - needsTokenizer: whether a model without a tokenizer is an error.
    /// - Throws: what is missing or wrong, and in which file.
    public init(contentsOf path: String, needsTokenizer: Bool = true) throws(ModelError) {
        try self.init(contentsOf: path, adapter: nil, needsTokenizer: needsTokenizer)
    }

    /// Loads a model with what a LoRA adapter adds to its weights.
    /// - Parameters:
    ///   - path: the folder or the file of the model.
    ///   - folder: that of the adapter, as PEFT saves it; nil for none.
    ///   - needsTokenizer: whether a model without a tokenizer is an error.
    /// - Throws: what is missing or wrong, and in which file.
    public init(
        contentsOf path: String, adapter folder: String?, needsTokenizer: Bool = true
    ) throws(ModelError) {
        try self.init(contentsOf: path, adapter: folder, change: nil, needsTokenizer: needsTokenizer)
    }

    /// The same with something done to the weights of its layers, the adapter's part among them.
    package init(
        contentsOf path: String, adapter folder: String? = nil, change: WeightChange?, needsTokenizer: Bool = true
    ) throws(ModelError) {
        do { try BLAS.load() } catch { throw .kernels(error) }
        if Model.isRecording(path) {
            try self.init(recordingAt: path)
        } else {
            try self.init(weightsAt: path, adapter: folder, change: change, needsTokenizer: needsTokenizer)
        }
    }

    private init(
        weightsAt path: String, adapter folder: String?, change: WeightChange?, needsTokenizer: Bool
    ) throws(ModelError) {
        let stamps = ModelStamps(model: path, adapter: folder)
        // What is wrong with an adapter is said before the model is read.
        var adapter: Adapter?
        if let folder { adapter = try Adapter(folder: folder) }
        let files = try ModelFiles(path)
        var outline = try ModelOutline(files)
        if let adapter { outline.name += " + \(adapter.name)" }
        if let change { outline.name += " (\(change.spec))" }
        self.outline = outline
        adapterPath = folder
        weightChange = change
        let weights = Weights(try files.tensors(), adapter: adapter, change: change)
        parts = Parts(try outline.load(weights), stamps: stamps)
        try adapter?.checkUse(by: files.name)
        var unread = outline.unread
        unread.tensors = weights.unused()
        parameters = weights.parameters
        tokenizer = try files.tokenizer(isNeeded: needsTokenizer)
        unread.remarks += tokenizer?.remarks ?? []
        self.unread = unread
        // What another program cut off meanwhile was read as zeros.
        if let problem = MappedFile.problem { throw .format(problem) }
    }

    /// The model of a recording, without its weights.
    private init(recordingAt path: String) throws(ModelError) {
        let folder = RecordingFolder(path)
        let index = try RecordingIndex(folder)
        _ = try folder.file("config.json", key: "config.json")
        let files = try ModelFiles(path)
        // It comes from whoever wrote the recording: nothing in it shall do anything to a screen.
        let name = index.shownName
        outline = try ModelOutline(try files.configuration(), path: path, name: name)
        parts = Parts(Architecture())
        (parameters, adapterPath, weightChange) = (0, nil, nil)
        unread = UnreadParts()
        var needed = false
        if let file = Tokenizer.file(in: path) {
            _ = try folder.file(String(file.dropFirst(path.count + 1)), key: "tokenizer")
            needed = true
        }
        // Both take their time, and neither needs the other.
        let (traits, position) = (outline.traits, outline.position)
        let isNeeded = needed
        let halves = Workers(count: 2).map(2) { half -> RecordedHalf in
            guard half == 0 else {
                return .tokenizer(
                    Result { () throws(ModelError) -> Tokenizer? in
                        guard isNeeded else { return nil }
                        return try files.tokenizer(isNeeded: false)
                    })
            }
            return .recording(
                Result { () throws(ModelError) -> StoredRecording in
                    try StoredRecording(folder, index: index, traits: traits, name: name, position: position)
                })
        }
        var read: Tokenizer?
        for half in halves {
            switch half {
            case .recording(let recording): stored = try recording.get()
            case .tokenizer(let tokenizer): read = try tokenizer.get()
            }
        }
        tokenizer = read
        if index.precision != .single { outline.traits.precision = .half }
        if let problem = MappedFile.problem { throw .format(problem) }
    }

    /// What stands in place of a model where maps are all that is given.
    package init(_ given: GivenAttention) {
        outline = ModelOutline(given: given.traits, path: given.path, name: given.name)
        parts = Parts(Architecture())
        (parameters, adapterPath, weightChange, tokenizer) = (0, nil, nil, nil)
        var unread = UnreadParts()
        unread.remarks = given.notes
        self.unread = unread
        self.given = given
    }

    /// The same model with a recording of it, which is shown in place of a run.
    /// - Throws: why the recording is not of this model.
    package func opening(recordingAt path: String) throws(ModelError) -> Model {
        let folder = RecordingFolder(path)
        let recording = try StoredRecording(folder, traits: traits, name: name, position: outline.position)
        let own = WeightsMark(self).text
        guard recording.index.weights == nil || own == nil || recording.index.weights == own else {
            throw folder.problem(say("model: was recorded of other weights than those of \(name)"))
        }
        var model = self
        model.stored = recording
        return model
    }

    /// The same model, whose recordings keep queries, keys and values so exactly.
    package func recorded(in precision: RecordingPrecision) -> Model {
        // What is recorded already is as exact as it is.
        if !hasWeights { return self }
        var model = self
        model.outline.traits.precision = precision
        return model
    }

    /// Whether it makes logits of states.
    public var hasHead: Bool { architecture.head != nil }
    /// Whether it makes one vector of a whole text.
    package var hasPooler: Bool { architecture.pooler != nil }

    /// tanh(pooler · first state); nil where the model has none or nothing is recorded. [hidden]
    package func pooled(_ recording: Recording) -> [Float]? {
        guard let pooler = architecture.pooler, let state = recording.lastHidden(of: 0) else { return nil }
        return Likelihood.logits(hidden: state, output: pooler).map { tanhf($0) }
    }

    /// The probability of every token after a recorded last hidden state. [vocabulary]
    package func probabilities(after token: Int, in recording: Recording) -> [Float]? {
        logProbabilities(after: token, in: recording)?.map { expf($0) }
    }

    /// Their natural logarithms. [vocabulary]
    package func logProbabilities(after token: Int, in recording: Recording) -> [Float]? {
        guard let state = recording.lastHidden(of: token), let head = architecture.head else { return nil }
        return Likelihood.logProbabilities(hidden: head.prepare(state), output: head.weights, softcap: head.softcap)
    }

    /// The logits after a recorded last hidden state. [vocabulary]
    public func logits(after token: Int, in recording: Recording) -> [Float]? {
        guard let state = recording.lastHidden(of: token), let head = architecture.head else { return nil }
        return Likelihood.logits(hidden: head.prepare(state), output: head.weights, softcap: head.softcap)
    }

    /// The logits after some recorded last hidden states, made together; nil where the model makes none or one of the
    /// tokens is not recorded. [token, vocabulary]
    package func logits(after tokens: Range<Int>, in recording: Recording, workers: Workers) -> Matrix? {
        guard let head = architecture.head else { return nil }
        // Reversible blocks leave two streams side by side.
        let width = tokens.first.flatMap { recording.lastHidden(of: $0)?.count } ?? shape.hidden
        let states = Matrix(rows: max(1, tokens.count), columns: width)
        for (row, token) in tokens.enumerated() {
            guard let state = recording.lastHidden(of: token) else { return nil }
            states.setRow(row, to: state)
        }
        return Likelihood.logits(
            hidden: head.prepare(states, rows: tokens.count, workers: workers), rows: tokens.count,
            output: head.weights, softcap: head.softcap, workers: workers)
    }
}

/// What is read of a recording side by side.
private enum RecordedHalf: Sendable {
    case recording(Result<StoredRecording, ModelError>)
    case tokenizer(Result<Tokenizer?, ModelError>)
}

import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// Recordings in folders, sorted by what made them and held to be such that they can be compared.
struct ComparedRecordings {
    /// A recording of one text.
    struct Text {
        let folder: String
        let model: Model
        let recording: Recording

        /// What the run says of the token after each; NaN where it says nothing.
        var losses: [Float] { recording.negativeLogLikelihood }
    }

    /// What has read some texts: one model under one scenario.
    struct Reader {
        let model: String
        let scenario: Scenario
        /// How queries, keys and values are kept, where that is not exact.
        let precision: String?
        fileprivate let weights: String?
        fileprivate(set) var texts: [Text]

        fileprivate func isAlike(_ other: Reader) -> Bool {
            (model, weights, precision) == (other.model, other.weights, other.precision) && scenario == other.scenario
        }
    }

    /// In the order in which their first recording was named; the others are compared with the first.
    private(set) var readers: [Reader] = []

    /// - Throws: by its name, what is no recording, what holds nothing yet, what has other layers and heads than those before
    ///   it, what reads tokens that the first reader has not read, and what is there twice.
    init(_ folders: [String]) throws {
        for folder in folders {
            let text = try Self.open(folder)
            if let first = readers.first?.texts.first { try Self.check(text, beside: first) }
            try add(text)
        }
        guard let first = readers.first else {
            throw CommandError.combination(say("--recordings names folders: give one or more"))
        }
        for reader in readers.dropFirst() {
            for text in reader.texts where Self.partner(of: text, in: first) == nil {
                throw CommandError.combination(
                    say(
                        "\(text.folder) is of other tokens than the recordings of \(first.model) that it is compared with: record the same text with both"
                    ))
            }
        }
    }

    private static func open(_ folder: String) throws -> Text {
        guard Model.isRecording(folder) else {
            throw CommandError.combination(say("\(folder) is no recording: ropewalk record makes one"))
        }
        let model = try Model(contentsOf: folder, needsTokenizer: false)
        guard model.kinds.count == 1 else {
            throw CommandError.combination(
                say(
                    "\(model.name) has \(model.kinds.count) kinds of attention over two texts: this question is about models with one"
                ))
        }
        guard let recording = model.stored?.recordings.main else {
            throw CommandError.combination(say("\(folder): nothing is recorded yet"))
        }
        return Text(folder: folder, model: model, recording: recording)
    }

    private static func check(_ text: Text, beside first: Text) throws {
        let (own, other) = (text.recording, first.recording)
        guard (own.shape.layers, own.shape.heads) == (other.shape.layers, other.shape.heads) else {
            throw CommandError.combination(
                say(
                    "\(text.folder) has \(own.shape.layers) layers of \(own.shape.heads) heads, the recordings before it \(other.shape.layers) of \(other.shape.heads): give those of one model"
                ))
        }
        guard own.kind == other.kind else {
            throw CommandError.combination(
                say(
                    "\(text.folder) is of an \(own.kind.rawValue), \(first.folder) of an \(other.kind.rawValue): compare like with like"
                ))
        }
    }

    private mutating func add(_ text: Text) throws {
        guard let index = text.model.stored?.index else { return }
        let reader = Reader(
            model: text.model.name, scenario: text.recording.scenario,
            precision: index.precision == .single ? nil : index.precision.rawValue, weights: index.weights,
            texts: [text])
        guard let place = readers.firstIndex(where: { $0.isAlike(reader) }) else {
            readers.append(reader)
            return
        }
        if let twin = Self.partner(of: text, in: readers[place]) {
            throw CommandError.combination(
                say("\(twin.folder) and \(text.folder) hold the same text, read by the same model: leave one out"))
        }
        readers[place].texts.append(text)
    }

    /// The recording of the same tokens.
    static func partner(of text: Text, in reader: Reader) -> Text? {
        reader.texts.first { $0.recording.ids == text.recording.ids && $0.recording.keyIDs == text.recording.keyIDs }
    }
}

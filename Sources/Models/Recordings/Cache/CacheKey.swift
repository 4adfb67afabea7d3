import RopewalkFormats
import RopewalkMethods
import RopewalkTokenizers

/// A run whose recording is looked for in the cache, or kept there.
package struct CacheableRun: Sendable {
    package let model: Model
    package let scenario: Scenario
    /// The tokens that are read, in the text.
    package let encoding: Encoding
    package let text: [UInt8]
    /// What the text is called in the list.
    package let name: String

    package init(model: Model, scenario: Scenario, encoding: Encoding, text: [UInt8], name: String) {
        self.model = model
        self.scenario = scenario
        self.encoding = encoding
        self.text = text
        self.name = name
    }

    /// The same of the first tokens.
    package func prefix(tokens: Int) -> CacheableRun {
        CacheableRun(
            model: model, scenario: scenario, encoding: encoding.prefix(tokens), text: text, name: name)
    }

    package var inputs: ModelInputs { ModelInputs(ids: encoding.ids) }

    func request(writer: String) -> RecordingWriter.Request {
        RecordingWriter.Request(scenario: scenario, inputs: inputs, encoding: encoding, text: text, writer: writer)
    }

    /// Whether a recording in files has all that such a run leaves behind: then its answers are the run's.
    var isHeldByFiles: Bool {
        model.hasWeights && model.stored == nil && model.given == nil && model.traits.precision == .single
            // What routers chose is not in the files.
            && model.traits.experts == nil && !encoding.ids.isEmpty
            && model.obstacleToRecording(request(writer: "")) == nil
    }
}

/// What tells a run from every other: two with the same key give the same numbers, to the bit.
package struct CacheKey: Sendable, Equatable {
    /// All of it, for comparison.
    let text: String
    /// 64 digits, the name of its folder.
    package let id: String
    /// SHA-256 of the text.
    let textHash: String

    private static let version = 1

    /// - Parameter program: from `ProgramMark`
    /// - Returns: nil where something of the run cannot be told from another, or is not held by files.
    init?(_ run: CacheableRun, program: String) {
        let model = run.model
        guard run.isHeldByFiles, let stamps = model.stamps, stamps.areCertain, let weights = WeightsMark(model).text,
            stamps.areThoseOf(model: model.path, adapter: model.adapterPath)
        else { return nil }
        var hash = SHA256()
        hash.add(run.text)
        textHash = hash.hexadecimal()
        let lines = [
            "ropewalk recording cache \(Self.version)", "program \(program.debugDescription)",
            "format \(RecordingIndex.version) \(StoredPrecision.single.rawValue)",
            "model \(model.name.debugDescription) \(model.outline.family.debugDescription)", "files \(stamps.hash)",
            "weights \(weights)", "change \((model.weightChange?.spec ?? "").debugDescription)",
            "specs \(model.recordedSpecs(run.scenario).debugDescription)",
            "methods \(run.scenario.identities.debugDescription)", "text \(run.text.count) \(textHash)",
            "tokens \(run.encoding.count) \(Self.hash(run.encoding))",
        ]
        text = lines.joined(separator: "\n")
        var whole = SHA256()
        whole.add(text.utf8)
        id = whole.hexadecimal()
    }

    /// Of the tokens, and of the bytes that each covers.
    private static func hash(_ encoding: Encoding) -> String {
        var hash = SHA256()
        for list in [encoding.ids, encoding.byteStarts, encoding.byteEnds] {
            list.withUnsafeBytes { hash.add($0) }
        }
        return hash.hexadecimal()
    }
}

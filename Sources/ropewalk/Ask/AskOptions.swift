import ArgumentParser
import Foundation
import RopewalkApp
import RopewalkDocuments
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTokenizers

/// What every question takes: a text, a model, methods, and where the answer goes.
struct AskOptions: ParsableArguments {
    @OptionGroup var text: TextOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var recording: RecordingOptions
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var cache: CacheOptions

    @Option(
        help: ArgumentHelp(
            say("text, json, csv or npy (a structured array). Default: as the name of --out ends, else text."),
            valueName: "format"))
    var format: TableFormat?

    @Flag(help: .said("The same as --format json."))
    var json = false

    @Option(help: ArgumentHelp(say("The file to write. Default: standard output."), valueName: "file"))
    var out: String?

    /// The model and the text's tokens, before anything is run.
    /// - Parameters:
    ///   - needsStates: whether the question is about more than weights, so that given maps have no answer
    ///   - takesTwoTexts: whether it can be put to maps between two texts
    func open(needsStates: Bool = false, takesTwoTexts: Bool = false) throws -> Asked {
        if json, let format, format != .json {
            throw CommandError.combination(say("--json and --format \(format.rawValue) are both given: leave one out"))
        }
        if let maps = try attention.maps(text: self.text, model: self.model) {
            return try asked(maps, needsStates: needsStates, takesTwoTexts: takesTwoTexts)
        }
        let model = try model.load(for: text, needsTokenizer: text.ids == nil).recorded(in: recording.precision)
        let text = try text.ofRecording(self.model)
        let scenario = try scenario.scenario(for: model)
        try OutputFile.check(out, reads: text.files() + scenario.maskFiles, model: self.model)
        let vocabulary = model.shape.vocabulary
        let document: Document
        if let recorded = try text.recorded(by: model) {
            document = recorded
        } else if let tokenizer = model.tokenizer {
            document = try text.document(tokenizer, vocabulary: vocabulary)
        } else {
            let encoding = Encoding(ids: try text.tokenIDs(nil, vocabulary: vocabulary))
            document = Document(text: try SourceText("", name: "text"), encoding: encoding, tokenizer: nil)
        }
        guard document.tokenCount > 0 else { throw CommandError.emptyText(document.text.name) }
        return Asked(
            model: model, scenario: scenario.over(document), document: document, threads: self.model.threadCount,
            cache: try cache.open(settings: Settings.storedCache()))
    }

    /// Questions about maps that are given.
    private func asked(_ maps: GivenAttention, needsStates: Bool, takesTwoTexts: Bool) throws -> Asked {
        let model = Model(maps)
        if needsStates {
            throw ModelError.givenMaps(
                model: model.name, lacking: say("this question is about queries, keys, values, states or losses"))
        }
        guard recording.precision == .single else {
            throw CommandError.combination(say("--recording is about runs, and --attention is none: leave it out"))
        }
        guard maps.keyText == nil || takesTwoTexts else {
            throw CommandError.combination(
                say("\(maps.name) has maps between two texts: ask keys and ask readers answer questions about them"))
        }
        let scenario = try scenario.scenario(for: model)
        try OutputFile.check(out, reads: attention.files + scenario.maskFiles)
        model.sayUnread()
        let document = try maps.text.document(name: maps.name)
        guard document.tokenCount > 0 else { throw CommandError.emptyText(document.text.name) }
        return Asked(
            model: model, scenario: scenario.over(document), document: document, threads: self.model.threadCount,
            keyDocument: try maps.keyText?.document(name: maps.name))
    }

    /// What is shown where answers are not exact ones of a run; nil where they are.
    private var nature: String? {
        guard attention.attention == nil else {
            return scenario.methods.isEmpty ? "given maps" : "preview of given maps"
        }
        return recording.precision == .half ? "f16" : nil
    }

    /// Beside an answer of an f16 recording or of given maps stands what it is; of the former a line on standard error says it.
    func write(_ table: AnswerTable) throws {
        guard let nature else { return try write(table.bytes) }
        let name = Array(repeating: nature, count: table.rowCount)
        try write(AnswerTable(table.columns + [.init("recording", .words(name))]).bytes)
    }

    func write(_ answer: (TableFormat) -> [UInt8]) throws {
        if recording.precision == .half {
            StandardError.write(say("f16 recording: what is made of queries, keys and values is near the exact value"))
        }
        let format =
            format ?? (json ? .json : nil) ?? out.flatMap {
                TableFormat(rawValue: URL(fileURLWithPath: $0).pathExtension)
            } ?? .text
        let bytes = answer(format)
        if let out { return try ExportFile.write(to: out) { sink throws(ExportError) in try sink.append(bytes) } }
        guard format == .npy else { return try StandardOutput.write(String(decoding: bytes, as: UTF8.self)) }
        if StandardOutput.isTerminal { throw CommandError.binaryToTerminal(format.rawValue) }
        try StandardOutput.write(bytes)
    }
}

/// What a question is put to.
struct Asked {
    let model: Model
    let scenario: Scenario
    let document: Document
    let threads: Int
    /// Of the keys of maps between two texts; nil elsewhere.
    var keyDocument: Document?
    /// Where what is recorded is looked for first; nil for nowhere.
    var cache: RecordingCache?

    /// The same about the text of the keys.
    var ofKeys: Asked {
        Asked(model: model, scenario: scenario, document: keyDocument ?? document, threads: threads)
    }

    /// Runs the model over the text.
    func lens() throws(ModelError) -> Lens {
        guard model.canRun(scenario) else { return try preview() }
        return Lens(recording: try recording(), threads: threads)
    }

    /// From the cache, else of a run, which is kept there.
    private func recording() throws(ModelError) -> Recording {
        let run = Run(model: model, scenario: scenario, threads: threads)
        let cacheable = CacheableRun(
            model: model, scenario: scenario, encoding: document.encoding, text: document.text.bytes,
            name: document.text.name)
        guard let cache, let key = cache.key(of: cacheable) else { return try run.record(document.ids) }
        if let found = cache.find(key, of: cacheable)?.main {
            StandardError.write(say("recorded \(found.recorded ?? "-"), from the cache: nothing was run"))
            return found
        }
        let recordings = try run.record(cacheable.inputs)
        do throws(ModelError) { try cache.keep(recordings, of: cacheable, as: key) } catch {
            if error != .cancelled { StandardError.write(say("what was read is not kept: \(error.description)")) }
        }
        guard let main = recordings.main else { throw .noTokens }
        return main
    }

    /// Other methods on what was recorded: without weights nothing else is to be had.
    private func preview() throws(ModelError) -> Lens {
        let own = try Run(model: model, scenario: model.defaultScenario, threads: threads).record(document.ids)
        if model.given != nil {
            StandardError.write(say("a preview: the methods on the weights that are given, which share what is left"))
            return try Lens(own, threads: threads).preview(scenario)
        }
        StandardError.write(
            say("a preview: the methods on the states that were recorded, as \(model.name) is here without weights"))
        return try Lens(own, threads: threads).preview(scenario)
    }

    /// - Throws: where the text has no such token.
    func check(_ option: String, _ token: Int) throws(CommandError) {
        let count = document.tokenCount
        guard !(0..<count).contains(token) else { return }
        throw .outOfRange(
            option: option, value: "\(token)", takes: say("a token of the text, 0 to \((count - 1).grouped)"))
    }
}

extension TableFormat: ExpressibleByArgument {}

import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkExport
import RopewalkKernels
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTokenizers

/// What the options give the interactive program and `render` to work with, checked before any work.
struct Inputs {
    private(set) var program: ProgramInputs
    let scenario: Scenario
    private let tokenLimit: Int?
    /// The first token that is read.
    private let from: Int
    private let hasBeside: Bool

    /// - Parameters:
    ///   - others: more texts, which wait for their turn
    ///   - attention: weights that are given in place of text and model
    init(
        text: TextOptions, others: [String], model: ModelOptions, scenario: ScenarioOptions, beside: BesideOptions,
        recording: RecordingPrecision, attention: AttentionOptions
    ) throws {
        guard let maps = try attention.maps(text: text, model: model) else {
            try self.init(
                text: text, others: others, model: model, scenario: scenario, beside: beside, recording: recording)
            return
        }
        guard others.isEmpty, beside.beside == nil, !beside.besideBase, recording == .single else {
            throw CommandError.combination(
                say("--attention is opened by itself: leave out further texts, --beside and --recording"))
        }
        try self.init(maps, files: attention.files, scenario: scenario, threads: model.threadCount)
    }

    /// Maps that are given, with their tokens.
    private init(_ maps: GivenAttention, files: [String], scenario: ScenarioOptions, threads: Int) throws {
        guard maps.keyText == nil else {
            throw CommandError.combination(
                say(
                    "\(maps.name) has maps between two texts, which the screen does not show: ropewalk ask keys and ask readers answer questions about them"
                ))
        }
        hasBeside = false
        self.scenario = try Scenario(parsing: scenario.methods, loader: MaskFile.loader)
        (tokenLimit, from) = (nil, 0)
        let (model, bytes) = (Model(maps), maps.text.bytes)
        try model.check(self.scenario, tokens: maps.text.encoding.count)
        var program = ProgramInputs(
            loadText: { try SourceText(bytes, name: maps.name) }, loadModel: { model },
            tokenise: { source, _ in
                guard source.bytes == bytes else {
                    throw CommandError.combination(
                        say("given maps are of their own text alone: nothing reads another one"))
                }
                return try maps.text.document(name: maps.name)
            }, maskFiles: Self.maskFiles, threads: threads)
        program.listModels = { ModelName.summaries() }
        program.openModel = { try Model(contentsOf: $0) }
        program.save = { try SavedFile.write($0, reads: files) }
        (program.name, program.modelName) = (maps.name, maps.name)
        self.program = program
    }

    private static let maskFiles = MaskFiles(
        loader: MaskFile.loader, stamp: { path in MaskFile.stamp(path).map { "\($0)" } },
        bytes: { MaskFile.byteCount($0) }, list: { MaskFile.paths(beginningWith: $0) },
        failure: { MaskFile.failure(of: $0) })

    /// - Parameter others: more texts, which wait for their turn
    init(
        text: TextOptions, others: [String], model: ModelOptions, scenario: ScenarioOptions, beside: BesideOptions,
        recording: RecordingPrecision
    ) throws {
        let other = try beside.path(model)
        hasBeside = other != nil
        let text = try text.ofRecording(model)
        self.scenario = try Scenario(parsing: scenario.methods, loader: MaskFile.loader)
        tokenLimit = text.tokens
        from = text.from
        if from > 0, other != nil, !beside.besideBase {
            throw CommandError.combination(
                say("--from counts tokens of one model, and --beside reads with another: leave one of them out"))
        }
        let path = try model.path(of: text)
        // What is missing is told before the screen is taken over.
        try Model.requireFiles(at: path)
        if let other { try Model.requireFiles(at: other) }
        let (adapter, change) = (model.adapter, model.weightsLike)
        if let adapter { try Self.requireReadable(adapter + "/adapter_config.json") }
        if let file = text.ids ?? text.text, file != "-" { try Self.requireReadable(file) }
        var program = ProgramInputs(
            loadText: { try text.readable(modelPath: path) },
            loadModel: {
                try Model(contentsOf: path, adapter: adapter, change: change, needsTokenizer: text.ids == nil)
                    .with(text).recorded(in: recording)
            },
            tokenise: { source, model in
                if text.ids != nil {
                    let document = try text.withStart(text.documentOfIDs(model.tokenizer))
                    try model.checkVocabulary(Array(document.ids.dropFirst(text.from).prefix(text.tokens ?? .max)))
                    return document
                }
                // A text that was changed is another one.
                if let stored = model.stored, text.isOwn(of: model), source.bytes.count == stored.index.textBytes {
                    try text.checkWhole(stored)
                    return try Document(recorded: stored, source: source, by: model)
                }
                guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
                return try text.withStart(Document(text: source, tokenizer: text.reading(tokenizer)))
            },
            maskFiles: Self.maskFiles,
            threads: model.threadCount)
        program.listModels = { ModelName.summaries() }
        program.longTextReference = { try SamplesFolder.reference() }
        program.benchmarkFiles = { SamplesFolder.benchmarks }
        let needsTokenizer = text.ids == nil
        program.openModel = { try Model(contentsOf: $0, needsTokenizer: needsTokenizer).recorded(in: recording) }
        if let other {
            let isBase = beside.besideBase
            program.besideHasSameTokens = isBase
            program.loadBeside = { try Model(contentsOf: other, needsTokenizer: !isBase).recorded(in: recording) }
        }
        let reads = try text.files()
        program.save = { try SavedFile.write($0, reads: reads, model: model) }
        program.name = text.shownName
        program.modelName = path.split(separator: "/").last.map(String.init) ?? path
        (program.modelPath, program.adapterPath, program.weightChange) = (path, adapter, change)
        if let file = try text.textFile() { program.textFile = Self.file(file) }
        program.idsFile = text.ids
        program.takesSpecialAsText = text.special == .text
        program.others = try others.map { try Self.other($0, text: text, program) }
        self.program = program
    }

    /// Another text with the same models.
    private static func other(_ file: String, text: TextOptions, _ first: ProgramInputs) throws -> ProgramInputs {
        if file == "-" { throw CommandError.combination(say("standard input is one text: give - as the first")) }
        try requireReadable(file)
        var program = first
        program.loadText = { try SourceText(contentsOf: file) }
        program.name = file.split(separator: "/").last.map(String.init) ?? file
        (program.textFile, program.idsFile) = (Self.file(file), nil)
        program.tokenise = { source, model in
            guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
            return try Document(text: source, tokenizer: text.reading(tokenizer))
        }
        return program
    }

    private static func file(_ path: String) -> TextFile {
        TextFile(path: path) { MaskFile.stamp(path).map { "\($0)" } }
    }

    private static func requireReadable(_ path: String) throws {
        guard access(path, R_OK) != 0 else { return }
        throw CommandError.unreadable(file: path, reason: String(cString: strerror(errno)))
    }

    /// The same for a reader who goes on; a text that lies in no file comes from the session itself.
    mutating func goOn(_ start: SessionStart, place: Int, others: [ProgramInputs]) {
        (program.start, program.place, program.others) = (start, place, others)
        guard let content = start.text.text.content else { return }
        let name = start.text.text.name ?? "text"
        program.loadText = { try SourceText(content, name: name) }
        (program.name, program.textFile) = (name, nil)
    }

    /// The same with a cache of what is read; nil for none.
    mutating func keep(in cache: RecordingCache?) {
        program.cache = cache
        for index in program.others.indices { program.others[index].cache = cache }
    }

    /// The same at the places where the texts were left.
    mutating func goOn(at places: LastPlaces) {
        program = Self.going(program, to: places)
        program.others = program.others.map { Self.going($0, to: places) }
    }

    private static func going(_ inputs: ProgramInputs, to places: LastPlaces) -> ProgramInputs {
        guard let place = inputs.textFile.flatMap({ places.place(ofFile: $0.path) }) else { return inputs }
        var (inputs, text) = (inputs, SavedText())
        text.cursor = place
        inputs.start = SessionStart(text, origin: .lastPlace)
        return inputs
    }

    func state(size: Size, depth: ColourDepth, ground: Ground = .dark, theme: ThemeChoice = .auto) -> AppState {
        if let start = program.start, start.origin != .lastPlace {
            var state = AppState(size: size, depth: depth, ground: ground, goingOn: start)
            state.appearance.theme = theme
            return state
        }
        var state = AppState(
            size: size, depth: depth, ground: ground, scenario: scenario, tokenLimit: tokenLimit)
        state.appearance.theme = theme
        state.sources.from = from
        if hasBeside { state.second = SecondModel() }
        state.returning = program.start
        return state
    }
}

extension TextOptions {
    /// The text; with `--ids` what the tokens say, or their numbers where nobody knows.
    fileprivate func readable(modelPath: String) throws -> SourceText {
        guard ids != nil else { return try source() }
        return try documentOfIDs(Model.tokenizerIfThere(at: modelPath)).text
    }

    /// The tokens of `--ids` with the text that they spell.
    fileprivate func documentOfIDs(_ tokenizer: Tokenizer?) throws -> Document {
        try Document(ids: tokenIDs(nil), tokenizer: tokenizer)
    }
}

import ArgumentParser
import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkKernels
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// Measures what the program promises, in one run on one machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: say("Measures start, runs over a text, frames and memory, beside the machine's sgemm peak."))

    @Argument(
        help: .said(
            """
            A file of UTF-8 text, long enough for --tokens; or the folder of a recording: then how fast it opens. Default: the \
            bundled moby-dick.txt.
            """))
    var text: String?

    @OptionGroup var model: ModelOptions

    @Option(
        help: ArgumentHelp(
            say(
                """
                Lengths of the runs, joined by commas; frames are drawn over the last. Default: 8192,32768; with --peers \
                2048,8192.
                """), valueName: "n,n"),
        transform: BenchCommand.lengths)
    var tokens: [Int]?

    @Option(help: ArgumentHelp(say("Columns x rows of the frames."), valueName: "size"))
    var size = "120x40"

    @Flag(
        name: .customLong("questions"),
        help: .said("Measure the runs and the questions alone, neither start nor frames."))
    var isAboutQuestions = false

    @Flag(help: .said("Print JSON."))
    var json = false

    @Option(
        help: ArgumentHelp(
            say(
                "Play random events for so long instead, and shorten a list that ends the program or breaks its rules."),
            valueName: "minutes"))
    var soak: Double?

    @Option(
        help: ArgumentHelp(
            say("Where the random events of --soak begin; one is chosen where none is given."), valueName: "n"))
    var seed: UInt64?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(say("Further models that --soak opens and closes."), valueName: "path"))
    var also: [String] = []

    @Option(help: .private)
    var soakPlay: String?

    @Option(help: .private)
    var soakProgram: String?

    @OptionGroup var peers: PeerOptions
    @OptionGroup var language: LanguageOption

    func run() throws {
        if peers.isWorker { return try PeerWorker().serve() }
        if peers.isAsked { return try measurePeers() }
        if soak != nil || soakPlay != nil { return try playEvents() }
        let size = try KeyScript.size(size)
        if let text, Model.isRecording(text) {
            let opening = try OpeningBench.measure(folder: text, size: size)
            return try StandardOutput.write(json ? opening.json() : opening.text)
        }
        let path = try text ?? SamplesFolder.text("moby-dick.txt")
        let workers = Workers(count: model.threadCount)
        let load = ProcessFigures.loadAverage
        let start = isAboutQuestions ? nil : try measureStart(path: path, size: size)
        let loaded = try model.load()
        guard let tokenizer = loaded.tokenizer else { throw CommandError.noTokenizer(loaded.path) }
        let source = try SourceText(contentsOf: path)
        let clock = ContinuousClock()
        let tokenising = clock.now
        let document = try Document(text: source, tokenizer: tokenizer)
        let tokenised = (clock.now - tokenising) / .seconds(1)

        var runs: [RunBench] = []
        var last: Recording?
        for length in tokens ?? [8192, 32_768] {
            guard length <= document.tokenCount else { throw CommandError.tooShort(path, document.tokenCount, length) }
            last = nil
            let (bench, recording) = try RunBench.measure(
                loaded, ids: Array(document.ids.prefix(length)), workers: workers)
            runs.append(bench)
            last = recording
        }
        guard let recording = last else { return }
        let frames =
            isAboutQuestions
            ? []
            : try MainActor.assumeIsolated {
                try FrameBench.measure(
                    document: document.prefix(tokens: recording.ids.count), model: loaded, recording: recording,
                    size: size)
            }
        let questions = try QuestionBench.measure(
            ready: FrameBench.prepared(
                document: document.prefix(tokens: recording.ids.count), model: loaded, recording: recording, size: size,
                scenario: loaded.defaultScenario))
        let report = BenchReport(
            processors: workers.count, instructionSet: InstructionSet.name, blasCore: BLAS.coreName ?? "none",
            loadAverage: load, start: start,
            tokeniserMegabytesPerSecond: Double(source.bytes.count) / 1e6 / tokenised, runs: runs, frames: frames,
            questions: questions,
            frameSize: "\(size.width)x\(size.height)", frameTokens: recording.ids.count)
        try StandardOutput.write(json ? report.json() : report.text)
    }

    private func measurePeers() throws {
        guard model.adapter == nil, model.weightsLike == nil, soak == nil, !isAboutQuestions else {
            throw CommandError.combination(
                say(
                    """
                    --peers runs models as their files have them, and nothing else: leave --adapter, --weights-like, --soak \
                    and --questions out
                    """))
        }
        let lengths = tokens ?? [2048, 8192]
        let (path, modelPath) = (try text ?? SamplesFolder.text("moby-dick.txt"), try model.path())
        let document = try tokenised(path, modelPath)
        for length in lengths where length > document.tokenCount {
            throw CommandError.tooShort(path, document.tokenCount, length)
        }
        let bench = PeerBench(
            model: modelPath, ids: Array(document.ids.prefix(lengths.max() ?? 0)), lengths: lengths,
            threads: Workers(count: model.threadCount).count, options: peers)
        let report = try bench.report()
        try StandardOutput.write(json ? JSONText.encode(report) : report.text)
    }

    /// The model is let go of: each side has it in a process of its own.
    private func tokenised(_ path: String, _ modelPath: String) throws -> Document {
        let loaded = try model.load()
        try loaded.checkPredictsNext()
        guard let tokenizer = loaded.tokenizer else { throw CommandError.noTokenizer(modelPath) }
        return try Document(text: SourceText(contentsOf: path), tokenizer: tokenizer)
    }

    private func measureStart(path: String, size: Size) throws -> StartBench {
        let (modelPath, adapter, change) = (try model.path(), model.adapter, model.weightsLike)
        return try StartBench.measure(path: path, modelPath: modelPath, size: size) {
            try Model(contentsOf: modelPath, adapter: adapter, change: change)
        }
    }

    private func playEvents() throws {
        guard model.adapter == nil, model.weightsLike == nil else {
            throw CommandError.combination(
                say("--soak opens models as their files have them: leave --adapter and --weights-like out"))
        }
        let seed = seed ?? UInt64(UInt32.random(in: 0 ... .max))
        let models = [try model.path()] + also
        let texts =
            try text.map { [$0] } ?? ["alice.txt", "lunyu.txt", "moby-dick.txt"].map { try SamplesFolder.text($0) }
        guard let list = soakPlay else {
            let threads = model.threads.map { ["--threads", "\($0)"] } ?? []
            let given = (text.map { [$0] } ?? []) + ["--model", models[0]] + also.flatMap { ["--also", $0] } + threads
            let soak = Soak(
                seed: seed, minutes: soak ?? 0, arguments: given,
                opening: ["open", texts[0], "--model", models[0], "--tokens", "\(SoakSubjects.tokens)"] + threads,
                substitute: soakProgram)
            guard try soak.run() else { throw ExitCode(1) }
            return
        }
        let numbers = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").compactMap { Int($0) }
        var play = SoakPlay(
            events: SoakEvents(seed: seed),
            subjects: SoakSubjects(models: models, texts: texts, threads: model.threadCount))
        guard let fault = play.play(numbers) else {
            return try StandardOutput.write(play.memory.map { "\($0) " }.joined() + "\n")
        }
        try StandardOutput.write(fault + "\n")
        throw ExitCode(1)
    }

    private static func lengths(_ text: String) throws -> [Int] {
        let parser = WholeNumber.parser(64...4_194_304)
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { try parser(String($0)) }
    }
}

import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases

/// How long it takes to open a recording, and what of it is in memory then.
struct OpeningBench: Codable {
    let tokens: Int
    /// From the start of a process to its end where it has nothing to do: loading the program and its libraries.
    let processMilliseconds: Double
    /// From the first line of the program to a frame with the text on it.
    let textMilliseconds: Double
    /// The same to a frame with attention.
    let attentionMilliseconds: Double
    /// The longest that a key waited for what frames leave to be done behind them, and when all of it was done.
    let stepMilliseconds: Double
    let settledMilliseconds: Double
    /// The longest frame.
    let frameMilliseconds: Double
    /// Resident when the first recording is open, of which in files; and when everything on the screen is there. Units of
    /// 1,000,000 bytes.
    let attentionMegabytes: Resident
    let settledMegabytes: Resident

    /// Memory of this process.
    struct Resident: Codable {
        let all: Double
        let ofFiles: Double

        /// What the system says now; zeros where it does not.
        init() {
            let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
            let pages = text.split(separator: " ").compactMap { Double($0) }
            let page = Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
            all = pages.count > 2 ? pages[1] * page : 0
            ofFiles = pages.count > 2 ? pages[2] * page : 0
        }

        fileprivate var text: String { say("\(Int(all)) MB (\(Int(ofFiles)) of files)") }
    }

    /// What one opening came to, milliseconds.
    private struct Round {
        var tokens = 0
        var text = 0.0
        var attention = 0.0
        var settled = 0.0
        var longestStep = 0.0
        var longestFrame = 0.0
        var open = Resident()
        var end = Resident()
    }

    /// Opens a folder several times; memory is that of the first time.
    static func measure(folder: String, size: Size) throws -> OpeningBench {
        let process = try StartBench.processMilliseconds()
        let path = try StoredRecording.textPath(in: folder)
        let rounds = try (0..<5).map { _ in try open(folder, text: path, size: size) }
        let first = rounds[0]
        return OpeningBench(
            tokens: first.tokens, processMilliseconds: process, textMilliseconds: rounds.map(\.text).median,
            attentionMilliseconds: rounds.map(\.attention).median,
            stepMilliseconds: rounds.map(\.longestStep).median, settledMilliseconds: rounds.map(\.settled).median,
            frameMilliseconds: rounds.map(\.longestFrame).median, attentionMegabytes: first.open,
            settledMegabytes: first.end)
    }

    /// Opens it as the interactive program does, and goes on until nothing on the screen is left out.
    private static func open(_ folder: String, text path: String, size: Size) throws -> Round {
        let clock = ContinuousClock()
        let start = clock.now
        func milliseconds(since begin: ContinuousClock.Instant) -> Double { (clock.now - begin) / .milliseconds(1) }
        let arrived = DispatchSemaphore(value: 0)
        let inputs = ProgramInputs(
            loadText: { try SourceText(contentsOf: path) }, loadModel: { try Model(contentsOf: folder) },
            tokenise: { source, model in
                guard let stored = model.stored else { throw CommandError.noTokenizer(folder) }
                return try Document(recorded: stored, source: source, by: model)
            })
        var app = AppLoop(state: AppState(size: size), inputs: inputs) { arrived.signal() }
        defer { app.stop() }
        var round = Round()
        func draw() {
            let begin = clock.now
            _ = app.frame()
            round.longestFrame = max(round.longestFrame, milliseconds(since: begin))
        }
        draw()
        while app.state.runs.kept.plain == nil {
            let sources = app.state.sources
            let failures = [
                sources.text.failure, sources.model.failure, sources.document.failure, app.state.runs.failure,
            ]
            if let failure = failures.compactMap({ $0 }).first { throw CommandError.combination(failure) }
            arrived.wait()
            guard app.drainMessages().isChanged else { continue }
            draw()
            if round.text == 0, app.state.sources.text.value != nil { round.text = milliseconds(since: start) }
        }
        round.attention = milliseconds(since: start)
        round.tokens = app.state.runs.kept.plain?.main?.tokens ?? 0
        round.open = Resident()
        while app.isUnsettled {
            let begin = clock.now
            let isChanged = app.settle()
            round.longestStep = max(round.longestStep, milliseconds(since: begin))
            if isChanged { draw() }
        }
        round.settled = milliseconds(since: start)
        round.end = Resident()
        return round
    }

    var text: String {
        func fixed(_ value: Double) -> String { String(format: "%.1f", value) }
        let (process, text) = (fixed(processMilliseconds), fixed(textMilliseconds))
        let (attention, settled) = (fixed(attentionMilliseconds), fixed(settledMilliseconds))
        let (frame, step) = (fixed(frameMilliseconds), fixed(stepMilliseconds))
        return [
            say("a recording of \(tokens.grouped) tokens"),
            say("start    \(process) ms to load the program, \(text) ms to the text on the screen"),
            say("attention  after \(attention) ms, \(attentionMegabytes.text) in memory"),
            say("all panels  after \(settled) ms, \(settledMegabytes.text) in memory"),
            say("longest  frame \(frame) ms, step behind the frames \(step) ms"),
        ].joined(separator: "\n") + "\n"
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

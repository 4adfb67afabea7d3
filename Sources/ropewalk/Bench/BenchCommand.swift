import ArgumentParser
import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// Measures what the program promises, in one run on one machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures start, runs over a text, frames and memory, beside the machine's sgemm peak.")

    @Argument(help: "A file of UTF-8 text, long enough for --tokens. Default: the bundled moby-dick.txt.")
    var text: String?

    @OptionGroup var model: ModelOptions

    @Option(
        help: ArgumentHelp("Lengths of the runs, joined by commas; frames are drawn over the last.", valueName: "n,n"),
        transform: BenchCommand.lengths)
    var tokens = [8192, 32_768]

    @Option(help: ArgumentHelp("Columns x rows of the frames.", valueName: "size"))
    var size = "120x40"

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let size = try KeyScript.size(size)
        let path = try text ?? SamplesFolder.text("moby-dick.txt")
        let workers = Workers(count: model.threadCount)
        let start = try StartBench.measure(path: path, modelPath: model.path(), size: size)
        let loaded = try model.load()
        guard let tokenizer = loaded.tokenizer else { throw CommandError.noTokenizer(loaded.path) }
        let source = try SourceText(contentsOf: path)
        let clock = ContinuousClock()
        let tokenising = clock.now
        let document = try Document(text: source, tokenizer: tokenizer)
        let tokenised = (clock.now - tokenising) / .seconds(1)

        var runs: [RunBench] = []
        var last: Recording?
        for length in tokens {
            guard length <= document.tokenCount else { throw CommandError.tooShort(path, document.tokenCount, length) }
            last = nil
            let (bench, recording) = try RunBench.measure(
                loaded, ids: Array(document.ids.prefix(length)), workers: workers)
            runs.append(bench)
            last = recording
        }
        guard let recording = last else { return }
        let frames = try MainActor.assumeIsolated {
            try FrameBench.measure(
                document: document.prefix(tokens: recording.ids.count), model: loaded, recording: recording, size: size)
        }
        let report = BenchReport(
            processors: workers.count, instructionSet: InstructionSet.name, blasCore: BLAS.coreName ?? "none",
            start: start,
            tokeniserMegabytesPerSecond: Double(source.bytes.count) / 1e6 / tokenised, runs: runs, frames: frames,
            frameSize: "\(size.width)x\(size.height)", frameTokens: recording.ids.count)
        try StandardOutput.write(json ? report.json() : report.text)
    }

    private static func lengths(_ text: String) throws -> [Int] {
        let parser = WholeNumber.parser(64...4_194_304)
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { try parser(String($0)) }
    }
}

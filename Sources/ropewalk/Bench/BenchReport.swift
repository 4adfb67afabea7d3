import Foundation
import RopewalkMethods

/// Everything that `bench` measures.
struct BenchReport: Codable {
    let processors: Int
    let instructionSet: String
    let blasCore: String
    /// Of the last minute, before anything was measured; nil where the system does not say.
    let loadAverage: Double?
    /// Nil where questions alone were measured.
    let start: StartBench?
    let tokeniserMegabytesPerSecond: Double
    let runs: [RunBench]
    let frames: [FrameBench]
    let questions: [QuestionBench]
    let frameSize: String
    let frameTokens: Int

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    var text: String {
        let load = loadAverage.map { ", load average " + String(format: "%.2f", $0) } ?? ""
        let all: [String?] = [
            "\(processors) processors, loops for \(instructionSet), OpenBLAS kernels \(blasCore)\(load)\n",
            start.map {
                "start    \(Self.fixed($0.processMilliseconds)) ms to load the program, "
                    + "\(Self.fixed($0.textMilliseconds)) ms to the text on the screen\n"
            },
            "tokens   \(Self.fixed(tokeniserMegabytesPerSecond)) MB/s\n",
            runTable,
            frames.isEmpty
                ? nil
                : "frames   \(frameSize) over \(frameTokens.grouped) tokens, keypress to the last byte sent\n"
                    + frameTable,
            "questions  \(frameSize) over \(frameTokens.grouped) tokens, near the end\n" + questionTable,
        ]
        return all.compactMap { $0 }.joined(separator: "\n")
    }

    private var runTable: String {
        AlignedTable(
            header: [
                "run", "seconds", "GFLOP", "GFLOP/s", "sgemm peak", "share %", "typical", "share %", "busy", "first ms",
                "peak MB",
            ],
            rows: runs.map { run in
                [run.tokens.grouped]
                    + [
                        run.seconds, run.gigaflop, run.gigaflopPerSecond, run.peakGigaflopPerSecond, run.share * 100,
                        run.typicalGigaflopPerSecond, run.shareOfTypical * 100, run.busyProcessors,
                        run.firstChunkMilliseconds, run.peakMegabytes,
                    ].map { Self.fixed($0) }
            }, sides: Array(repeating: .right, count: 11)
        ).text
    }

    private var frameTable: String {
        AlignedTable(
            header: ["view", "frames", "median ms", "p99 ms", "worst ms", "after", "median bytes", "largest"],
            rows: frames.map { frame in
                [frame.view, String(frame.frames)]
                    + [frame.medianMilliseconds, frame.p99Milliseconds, frame.worstMilliseconds].map { Self.fixed($0) }
                    + [frame.worstKey, Int(frame.medianBytes).grouped, Int(frame.largestBytes).grouped]
            }, sides: [.left, .right, .right, .right, .right, .left, .right, .right]
        ).text
    }

    private var questionTable: String {
        AlignedTable(
            header: ["question", "median frame ms", "worst", "longest step ms", "complete after s"],
            rows: questions.map { question in
                [
                    question.question, Self.fixed(question.medianFrameMilliseconds),
                    Self.fixed(question.worstFrameMilliseconds), Self.fixed(question.stepMilliseconds),
                    question.seconds.map { String(format: "%.2f", $0) }
                        ?? "over \(Int(QuestionBench.patience / .seconds(1)))",
                ]
            }, sides: [.left, .right, .right, .right, .right]
        ).text
    }

    /// One digit after the point.
    private static func fixed(_ value: Double) -> String { String(format: "%.1f", value) }
}

import Foundation
import RopewalkMethods
import RopewalkPhrases

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
        let load = loadAverage.map { say(", load average \(String(format: "%.2f", $0))") } ?? ""
        let place = say("\(frameSize) over \(frameTokens.grouped) tokens")
        let all: [String?] = [
            say("\(processors) processors, loops for \(instructionSet), OpenBLAS kernels \(blasCore)\(load)") + "\n",
            start.map {
                let (program, text) = (Self.fixed($0.processMilliseconds), Self.fixed($0.textMilliseconds))
                return say("start    \(program) ms to load the program, \(text) ms to the text on the screen") + "\n"
            },
            say("tokens   \(Self.fixed(tokeniserMegabytesPerSecond)) MB/s") + "\n",
            runTable,
            frames.isEmpty ? nil : say("frames   \(place), keypress to the last byte sent") + "\n" + frameTable,
            say("questions  \(place), near the end") + "\n" + questionTable,
        ]
        return all.compactMap { $0 }.joined(separator: "\n")
    }

    private var runTable: String {
        AlignedTable(
            header: [
                say("run"), say("seconds"), "GFLOP", "GFLOP/s", say("sgemm peak"), say("share %"), say("typical"),
                say("share %"), say("busy"), say("first ms"),
                say("peak MB"),
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
            header: [
                say("view"), say("frames"), say("median ms"), say("p99 ms"), say("worst ms"), say("after"),
                say("median bytes"), say("largest"),
            ],
            rows: frames.map { frame in
                [frame.view, String(frame.frames)]
                    + [frame.medianMilliseconds, frame.p99Milliseconds, frame.worstMilliseconds].map { Self.fixed($0) }
                    + [frame.worstKey, Int(frame.medianBytes).grouped, Int(frame.largestBytes).grouped]
            }, sides: [.left, .right, .right, .right, .right, .left, .right, .right]
        ).text
    }

    private var questionTable: String {
        AlignedTable(
            header: [
                say("question"), say("median frame ms"), say("worst"), say("longest step ms"), say("complete after s"),
            ],
            rows: questions.map { question in
                [
                    question.question, Self.fixed(question.medianFrameMilliseconds),
                    Self.fixed(question.worstFrameMilliseconds), Self.fixed(question.stepMilliseconds),
                    question.seconds.map { String(format: "%.2f", $0) }
                        ?? say("over \(Int(QuestionBench.patience / .seconds(1)))"),
                ]
            }, sides: [.left, .right, .right, .right, .right]
        ).text
    }

    /// One digit after the point.
    private static func fixed(_ value: Double) -> String { String(format: "%.1f", value) }
}

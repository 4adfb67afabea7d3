import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkPeers
import RopewalkPhrases

/// This program and others over the same tokens with the same weights, each in a process of its own, taking turns.
struct PeerBench {
    let model: String
    /// At least as many as the longest run has.
    let ids: [Int32]
    let lengths: [Int]
    let threads: Int
    let options: PeerOptions

    /// Tokens before a continuation, and of it.
    private static let continued = (after: 32, count: 64)

    func report() throws -> PeerReport {
        let load = ProcessFigures.loadAverage
        let worker = try PythonFolder.find() + "/ropewalk_peers.py"
        var others = OtherProgram.all(options, model: model, threads: threads, worker: worker)
        var missing: [PeerReport.Missing] = []
        var rows: [PeerRow] = []
        for length in lengths {
            let question = PeerQuestion.read(Array(ids.prefix(length)))
            rows += try measure(question, tokens: length, count: nil, &others, &missing) { _ in true }
        }
        let prompt = Array(ids.prefix(Self.continued.after))
        let question = PeerQuestion.generate(after: prompt, count: Self.continued.count)
        rows += try measure(question, tokens: prompt.count, count: Self.continued.count, &others, &missing, \.continues)
        return PeerReport(
            model: model, threads: threads, rounds: options.rounds, instructionSet: InstructionSet.name,
            blasCore: BLAS.coreName ?? "none", loadAverage: load, rows: rows, missing: missing)
    }

    /// The same question to each; those that are not installed are not asked again.
    private func measure(
        _ question: PeerQuestion, tokens: Int, count: Int?, _ others: inout [OtherProgram],
        _ missing: inout [PeerReport.Missing], _ isMeant: (OtherProgram) -> Bool
    ) throws -> [PeerRow] {
        var rows: [PeerRow] = []
        for other in others where isMeant(other) && !missing.contains(where: { $0.peer == other.kind.rawValue }) {
            do {
                rows.append(try row(other, question, tokens: tokens, count: count))
            } catch let failure as PeerFailure {
                switch failure {
                case .missing, .noProgram, .noModel:
                    missing.append(PeerReport.Missing(peer: other.kind.rawValue, reason: reason(failure, other.kind)))
                default: rows.append(PeerRow(peer: other.title, tokens: tokens, count: count, failure: failure))
                }
            }
        }
        others.removeAll { other in missing.contains { $0.peer == other.kind.rawValue } }
        return rows
    }

    /// What is not there, in which Python, and how another one is named.
    private func reason(_ failure: PeerFailure, _ kind: OtherProgram.Kind) -> String {
        switch (failure, kind) {
        case (.noModel, _): failure.description
        case (_, .llama) where options.llama != nil: failure.description
        case (_, .torch):
            say("\(failure) (Python: \(options.interpreter); another one: --python PATH or ROPEWALK_PYTHON)")
        case (_, .llama):
            say(
                "\(failure) (Python: \(options.llamaInterpreter); another one: --llama-python PATH; or llama-bench: --llama PATH)"
            )
        }
    }

    private func row(
        _ other: OtherProgram, _ question: PeerQuestion, tokens: Int, count: Int?
    ) throws -> PeerRow {
        let room = tokens + (count ?? 0) + 16
        let progress = ProgressLine(say("\(other.title), \(tokens.grouped) tokens"))
        defer { progress.clear() }
        progress.showCount(say("loading"))
        let theirs = try other.start(room)
        defer { theirs.end() }
        let ours = try own { () throws(PeerFailure) in try ownSide(room) }
        defer { ours.end() }
        var turn = 0
        let trial = try PeerTrial.alternating(rounds: options.rounds, tolerance: other.tolerance) {
            progress.showCount("\(turn) / \(options.rounds)")
            turn += 1
            return try own { () throws(PeerFailure) in try ours.answer(question) }
        } theirs: {
            try theirs.answer(question)
        }
        return PeerRow(
            peer: other.title, program: theirs.name, tokens: tokens, count: count, trial: trial,
            ourMegabytes: ours.peakMegabytes, theirMegabytes: theirs.peakMegabytes)
    }

    private func ownSide(_ room: Int) throws(PeerFailure) -> Peer {
        try Peer(
            SamplesFolder.program, arguments: ["bench", "--peer-worker"],
            settings: .init(peer: "ropewalk", model: model, threads: threads, room: room),
            // Others are not waited for as long as one wishes; a slow machine is no fault of this program.
            patience: max(600, options.patience))
    }

    /// A failure of this program's own side is no row of another.
    private func own<Result>(_ work: () throws(PeerFailure) -> Result) throws -> Result {
        do throws(PeerFailure) { return try work() } catch {
            throw CommandError.content(file: model, problem: say("this program's own run has failed: \(error)"))
        }
    }
}

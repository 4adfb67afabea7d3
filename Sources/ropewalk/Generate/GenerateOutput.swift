import Foundation
import RopewalkGeneration
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTokenizers

/// A continued text on standard output, as it comes.
struct GenerateOutput {
    let isJSON: Bool
    /// The most probable tokens of each place, in JSON.
    let candidates: Int

    private struct Line: Encodable {
        let token: Int
        let id: Int
        let text: String
        let logProbability: Float
        let candidates: [Candidate]?
    }

    private struct Candidate: Encodable {
        let id: Int
        let text: String
        let logProbability: Float
    }

    private struct Last: Encodable {
        let ended: String
        let stop: String?
        let endToken: Int?
        let tokens: Int
        let text: String
    }

    func write(
        _ step: Generator.Step, candidates best: [(id: Int32, logProbability: Float)], tokenizer: Tokenizer?
    ) throws {
        guard isJSON else {
            if tokenizer == nil { return try StandardOutput.write("\(step.id)\n") }
            return try StandardOutput.write(step.text)
        }
        func text(_ id: Int32) -> String { tokenizer.map { $0.decodedBytes(of: Int(id)) } ?? "" }
        let line = Line(
            token: step.place, id: Int(step.id), text: text(step.id), logProbability: step.logProbability,
            candidates: candidates > 0
                ? best.map { Candidate(id: Int($0.id), text: text($0.id), logProbability: $0.logProbability) } : nil)
        try write(line)
    }

    func end(_ ended: String, generator: Generator?, seconds: Double) throws {
        let steps = generator?.steps.count ?? 0
        if isJSON {
            var (stop, token): (String?, Int?)
            switch generator?.ending {
            case .stop(let string): stop = string
            case .endToken(let id): token = Int(id)
            default: break
            }
            try write(
                Last(ended: ended, stop: stop, endToken: token, tokens: steps, text: generator?.text ?? ""))
        } else {
            // The last line ends, as lines do.
            try StandardOutput.write((generator?.rest ?? "") + "\n")
        }
        if case .window(let limit) = generator?.ending {
            StandardError.write(
                say("the model has no place for more than \(limit.grouped) tokens: the text ends there"))
        }
        guard isatty(STDERR_FILENO) == 1, seconds > 0, steps > 0 else { return }
        let rate = String(format: "%.1f", Double(steps) / seconds)
        StandardError.write(say("\(steps.grouped) \(steps, one: "token", many: "tokens"), \(rate) a second"))
    }

    private func write(_ line: some Encodable) throws {
        try StandardOutput.write(JSONText.encodeCompact(line))
    }
}

extension Tokenizer {
    /// What a token stands for by itself; bytes that are no character alone become U+FFFD.
    fileprivate func decodedBytes(of id: Int) -> String { String(decoding: bytes(of: id), as: UTF8.self) }
}

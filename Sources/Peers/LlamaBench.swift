import Foundation
import RopewalkPhrases

/// llama.cpp's own benchmark, where its Python package is not there: it reads tokens of its own, and has no outputs.
package struct LlamaBench {
    package let program: String
    package let model: String
    package let threads: Int
    package let patience: Int

    package init(program: String, model: String, threads: Int, patience: Int) {
        self.program = program
        self.model = model
        self.threads = threads
        self.patience = patience
    }

    /// One run over so many tokens, or one continuation of so many, with the most that the process had in memory.
    package func run(
        reading: Int = 0, generating: Int = 0
    ) throws(PeerFailure) -> (answer: PeerAnswer, megabytes: Double) {
        let child = try ChildProcess(
            program,
            arguments: [
                "-m", model, "-p", "\(reading)", "-n", "\(generating)", "-t", "\(threads)", "-r", "1", "-ngl", "0",
                "-o",
                "json",
            ])
        let text = try child.everything(within: patience)
        let seconds = try Self.seconds(text, reading: reading, generating: generating)
        return (PeerAnswer(seconds: seconds), child.peakMegabytes)
    }

    private struct Entry: Decodable {
        let nPrompt: Int
        let nGen: Int
        let avgNs: Double
    }

    /// Of the one test in what `llama-bench -o json` prints.
    package static func seconds(_ text: String, reading: Int, generating: Int) throws(PeerFailure) -> Double {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let entries = try? decoder.decode([Entry].self, from: Data(text.utf8)),
            let entry = entries.first(where: { $0.nPrompt == reading && $0.nGen == generating })
        else { throw .rubbish(PeerMessage.beginning(text)) }
        guard entry.avgNs.isFinite, entry.avgNs > 0 else { throw .contradiction("\(entry.avgNs) ns") }
        return entry.avgNs / 1e9
    }
}

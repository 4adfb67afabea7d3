import Foundation

/// A model that a program beside this one has loaded.
package final class Peer {
    /// As the worker says it: names and versions.
    package let name: String
    private let child: ChildProcess
    private let patience: Int

    /// Starts a worker, and has it load a model.
    /// - Parameter patience: seconds that any answer may take.
    package init(
        _ program: String, arguments: [String], settings: PeerQuestion.Settings, patience: Int
    ) throws(PeerFailure) {
        // Before any library counts the processors.
        let environment = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"].map {
            ($0, "\(settings.threads)")
        }
        child = try ChildProcess(
            program, arguments: arguments, environment: Dictionary(uniqueKeysWithValues: environment))
        self.patience = patience
        let line = try child.ask(PeerQuestion.load(settings).line, within: patience)
        guard case .ready(let name) = try PeerMessage(line) else { throw .rubbish(PeerMessage.beginning(line)) }
        self.name = name
    }

    /// One run.
    package func answer(_ question: PeerQuestion) throws(PeerFailure) -> PeerAnswer {
        let start = ContinuousClock.now
        let line = try child.ask(question.line, within: patience)
        let wall = (ContinuousClock.now - start) / .seconds(1)
        guard case .answer(let answer) = try PeerMessage(line) else { throw .rubbish(PeerMessage.beginning(line)) }
        try answer.check(wall: wall)
        return answer
    }

    package var peakMegabytes: Double { child.peakMegabytes }

    package func end() { child.end() }
}

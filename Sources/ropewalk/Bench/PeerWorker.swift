import Foundation
import RopewalkGeneration
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPeers

/// This program's side of `bench --peers`: in a process of its own, asked by lines as the others are.
final class PeerWorker {
    private var model: Model?
    private var threads = 0

    /// Until standard input has an end.
    func serve() throws {
        while let line = readLine(strippingNewline: true) {
            let answer: String
            do { answer = try self.answer(line) } catch { answer = PeerMessage.refusal("\(error)".onOneLine) }
            // A line of JSON for a program: nothing of it is for a terminal.
            try StandardOutput.write(escapes: answer + "\n")
        }
    }

    private func answer(_ line: String) throws -> String {
        guard let question = PeerQuestion(line: line) else { return PeerMessage.refusal("no question") }
        if question.work == .load, let settings = question.settings {
            let model = try Model.loaded(settings.model, needsTokenizer: false)
            try model.checkPredictsNext()
            threads = settings.threads
            self.model = model
            return PeerMessage.ready("ropewalk").line
        }
        guard let model, let ids = question.ids, ids.count > 1 else {
            return PeerMessage.refusal("no model, or no tokens")
        }
        let answer = try question.count.map { try generate(model, after: ids, count: $0) } ?? read(model, ids)
        return PeerMessage.answer(answer).line
    }

    private func read(_ model: Model, _ ids: [Int32]) throws -> PeerAnswer {
        let clock = ContinuousClock()
        var first: Double?
        let start = clock.now
        let recording = try Recorder(model: model, threads: threads).record(ids) { _ in
            if first == nil { first = (clock.now - start) / .seconds(1) }
            return true
        }
        let seconds = (clock.now - start) / .seconds(1)
        let losses = recording.negativeLogLikelihood
        let next = model.prediction(after: ids.count - 1, in: recording, count: 1)?.candidates.first
        return PeerAnswer(
            seconds: seconds, firstSeconds: first,
            losses: PeerAnswer.Losses(count: losses.count, sum: losses.reduce(0) { $0 + Double($1) }),
            next: next.map { PeerAnswer.Next(id: $0.id, logProbability: min(0, log(Double($0.probability)))) })
    }

    /// Each of the tokens is drawn and read.
    private func generate(_ model: Model, after ids: [Int32], count: Int) throws -> PeerAnswer {
        let continuation = try Continuation(
            Recorder(model: model, threads: threads), inputs: ModelInputs(ids: ids), room: count)
        let generator = try Generator(
            continuation, request: GenerationRequest(count: count, endsAtEndTokens: false), model: model,
            tokenizer: nil,
            defaults: GenerationDefaults(contentsOf: model.path))
        let clock = ContinuousClock()
        let start = clock.now
        while try generator.next() != nil {}
        return PeerAnswer(
            seconds: (clock.now - start) / .seconds(1), tokens: generator.steps.map { Int($0.id) })
    }
}

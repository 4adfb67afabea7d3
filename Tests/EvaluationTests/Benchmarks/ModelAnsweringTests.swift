import RopewalkEvaluation
import RopewalkModels
import RopewalkScoring
import Testing

@Suite struct ModelAnsweringTests {
    /// The likelihoods of texts behind a prompt against runs over all of each.
    @Test func likelihoodsAreThoseOfRuns() throws {
        let model = try NeedleSample.model()
        let answering = try ModelAnswering(model, scenario: model.defaultScenario, threads: 1, writes: false)
        #expect(!answering.writes)
        let prompt = "Alice looked up, and there stood the"
        let texts = [" Queen of Hearts", " rabbit"]
        let found = try answering.logLikelihoods(of: texts, after: prompt)
        let own = try answering.tokens.encode(prompt)
        for (text, likelihood) in zip(texts, found) {
            let ids = try answering.tokens.encode(prompt + text)
            let recording = try Recorder(model: model.recorded(in: .single), threads: 1).record(ids)
            let sum = (own.count - 1..<ids.count - 1).reduce(0.0) {
                $0 - Double(recording.negativeLogLikelihood(after: $1) ?? .nan)
            }
            #expect(abs(likelihood - sum) < 1e-4)
        }
    }

    /// Written greedily, so many tokens at most; a line's end ends it where that is asked for.
    @Test func answersAreWritten() throws {
        let model = try NeedleSample.model()
        var answering = try ModelAnswering(model, scenario: model.defaultScenario, threads: 1, writes: true)
        let long = try answering.answer("Alice was beginning to", mostTokens: 12, endsAtLine: false)
        let again = try answering.answer("Alice was beginning to", mostTokens: 12, endsAtLine: false)
        #expect(!long.isEmpty && long == again)
        #expect(try !answering.answer("Alice was", mostTokens: 40, endsAtLine: true).contains("\n"))
        answering.isCancelled = { true }
        #expect(throws: ModelError.cancelled) {
            try answering.answer("Alice was", mostTokens: 4, endsAtLine: false)
        }
    }
}

import Foundation
import RopewalkEvaluation
import RopewalkModels
import RopewalkScoring
import TestSupport
import Testing

@Suite struct CoherenceRunTests {
    /// A piece against its definition: what runs with and without the rest of it predict of its last quarter.
    @Test func aPieceIsReadWithAndWithoutItsRest() throws {
        let model = try NeedleSample.model()
        let run = try CoherenceRun(model, scenario: model.defaultScenario, threads: 1)
        #expect(run.sizes.piece == model.shape.trainedWindow)
        let ids = try self.ids(model, run.sizes.piece + 40)
        let piece = try run.piece(of: ids, start: 30)
        #expect(piece.start == 30)
        let quarter = run.sizes.predicted
        for (reading, tokens) in [(piece.with, run.sizes.piece), (piece.without, 2 * quarter)] {
            let end = 30 + run.sizes.piece
            let own = Array(ids[(end - tokens)..<end])
            let recording = try Recorder(model: model.recorded(in: .single), threads: 1).record(own)
            var sum = 0.0
            for token in (tokens - quarter - 1)..<(tokens - 1) {
                sum += Double(recording.negativeLogLikelihood(after: token) ?? .nan)
            }
            let perplexity = exp(sum / Double(quarter))
            #expect(abs(reading.perplexity - perplexity) < 1e-6 * perplexity)
            #expect((0...1).contains(reading.accuracy))
        }
        var done: [Int] = []
        let all = try #require(try run.coherence(of: ids, most: 8) { count, _ in done.append(count) })
        #expect(all.pieces.count == 1 && done == [1] && all.pieces[0].start == 0)
        #expect(try run.coherence(of: Array(ids.prefix(100)), most: 8) { _, _ in } == nil)
    }

    private func ids(_ model: Model, _ count: Int) throws -> [Int32] {
        let url = Fixture.project.appendingPathComponent("samples/texts/alice.txt")
        let text = String(try String(contentsOf: url, encoding: .utf8).prefix(6000))
        return Array(try #require(model.tokenizer).encode(text, addSpecialTokens: false).ids.prefix(count))
    }

    @Test func aRunCanBeCancelled() throws {
        let model = try NeedleSample.model()
        var run = try CoherenceRun(model, scenario: model.defaultScenario, threads: 1)
        run.isCancelled = { true }
        #expect(throws: ModelError.cancelled) { try run.piece(of: Array(repeating: 5, count: 512), start: 0) }
        #expect(throws: ModelError.noTokens) { try run.piece(of: [1, 2], start: 7) }
    }
}

import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// The first tokens alone, as they are shown before the first chunk is there.
struct BeginningTests {
    private func recorder(_ specs: [String] = []) throws -> (Recorder, ModelInputs) {
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        let ids = (0..<400).map { Int32($0 * 37 % 61) }
        return (
            Recorder(model: model, scenario: try Scenario(parsing: specs), threads: 2), ModelInputs(ids: ids)
        )
    }

    /// What it says is what the whole run says, and no run takes it for a part of its own.
    @Test func itIsTheBeginningOfTheRun() throws {
        let (recorder, inputs) = try recorder()
        let beginning = try #require(recorder.beginning(of: inputs, slowFrom: 0))
        let first = try #require(beginning.main)
        let whole = try recorder.record(inputs)
        let main = try #require(whole.main)
        #expect(first.tokens == Recorder.beginning && !first.isComplete && first.isBeginning && !main.isBeginning)
        #expect(first.ids == main.ids && first.run != main.run)
        for token in [0, 1, 50, 95] {
            let (one, other) = (try #require(first.lastHidden(of: token)), try #require(main.lastHidden(of: token)))
            #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-4 }, "\(token)")
            let loss = try #require(first.negativeLogLikelihood(after: token))
            #expect(abs(loss - (main.negativeLogLikelihood(after: token) ?? .nan)) < 1e-4)
        }
        let (chunk, whole0) = (first.chunks[0].layers[1].attention, main.chunks[0].layers[1].attention)
        for head in 0..<first.shape.heads {
            for token in [0, 31, 95] {
                let one = chunk.logSumExp[head * first.chunks[0].tokens.count + token]
                #expect(abs(one - whole0.logSumExp[head * main.chunks[0].tokens.count + token]) < 1e-4)
            }
        }
        let again = try recorder.record(inputs, after: beginning)
        let anew = try #require(again.main)
        #expect(anew.run != first.run && anew.negativeLogLikelihood == main.negativeLogLikelihood)
    }

    @Test func whereAChunkIsSoonThereNothingGoesAhead() throws {
        let (recorder, inputs) = try recorder()
        #expect(recorder.beginning(of: inputs) == nil)
        #expect(recorder.beginning(of: ModelInputs(ids: [1, 2, 3]), slowFrom: 0) == nil)
        #expect(recorder.beginning(of: ModelInputs(ids: [Int32](repeating: 9_999_999, count: 400)), slowFrom: 0) == nil)
        let (windowed, _) = try self.recorder(["window:size=16"])
        #expect(windowed.beginning(of: inputs, slowFrom: 0) == nil)
    }
}

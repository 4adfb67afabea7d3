import Foundation
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

@Suite struct LogitLensTests {
    private static func lens(_ name: String) throws -> (GoldenFixture, Model, Lens) {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        let recording = try Recorder(model: model, threads: 2).record(try fixture.ids())
        return (fixture, model, Lens(recording: recording, threads: 2))
    }

    private static func complete(_ lens: Lens, _ model: Model, token: Int, count: Int = 1) throws -> LogitLens {
        var layers = try #require(lens.logitLens(of: model, token: token, count: count))
        while !layers.isComplete { lens.extend(&layers) }
        return layers
    }

    /// The states between the blocks of every decoder are those that transformers gives; what cannot be replayed is refused.
    @Test(arguments: GoldenFixture.decoders) func statesAreThoseOfTheReference(name: String) throws {
        let (fixture, model, lens) = try Self.lens(name)
        guard model.replayObstacle == nil else {
            #expect(
                name == "gemma3n" || name.hasPrefix("reformer") || GoldenFixture.recurrent.contains(name))
            #expect(try Self.complete(lens, model, token: 3).problem == .refused(try #require(model.replayObstacle)))
            return
        }
        var checked = 0
        for token in [0, lens.recording.tokens / 2, lens.recording.tokens - 1] {
            let layers = try Self.complete(lens, model, token: token)
            #expect(layers.problem == nil && layers.rows.count == lens.recording.shape.layers + 1)
            let states = try #require(layers.replay?.states)
            for (block, state) in states.enumerated() {
                let isLast = block == lens.recording.shape.layers
                let tensor = isLast ? "last_block_output" : "hidden_states.\(block)"
                // Some families keep other states under these names.
                guard fixture.required.contains(tensor) else { continue }
                let all = try fixture.floats(tensor)
                guard all.count == lens.recording.tokens * state.count else { continue }
                checked += 1
                let expected = all[token * state.count..<(token + 1) * state.count]
                let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
                let off = zip(state, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                #expect(off <= 1e-4 * max(1, length), "\(tensor), token \(token): \(off) of \(length)")
            }
            // After all blocks it is what the model expects.
            let next = try #require(model.nextTokens(after: token, in: lens.recording, count: 1))
            #expect(layers.rows.last?.next.candidates.first?.id == next.candidates.first?.id)
        }
        #expect(checked >= 3)
    }

    private struct Reference: Decodable {
        let token: Int
        let logits: [[Double]]
    }

    /// What norm and head make of them, by transformers: softcaps, scaled logits, tied weights, parallel blocks.
    @Test(arguments: ["gemma2", "granite", "gpt_neox", "cohere", "opt"])
    func predictionsAreThoseOfTheReference(name: String) throws {
        let (_, model, lens) = try Self.lens(name)
        let data = try Data(contentsOf: Fixture.url("lens/\(name).json"))
        let reference = try JSONDecoder().decode(Reference.self, from: data)
        let layers = try Self.complete(lens, model, token: reference.token, count: 64)
        #expect(layers.rows.count == reference.logits.count)
        for (row, logits) in zip(layers.rows, reference.logits) {
            let highest = logits.max() ?? 0
            let total = logits.reduce(0) { $0 + exp($1 - highest) }
            #expect(row.next.candidates.count == min(64, logits.count))
            for candidate in row.next.candidates {
                let expected = exp(logits[candidate.id] - highest) / total
                #expect(abs(Double(candidate.probability) - expected) < 2e-5, "after \(row.blocks), \(candidate.id)")
            }
            let sorted = row.next.candidates.map(\.probability)
            #expect(sorted == sorted.sorted(by: >))
        }
    }

    /// What the heads gave under a mask counts, and a preview knows nothing.
    @Test func scenariosAreThoseOfTheRun() throws {
        let model = try Sample.model()
        let recording = try Sample.recording(200, ["window:size=16"])
        let layers = try Self.complete(Lens(recording), model, token: 150)
        #expect(layers.problem == nil && layers.rows.count == 3)
        let preview = Lens(recording: recording, scenario: .plain)
        #expect(preview.logitLens(of: model, token: 150, count: 1) == nil)
        #expect(Lens(recording).logitLens(of: model, token: 200, count: 1) == nil)
    }

    /// Another model's states are not taken for this one's.
    @Test func aModelThatDoesNotFitIsFound() throws {
        let recording = try Sample.recording(60)
        // The same projections, and biases besides.
        let other = try Sample.model("llama_bias")
        let layers = try Self.complete(Lens(recording), other, token: 40)
        guard case .differs(let share) = layers.problem else {
            Issue.record("taken for its own: \(String(describing: layers.problem))")
            return
        }
        #expect(share > LogitLens.tolerance && layers.rows.isEmpty)
        let wider = try Self.complete(Lens(recording), try Sample.model("llama_yarn"), token: 40)
        #expect(wider.problem != nil && wider.rows.isEmpty)
    }

    @Test(arguments: ["t5", "bert"]) func otherModelsAreRefused(name: String) throws {
        let model = try Sample.model(name)
        #expect(model.replayObstacle?.contains("decoder alone") == true)
    }
}

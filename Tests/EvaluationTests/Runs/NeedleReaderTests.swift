import Foundation
import RopewalkEvaluation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

struct NeedleReaderTests {
    /// Token by token, a run of its own each: what is most likely after all that is there.
    private static func greedy(_ prompt: [Int32], _ count: Int, _ model: Model, _ scenario: Scenario) throws -> [Int32]
    {
        var ids = prompt
        for _ in 0..<count {
            let recording = try Recorder(model: model, scenario: scenario, threads: 2).record(ids)
            let logits = try #require(model.logits(after: ids.count - 1, in: recording))
            let highest = try #require(logits.max())
            ids.append(Int32(try #require(logits.firstIndex(of: highest))))
        }
        return Array(ids.dropFirst(prompt.count))
    }

    /// What is found is what greedy generation writes, up to its first error.
    @Test(arguments: ["rope", "pi:factor=4", "window:size=96"])
    func foundIsWhatGreedyGenerationWrites(spec: String) throws {
        let model = try NeedleSample.model()
        let haystack = try NeedleSample.haystack(model)
        let scenario = try Scenario(parsing: [spec])
        let reader = NeedleReader(model: model, scenario: scenario, threads: 2)
        var found = 0
        for kind in [NeedleTask.Kind.passkey, .needle] {
            for seed in 0..<3 {
                let prompt = try NeedlePrompt(
                    NeedleTask(kind), at: .init(length: 256, depth: 30, seed: seed), in: haystack)
                let result = try reader.result(of: prompt)
                let answer = Array(prompt.ids[prompt.answer])
                let written = try Self.greedy(
                    Array(prompt.ids[..<prompt.answer.lowerBound]), answer.count, model, scenario)
                #expect(result.isFound == (written == answer), "\(spec) \(kind) \(seed)")
                let first = zip(written, answer).enumerated().first { $0.element.0 != $0.element.1 }?.offset
                #expect(result.firstWrong == first)
                #expect((result.rank == 1) == result.isFound && (result.share == 1) == result.isFound)
                let same = NeedleSample.text(written.prefix((first ?? answer.count - 1) + 1), haystack)
                #expect(result.reading.hasPrefix(same))
                found += result.isFound ? 1 : 0
            }
        }
        #expect(spec != "rope" || found >= 2)
    }

    /// Against runs of their own for every answer, sums over the losses of their tokens, and rows of attention.
    @Test(arguments: ["rope", "lambda:sink=4,window=64", "topk:k=24,window=8,sink=2"])
    func numbersAreThoseOfPlainRuns(spec: String) throws {
        let model = try NeedleSample.model()
        let haystack = try NeedleSample.haystack(model)
        let scenario = try Scenario(parsing: [spec])
        let prompt = try NeedlePrompt(
            NeedleTask(.multiKey1), at: .init(length: 420, depth: 40, seed: 2), in: haystack, choices: 5)
        let result = try NeedleReader(model: model, scenario: scenario, threads: 2).result(of: prompt)
        let run = Recorder(model: model, scenario: scenario, threads: 2)
        func loss(_ ending: [Int32]) throws -> Double {
            let recording = try run.record(Array(prompt.ids[..<prompt.choiceStart]) + ending)
            return recording.negativeLogLikelihood.suffix(ending.count).reduce(0) { $0 + Double($1) }
        }
        let right = try loss(prompt.rightChoice)
        let others = try prompt.choices.map { try loss($0) }
        #expect(result.choice == .init(rank: 1 + others.count { $0 <= right }, count: 6))
        #expect(abs(result.loss - (try loss(Array(prompt.ids[prompt.choiceStart...])))) < 1e-3)
        let recording = try run.record(prompt.ids)
        let lens = Lens(recording: recording, threads: 2)
        let (layers, heads) = (model.shape.layers, model.shape.heads)
        #expect(result.mass.count == layers * heads && result.seen.count == layers * heads)
        for (layer, head) in [(0, 0), (1, 3), (layers - 1, heads - 1)] {
            let row = try #require(lens.row(layer: layer, head: head, query: prompt.asking))
            let mass = prompt.askedTokens.joined().reduce(0) { $0 + row.weights[$1] }
            #expect(abs(result.mass[layer * heads + head] - mass) < 1e-5)
            let keys = prompt.askedTokens.flatMap { Array($0) }
            let seen = keys.count { lens.isVisible(layer: layer, head: head, query: prompt.asking, key: $0) }
            #expect(abs(result.seen[layer * heads + head] - Float(seen) / Float(keys.count)) < 1e-6)
        }
        #expect(result.tokens == prompt.ids.count && result.answerTokens == prompt.answer.count)
    }

    /// A window that ends before the needle hides all of it.
    @Test func whatAMaskDropsIsSaid() throws {
        let model = try NeedleSample.model()
        let haystack = try NeedleSample.haystack(model)
        let prompt = try NeedlePrompt(NeedleTask(.passkey), at: .init(length: 400, depth: 10, seed: 0), in: haystack)
        func result(_ spec: String) throws -> NeedleResult {
            try NeedleReader(model: model, scenario: Scenario(parsing: [spec]), threads: 2).result(of: prompt)
        }
        #expect(try result("window:size=64").meanSeen == 0 && result("rope").meanSeen == 1)
        let mass = try #require(try result("rope").strongest)
        #expect(mass.mass > 0.1 && mass.layer < 4 && mass.head < 8)
    }

    @Test func whatCannotBeReadIsRefused() throws {
        let encoder = try Model(contentsOf: Fixture.path("hf/t5"), needsTokenizer: false)
        #expect(throws: NeedleError.encoder(model: encoder.name)) {
            try NeedleReader(model: encoder, scenario: encoder.defaultScenario).check()
        }
        let bert = try Model(contentsOf: Fixture.path("hf/bert"), needsTokenizer: false)
        #expect(throws: NeedleError.self) { try NeedleReader(model: bert, scenario: bert.defaultScenario).check() }
        let model = try NeedleSample.model()
        let scenario = try Scenario(parsing: ["lsh:chunk=16"])
        #expect {
            try NeedleReader(model: model, scenario: scenario).check()
        } throws: { "\($0)".contains("later ones") }
        var reader = NeedleReader(model: model, scenario: model.defaultScenario, threads: 1)
        reader.isCancelled = { true }
        let prompt = try NeedlePrompt(
            NeedleTask(.passkey), at: .init(length: 300, depth: 0, seed: 0), in: NeedleSample.haystack(model))
        #expect(throws: NeedleError.model(.cancelled)) { try reader.result(of: prompt) }
    }
}

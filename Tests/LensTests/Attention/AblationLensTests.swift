import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

/// States without what is left out are had by a run alone: a preview would show the whole model under another name.
struct AblationLensTests {
    private static let ids = (0..<40).map { Int32($0 * 7 % 50 + 3) }

    private func recording(_ scenario: Scenario, _ model: Model) throws -> Recording {
        try Recorder(model: model, scenario: scenario, threads: 1).record(Self.ids)
    }

    @Test func aPreviewShowsNothing() throws {
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        let (plain, other) = (model.defaultScenario, Scenario(ablations: [Ablation(layers: [0])]))
        let preview = Lens(recording: try recording(plain, model), scenario: other, threads: 1)
        #expect(!preview.canPreview([20]) && preview.row(layer: 1, head: 0, query: 20) == nil)
        // The other way round it is the same.
        let back = Lens(recording: try recording(other, model), scenario: plain, threads: 1)
        #expect(!back.canPreview([20]) && back.row(layer: 1, head: 0, query: 20) == nil)
    }

    @Test func theRunShowsAllAndItsStatesCanBeMadeAgain() throws {
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        for ablation in [Ablation(layers: [0], heads: [1]), Ablation(layers: [1]), Ablation(feedForward: [0])] {
            let lens = Lens(
                recording: try recording(Scenario(ablations: [ablation]), model), threads: 1)
            #expect(lens.row(layer: 1, head: 0, query: 20) != nil)
            var states = try #require(lens.logitLens(of: model, token: 20, count: 3))
            while !states.isComplete { lens.extend(&states) }
            #expect(states.problem == nil, "\(ablation.spec)")
            let reading = try #require(lens.wordReading(layer: 0, head: 1, query: 20, count: 4))
            let block = try #require(lens.wordBlock(reading, of: model, logitLens: states))
            #expect(block.isLeftOut == ablation.leavesOut(layer: 0, head: 1))
            #expect((block.projected == 0) == block.isLeftOut)
        }
    }

    /// Tokens whose keys are hidden: run and preview of a layer are plain attention over the other keys.
    @Test func leftOutTokensAreHiddenKeys() throws {
        let specs = ["ablate:tokens=3/9"]
        let run = try Sample.recording(40, specs)
        let plain = try Sample.recording(40)
        let preview = Lens(recording: plain, scenario: try Scenario(parsing: specs), threads: 1)
        for (recording, lens) in [(run, Lens(recording: run, threads: 1)), (plain, preview)] {
            let states = PlainLayer.layers(recording, [])
            for query in [2, 3, 9, 20, 39] {
                let row = try #require(lens.row(layer: 1, head: 2, query: query))
                let wanted = states[1].attention(query, head: 2) { key in key == query || ![3, 9].contains(key) }
                // Sums of float32 products against float64.
                #expect(zip(row.weights, wanted.weights).allSatisfy { abs(Double($0) - $1) < 1e-5 })
            }
        }
        let (a, b) = (run.negativeLogLikelihood, plain.negativeLogLikelihood)
        #expect((0..<3).allSatisfy { abs(a[$0] - b[$0]) < 1e-5 } && abs(a[10] - b[10]) > 1e-4)
    }
}

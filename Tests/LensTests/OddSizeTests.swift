import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// Heads of 80, 96 and 112 dimensions: every position method runs on them, and its preview of the first layer, which reads
/// the embeddings whatever the method, is what the run finds.
struct OddSizeTests {
    static let names = [
        "llama_d80_tied", "llama_d96", "llama_d112_tied", "llama_d80_yarn", "mistral_d96", "qwen3_d112_tied",
        "gemma2_d80",
        "gemma3_d96", "mixtral_d112", "gpt_neox_d80",
    ]

    @Test(arguments: names) func everyPositionMethodRuns(name: String) throws {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        #expect([80, 96, 112].contains(model.shape.headDimension))
        let ids = try fixture.ids()
        let plain = try Recorder(model: model, threads: 1).record(ids)
        var ran = 0
        for type in Catalogue.all.compactMap({ $0 as? any PositionMethod.Type }) {
            let method = type.init(values: type.description.parameters.map(\.defaultValue))
            let scenario = Scenario(position: method)
            guard (try? model.check(scenario, tokens: ids.count)) != nil else { continue }
            ran += 1
            let exact = Lens(
                recording: try Recorder(model: model, scenario: scenario, threads: 1).record(ids), threads: 1)
            let preview = Lens(recording: plain, scenario: scenario, threads: 1)
            EveryScenarioTests.ask(exact, queries: [0, ids.count - 1])
            // It changes the embeddings themselves.
            if method is Sinusoidal { continue }
            for head in 0..<model.shape.heads {
                let found = try #require(exact.row(layer: 0, head: head, query: ids.count - 1)).weights
                let shown = try #require(preview.row(layer: 0, head: head, query: ids.count - 1)).weights
                #expect(found.count == shown.count)
                #expect(zip(found, shown).allSatisfy { agree($0, $1, 1e-4) }, "\(name) \(scenario.specs)")
            }
        }
        #expect(ran > 10, "\(name): \(ran) methods")
    }
}

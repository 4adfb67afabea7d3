import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkApp

/// The list of models, and what is done with one of it.
@Suite struct ModelListTests {
    private static let other = Fixture.path("gguf/small_bpe_Q8_0/model.gguf")

    private func player(width: Int = 120, height: Int = 40) throws -> ScreenPlayer {
        var inputs = Samples.inputs()
        inputs.listModels = {
            [
                ModelSummary(place: "Ropewalk", name: "books", path: Samples.modelPath),
                ModelSummary(place: "LM Studio", name: "lmstudio:small", path: Self.other),
                ModelSummary(place: "Ollama", name: "ollama:broken", path: Fixture.path("masks")),
            ]
        }
        inputs.tokenise = { text, model in
            try .init(text: text, tokenizer: try #require(model.tokenizer))
        }
        return try ScreenPlayer(state: AppState(size: Size(width: width, height: height)), inputs: inputs)
    }

    @Test func modelsAreListedWithWhatTheyAre() throws {
        var player = try player()
        player.play(try KeyScript(parsing: "O j"))
        let lines = player.frame().lines
        #expect(lines.contains { $0.contains("Models") && $0.contains("3 on this machine") })
        #expect(lines.contains { $0.contains("lmstudio:small") && $0.contains("llama") })
        #expect(lines.contains { $0.contains("ollama:broken") && $0.contains("does not run") })
        #expect(lines.contains { $0.contains("LM Studio · window") })
        player.play(try KeyScript(parsing: "j j j Enter"))
        #expect(player.state.notice?.text.contains("ollama:broken does not run: ") == true)
        player.play(try KeyScript(parsing: "Escape"))
        #expect(player.state.notice == nil && player.state.overlay != nil, "what lies uppermost is closed first")
        player.play(try KeyScript(parsing: "Escape"))
        #expect(player.state.overlay == nil)
    }

    @Test func anotherModelReadsTheText() throws {
        var player = try player()
        player.play(try KeyScript(parsing: "p O j Enter wait"))
        #expect(player.state.sources.model.value?.path == Self.other)
        #expect(player.state.sources.text.value?.name == "alice.txt")
        #expect(player.state.runs.kept.plain?.main?.tokens == player.state.tokenCount)
        #expect(player.state.overlay == nil && player.state.second == nil)
        #expect(player.state.layout.panels[.loss] != nil)
    }

    /// What the user asked for holds of the next model too; what the one before could read does not.
    @Test func theNextModelReadsAsManyTokensAsWereAskedFor() throws {
        var inputs = Samples.inputs()
        inputs.tokenise = { text, model in try .init(text: text, tokenizer: try #require(model.tokenizer)) }
        inputs.listModels = { [ModelSummary(place: "LM Studio", name: "small", path: Self.other)] }
        let state = AppState(size: Size(width: 120, height: 40), tokenLimit: 12)
        var player = try ScreenPlayer(state: state, inputs: inputs)
        player.play(try KeyScript(parsing: "O Enter wait"))
        #expect(player.state.tokenCount == 12 && player.state.sources.askedTokens == 12)
        #expect(player.state.runs.kept.plain?.main?.tokens == 12)
        inputs.listModels = { [ModelSummary(place: "here", name: "llama", path: Fixture.path("hf/llama_tied"))] }
        inputs.loadModel = { try Model(contentsOf: Fixture.path("hf/gpt2"), needsTokenizer: false) }
        inputs.openModel = { try Model(contentsOf: $0, needsTokenizer: false) }
        inputs.loadText = { try Document(ids: FamilySamples.ids, tokenizer: nil).text }
        inputs.tokenise = { _, _ in try Document(ids: FamilySamples.ids, tokenizer: nil) }
        player = try ScreenPlayer(state: AppState(size: Size(width: 120, height: 40)), inputs: inputs)
        #expect(player.state.tokenCount == 40)
        player.play(try KeyScript(parsing: "O Enter wait"))
        #expect(player.state.sources.model.value?.name == "llama_tied")
        #expect(player.state.tokenCount == 60 && player.state.runs.kept.plain?.main?.tokens == 60)
    }

    @Test func anotherModelStandsBeside() throws {
        var player = try player()
        player.play(try KeyScript(parsing: "O j b wait"))
        #expect(player.state.sources.model.value?.path == Samples.modelPath)
        #expect(player.state.second?.model.value?.path == Self.other)
        player.play(try ActionScript(parsing: "models; models.pick 0; models.beside"))
        #expect(player.state.second?.model.value?.path == Samples.modelPath && player.state.second?.ownTokens == nil)
    }

    @Test func theMouseChoosesAndCloses() throws {
        var player = try player()
        player.play(try KeyScript(parsing: "O mouse:20,3"))
        guard case .models(let list) = player.state.overlay else {
            Issue.record("the list is closed")
            return
        }
        #expect(list.selected == 1)
        player.play(try KeyScript(parsing: "mouse:0,39"))
        #expect(player.state.overlay == nil)
    }

    @Test func everySizeIsDrawn() throws {
        for width in [1, 20, 40, 80, 300] {
            for height in [1, 5, 10, 24, 100] {
                var player = try player(width: width, height: height)
                player.play(try KeyScript(parsing: "O"))
                #expect(player.frame().size == Size(width: width, height: height))
            }
        }
    }

    /// The loop begins anew, and what was under way for the model before reports to nobody.
    @Test func theLoopOpensAnotherModel() async throws {
        var inputs = Samples.inputs()
        inputs.tokenise = { text, model in try .init(text: text, tokenizer: try #require(model.tokenizer)) }
        inputs.listModels = { [ModelSummary(place: "LM Studio", name: "small", path: Self.other)] }
        var loop = AppLoop(
            state: AppState(size: Size(width: 80, height: 24)), inputs: inputs,
            script: try ActionScript(parsing: "models"), wake: {})
        for _ in 0..<3000 {
            _ = loop.drainMessages()
            if case .models(let list) = loop.state.overlay, list.models != .loading { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        _ = loop.handle(.key(.enter))
        #expect(loop.state.sources.model == .loading)
        for _ in 0..<3000 where loop.state.runs.kept.plain == nil {
            _ = loop.drainMessages()
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(loop.state.sources.model.value?.path == Self.other)
        #expect(loop.state.runs.kept.plain?.main?.ids.count == loop.state.tokenCount)
        loop.stop()
    }
}

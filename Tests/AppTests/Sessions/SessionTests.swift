import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkApp

/// Several texts and models, each with what was read of it.
@Suite struct SessionTests {
    private func player(waits: Bool = true) throws -> ScreenPlayer {
        var inputs = Samples.inputs()
        (inputs.name, inputs.modelPath) = ("alice.txt", Samples.modelPath)
        var other = inputs
        other.name = "b.py"
        other.loadText = {
            try SourceText("def f(x):\n    return x + 1\n\n\ndef g(y):\n    return f(y)\n", name: "b.py")
        }
        // It reads with the model that is there.
        other.loadModel = { throw ModelError.noTokens }
        inputs.others = [other]
        return try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40)), inputs: inputs, waits: waits)
    }

    @Test func eachTextKeepsWhatWasReadOfIt() throws {
        var player = try player()
        player.play(try KeyScript(parsing: ": text:40 Enter ] Enter l"))
        let first = player.state
        player.play(try KeyScript(parsing: "F12"))
        #expect(player.state.sources.text.value?.name == "b.py" && player.state.lens?.recording.isComplete == true)
        #expect(player.state.focus.cursor < player.state.tokenCount && player.state.tokenCount < 60)
        player.play(try KeyScript(parsing: "l l F6 F11"))
        #expect(player.state.lens?.recording == first.lens?.recording && player.state.focus == first.focus)
        #expect(player.state.panels != first.panels, "the panels are those of the screen")
        player.play(try KeyScript(parsing: "3 F12 size:80x24 Ctrl-O"))
        let lines = player.frame().lines.joined(separator: "\n")
        #expect(lines.contains("Open texts and models") && lines.contains("▸ b.py") && lines.contains("alice.txt"))
        #expect(lines.contains(" MB") && player.state.size == Size(width: 80, height: 24))
        player.play(try KeyScript(parsing: "k Enter"))
        #expect(player.state.sources.text.value?.name == "alice.txt")
    }

    @Test func whatIsClosedIsGoneAndWhatIsForgottenIsReadAgain() throws {
        var player = try player()
        player.play(try KeyScript(parsing: "F12"))
        let ids = player.state.sessions.entries.map(\.id)
        player.play(try ActionScript(parsing: "session.list; session.pick 1; session.close"))
        #expect(player.state.notice?.text == "what is on the screen cannot be closed")
        #expect(player.state.sessions.bytesOfOthers > 0)
        var state = player.state
        // Memory is short: what the others have read goes, and the run begins again.
        state.runs.running = RunProgress(scenario: state.ownScenario, total: 20)
        let effects = state.update(.run(.limited(state.ownScenario, tokens: 3, wanted: 20)))
        #expect(effects.map(\.label) == ["session", "cancelRun"])
        #expect(state.update(.run(.cancelled(state.ownScenario))).isEmpty == state.isComplete(state.runs.kept.plain))
        player.play(try ActionScript(parsing: "session.pick 0; session.close"))
        #expect(player.state.sessions.entries.map(\.id) == Array(ids.dropFirst()))
        player.play(try KeyScript(parsing: "Escape Escape F12"))
        #expect(player.state.notice?.text.contains("nothing else is open") == true)
    }

    @Test func anotherModelKeepsTheFirstOne() throws {
        var inputs = Samples.inputs()
        inputs.loadText = { try Document(ids: FamilySamples.ids, tokenizer: nil).text }
        inputs.tokenise = { _, _ in try Document(ids: FamilySamples.ids, tokenizer: nil) }
        inputs.loadModel = { try Model(contentsOf: Fixture.path("hf/gpt2"), needsTokenizer: false) }
        inputs.openModel = { try Model(contentsOf: $0, needsTokenizer: false) }
        inputs.listModels = { [ModelSummary(place: "here", name: "llama", path: Fixture.path("hf/llama_tied"))] }
        var player = try ScreenPlayer(state: AppState(size: Size(width: 120, height: 40)), inputs: inputs)
        let first = player.state.lens?.recording
        player.play(try KeyScript(parsing: "O Enter wait"))
        #expect(player.state.sources.model.value?.name == "llama_tied" && player.state.sessions.entries.count == 2)
        player.play(try KeyScript(parsing: "F12"))
        #expect(player.state.sources.model.value?.name == "gpt2" && player.state.lens?.recording == first)
    }

    @Test func oneTextAlone() throws {
        var player = try ScreenPlayer(state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs())
        player.play(try KeyScript(parsing: "F12 F11 Ctrl-O x j k Enter"))
        #expect(player.state.overlay == nil && player.state.sessions.entries.count == 1)
    }
}

import RopewalkCellGrid
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkApp

/// Pasted text is never run as keys.
struct PasteTests {
    @Test func noKeyIsRun() throws {
        var state = try Samples.stateWithModel()
        let before = state
        #expect(state.update(.pasted("q\u{1A}m\u{1B}[A:50%\r\nj")).isEmpty)
        guard case .pasted(let pasted) = state.overlay else {
            Issue.record("nothing is asked")
            return
        }
        // A terminal sends a return for an end of a line.
        #expect(pasted.text.string(0..<99) == "q\u{1A}m\u{1B}[A:50%\nj")
        try state.press("n")
        #expect(state == before)
    }

    @Test func aPromptTakesItAsOneLine() throws {
        var state = try Samples.state()
        try state.press("/")
        _ = state.update(.pasted("White\nRabbit\u{1B}\t" + String(repeating: "x", count: 1_000_000)))
        guard case .prompt(let prompt) = state.overlay else {
            Issue.record("the prompt is closed")
            return
        }
        #expect(prompt.text.hasPrefix("White Rabbit  xxx") && prompt.text.count == 400)
    }

    /// It goes in where the line is edited, and Enter takes it as if it had been typed.
    @Test func aPromptTakesItWhereTheLineIsEdited() throws {
        var state = try Samples.stateWithModel()
        try state.press(": 1 2 Left")
        _ = state.update(.pasted("0\r"))
        guard case .prompt(let prompt) = state.overlay else {
            Issue.record("the prompt is closed")
            return
        }
        #expect(prompt.text == "10 2")
        try state.press("Escape M")
        _ = state.update(.pasted("k <= q &&\nq - k < 8"))
        try state.press("Enter")
        #expect(state.scenario.specs == ["expr:k <= q && q - k < 8"] && state.overlay == nil)
    }

    /// A mark's letter that is waited for, or a number, does not wait behind the question.
    @Test(arguments: ["\"", "'", "1 2"]) func halfAKeyIsForgotten(keys: String) throws {
        var state = try Samples.stateWithModel()
        try state.press(keys)
        #expect(state.pendingKeys != nil)
        _ = state.update(.pasted("Call me Ishmael."))
        #expect(state.pendingKeys == nil)
        let before = state.focus.cursor
        try state.press("n l")
        #expect(state.focus.cursor == before + 1 && state.places.marks.isEmpty)
    }

    @Test func whatCannotBeReadIsRefused() throws {
        var state = try Samples.stateWithModel()
        _ = state.update(.pasted(" \r\n\t"))
        #expect(state.overlay == nil && state.notice?.text == "4 bytes were pasted, all of them blank")
        _ = state.update(.pasted("a\0b"))
        #expect(state.overlay == nil && state.notice?.kind == .error)
        try state.press("m")
        _ = state.update(.pasted("y"))
        #expect(state.notice?.text.contains("close this list") == true)
    }

    @Test(arguments: [(120, 40), (80, 24), (60, 16), (1, 1)]) func theQuestionSaysHowMuch(width: Int, height: Int)
        throws
    {
        var state = try Samples.stateWithModel(width: width, height: height)
        _ = state.update(.pasted("Call me Ishmael.\rSome years ago—\u{1B}[31mnever mind"))
        let lines = state.draw().lines
        guard width >= 60 else { return }
        #expect(lines.contains { $0.contains("49 bytes in 2 lines were pasted") })
        #expect(lines.contains { $0.contains("Call me Ishmael.") })
        #expect(lines.contains { $0.contains("y read  n leave") })
        #expect(lines.allSatisfy { !$0.contains("\u{1B}") })
    }

    @Test func itIsReadInPlaceOfTheText() throws {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs(text: Samples.prose))
        player.play(try ActionScript(parsing: "method window:size=8; head 2.3; wait"))
        player.paste("Call me Ishmael. Some years ago, never mind how long precisely.")
        player.play(try KeyScript(parsing: "y wait"))
        let state = player.state
        #expect(state.overlay == nil && state.sources.text.value?.name == "pasted text")
        #expect(state.sources.text.value?.bytes.count == 63)
        #expect(state.scenario.specs == ["window:size=8"])
        #expect(state.focus.layer == 2 && state.focus.head == 3)
        #expect(state.sources.model.value?.path == Samples.modelPath)
        #expect(state.runs.kept.plain?.main?.tokens == state.tokenCount)
    }

    @Test func aModelBesideStaysBeside() throws {
        var inputs = Samples.inputs()
        let other = Fixture.path("gguf/small_bpe_Q8_0/model.gguf")
        inputs.listModels = { [ModelSummary(place: "LM Studio", name: "small", path: other)] }
        var player = try ScreenPlayer(state: AppState(size: Size(width: 120, height: 40)), inputs: inputs)
        player.play(try KeyScript(parsing: "O b wait"))
        player.paste("Call me Ishmael.")
        player.play(try KeyScript(parsing: "y wait"))
        #expect(player.state.second?.model.value?.path == other)
        #expect(player.state.sources.text.value?.name == "pasted text")
    }

    @Test func aModelWithoutTokenizerSaysSo() throws {
        var inputs = Samples.inputs()
        inputs.loadModel = { try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false) }
        var player = try ScreenPlayer(state: AppState(size: Size(width: 120, height: 40)), inputs: inputs)
        player.paste("Call me Ishmael.")
        player.play(try KeyScript(parsing: "y"))
        #expect(player.state.notice?.text.contains("llama_default has no tokenizer") == true)
    }
}

import RopewalkCellGrid
import Testing

@testable import RopewalkApp

/// Pasted text is never run as keys.
struct PasteTests {
    @Test func noKeyIsRun() throws {
        var state = try Samples.stateWithModel()
        let before = state
        #expect(state.update(.pasted("q\u{1A}m\u{1B}[A:50%\r\nj")).isEmpty)
        #expect(state.notice?.text.contains("13 bytes were pasted") == true)
        state.notice = nil
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
}

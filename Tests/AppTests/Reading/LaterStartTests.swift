import RopewalkCellGrid
import RopewalkDocuments
import Testing

@testable import RopewalkApp

/// A text that is read from a later token on: what comes before is seen, and not gone to.
@Suite struct LaterStartTests {
    private func player() throws -> ScreenPlayer {
        let text = (1...60).map { "Line number \($0) of a long text about a rabbit and a watch." }.joined(
            separator: "\n")
        var inputs = Samples.inputs(text: text)
        inputs.tokenise = { text, _ in
            try Document(text: text, tokenizer: Samples.tokenizer.get())
        }
        var state = AppState(size: Size(width: 120, height: 40))
        state.sources.from = 300
        return try ScreenPlayer(state: state, inputs: inputs)
    }

    @Test func theStartIsSaidAndTheTextBeforeIsSeen() throws {
        var player = try player()
        #expect(player.state.notice?.text.contains("reading begins at token 300") == true)
        #expect(player.state.firstReadByte > 0 && player.state.window.top <= player.state.firstReadByte)
        #expect(player.frame().lines[0].contains("from 300"))
        player.play(try KeyScript(parsing: "g k k k"))
        #expect(player.state.focus.cursor == 0 && player.state.window.top < player.state.firstReadByte)
        player.play(try KeyScript(parsing: "l"))
        #expect(player.state.focus.cursor == 1)
    }

    @Test func whatComesBeforeIsLookedAt() throws {
        var player = try player()
        player.play(try KeyScript(parsing: "g / text:\"number 2 of\" Enter"))
        #expect(player.state.focus.cursor == 0 && player.state.notice?.text.contains("before the part") == true)
        #expect(player.frame().lines.joined().contains("Line number 2 of"))
        player.play(try KeyScript(parsing: "Escape Escape"))
        #expect(player.state.window.gaze == nil && player.state.window.top > 0)
        player.play(try KeyScript(parsing: ": text:L2 Enter"))
        #expect(player.state.focus.cursor == 0 && player.state.window.gaze != nil)
        player.play(try KeyScript(parsing: "j j k PageDown PageUp size:90x30"))
        #expect(player.state.focus.cursor == 0 && player.state.window.gaze != nil)
        player.play(try KeyScript(parsing: "/ text:\"number 59 of\" Enter"))
        #expect(player.state.focus.cursor > 0)
        player.play(try KeyScript(parsing: "Q @ P ! ~ ~ ~ &"))
        _ = player.frame()
    }
}

import RopewalkCellGrid
import RopewalkDocuments
import Testing

@testable import RopewalkApp

/// The sample model cuts Chinese characters into their bytes: they are stepped over and named as the characters that they
/// are.
@Suite struct CharacterStepTests {
    private static let text = "ab 学而时 c"

    @Test func stepsGoByCharactersOrByTokens() throws {
        var state = try Samples.state(text: Self.text)
        let document = try #require(state.queryDocument)
        let first = try #require(document.token(atByte: 3))
        let parts = try #require(document.characterPart(ofToken: first)).parts
        #expect(parts > 1)
        state.focus.cursor = first
        try state.press("l")
        #expect(state.focus.cursor == first + parts)
        try state.press("h h l 2 l")
        #expect(document.characterPart(ofToken: state.focus.cursor)?.part == 1)
        #expect(document.byteRange(ofToken: state.focus.cursor).lowerBound == 9)
        // From within a character back to its first part.
        state.focus.cursor = first + 1
        try state.press("h")
        #expect(state.focus.cursor == first)
        try state.press("Ctrl-N l")
        #expect(state.focus.cursor == first + 1 && state.appearance.step == .tokens)
        try state.press("Ctrl-N l")
        #expect(state.focus.cursor == first + parts)
        state.focus.cursor = document.tokenCount - 1
        try state.press("l")
        #expect(state.focus.cursor == document.tokenCount - 1)
        state.focus.cursor = 0
        try state.press("h")
        #expect(state.focus.cursor == 0)
    }

    @Test func partsAreNamedByTheirCharacter() throws {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 160, height: 50)), inputs: Samples.inputs(text: Self.text))
        let document = try #require(player.state.queryDocument)
        let first = try #require(document.token(atByte: 3))
        let name = document.wholeName(ofToken: first)
        #expect(name.hasPrefix("学 1/"))
        player.play(try ActionScript(parsing: "goto token \(first); note here"))
        #expect(player.state.notice?.text.contains(name) == true)
        player.play(try ActionScript(parsing: "preset all; wait"))
        for page in ["keys", "readers", "received", "surprises"] {
            player.play(try ActionScript(parsing: "ask \(page); wait"))
            #expect(!player.frame().lines.joined().contains("\\x"), "\(page)")
        }
    }
}

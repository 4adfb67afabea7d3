import RopewalkCellGrid
import Testing

@testable import RopewalkApp

@Suite struct ThemeChoiceTests {
    /// Styles of the whole screen: nothing of the other ground's is left on it.
    private func styles(_ state: AppState) -> Set<Style> {
        var answers = Answers()
        return Set(answers.frame(of: state).cells.map(\.style))
    }

    @Test func theTerminalSaysItAndTheKeyOverrulesIt() throws {
        var state = try Samples.state()
        #expect(state.ground == .dark)
        _ = state.update(Message(.ground(.light)))
        #expect(state.ground == .light)
        let light = Theme(depth: .indexed256, ground: .light)
        #expect(styles(state).contains(light.focusedBorder))
        #expect(!styles(state).contains(Theme(depth: .indexed256).focusedBorder))
        try state.press("Ctrl-T")
        #expect(state.ground == .dark && state.appearance.theme == .dark)
        #expect(state.notice?.text == "colours for a background that is dark")
        // What was chosen by hand stays.
        _ = state.update(Message(.ground(.light)))
        #expect(state.ground == .dark)
        _ = state.update(.asked(try Action(parsing: "theme auto")))
        #expect(state.ground == .light && state.notice?.text.hasSuffix("light, as the terminal is") == true)
    }

    /// Another model or text opens on the same ground.
    @Test func itStaysWithTheTerminal() throws {
        var state = try Samples.state()
        _ = state.update(Message(.ground(.light)))
        #expect(state.reopened().ground == .light)
    }
}

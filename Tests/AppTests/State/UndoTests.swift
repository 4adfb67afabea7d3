import RopewalkCellGrid
import RopewalkMethods
import Testing

@testable import RopewalkApp

@Suite struct UndoTests {
    @Test func whatChangedTheViewComesBack() throws {
        var state = try Samples.stateWithModel()
        let first = ChosenView(state)
        state.take(.asked(try Action(parsing: "method yarn:factor=4")))
        state.take(.asked(try Action(parsing: "preset mask")))
        state.take(.asked(try Action(parsing: "colours magma")))
        let last = ChosenView(state)
        try state.press("Ctrl-U")
        #expect(state.appearance.colourMap == .viridis && state.notice?.text == "undone: colours · 2 more")
        try state.press("Ctrl-U Ctrl-U")
        #expect(ChosenView(state).scenario == first.scenario && state.panels == first.panels)
        try state.press("Ctrl-U")
        #expect(state.notice?.text == "nothing that changed the view can be undone")
        try state.press("Ctrl-Y Ctrl-Y Ctrl-Y")
        #expect(state.scenario == last.scenario && state.panels == last.panels)
        #expect(state.appearance == last.appearance)
        try state.press("Ctrl-Y")
        #expect(state.notice?.text == "nothing that changed the view can be done again")
    }

    /// Ten steps along the text are one, and what was typed in one prompt is one.
    @Test func smallStepsAreTakenTogether() throws {
        var state = try Samples.stateWithModel()
        try state.press("l l l j j")
        let place = state.focus.cursor
        try state.press("M text:q-k<9 Enter")
        #expect(!state.scenario.isPlain)
        try state.press("Ctrl-U")
        #expect(state.scenario.isPlain && state.focus.cursor == place)
        try state.press("Ctrl-U")
        #expect(state.focus.cursor == 0 || state.focus.cursor < place)
        #expect(state.history.past.isEmpty)
    }

    /// After something else was done, what was undone is gone.
    @Test func aNewStepEndsWhatCanBeRedone() throws {
        var state = try Samples.stateWithModel()
        try state.press("s p Ctrl-U s")
        #expect(state.history.future.isEmpty)
        try state.press("Ctrl-Y")
        #expect(state.notice?.text == "nothing that changed the view can be done again")
    }

    /// Other tokens, as of another part of the text: no place of before is one of theirs.
    @Test func anotherReadingBeginsAnew() throws {
        var state = try Samples.stateWithModel()
        try state.press("s p")
        #expect(!state.history.past.isEmpty)
        _ = state.update(.sources(.tokenised(try Samples.document("Alice."))))
        #expect(state.history.past.isEmpty)
    }
}

import RopewalkCellGrid
import Testing

@testable import RopewalkApp

/// Keys of the reader's own stand wherever keys are named.
@Suite struct ReboundKeysTests {
    private func state(_ keys: [String: String], width: Int = 120, height: Int = 40) throws -> AppState {
        var state = try Samples.player(Size(width: width, height: height)).state
        let own = try keys.map { (try #require(KeyNames.key($0.key)), try Action(parsing: $0.value)) }
        state.begin(with: [], keys: Dictionary(uniqueKeysWithValues: own))
        return state
    }

    @Test func helpStatusLineBordersAndTheListOfActionsNameThem() throws {
        var state = try state(["Ctrl-V": "method.menu", "m": "heads.sort", "]": "move.start", "Ctrl-D": "map.whole"])
        let status = try #require(state.draw().lines.last)
        #expect(status.contains("Ctrl-V methods") && !status.contains(" m methods") && !status.contains("[ ]"))
        #expect(status.contains("[ layer"))
        #expect(state.draw().lines.joined().contains("m: by retrieval"))
        #expect(state.keyName(of: .methods(.menu)) == "Ctrl-V")
        #expect(state.keyName(of: .kept(.note("x"))) == ":note x")
        try state.press("Ctrl-P text:method.menu")
        #expect(state.draw().lines.joined().contains("Ctrl-V"))
        try state.press("Escape ?")
        var sheet = ""
        for _ in 0..<30 {
            sheet += state.draw().lines.joined()
            try state.press("j j j j j")
        }
        #expect(sheet.contains("Ctrl-V m ") == false && sheet.contains("Ctrl-V         choose methods"))
        #expect(sheet.contains("Ctrl-D 0") && sheet.contains("] g Home"))
        // In an open list keys are as ever.
        try state.press("Escape Ctrl-V j m")
        #expect(state.overlay == nil)
    }

    @Test func sentencesNameThem() throws {
        var state = try state([
            "Ctrl-D": "save.prompt", "Ctrl-V": "places outline", "F1": "actions", "e": "move.start",
        ])
        _ = state.update(.asked(.kept(.note("x"))))
        #expect(state.notice?.text.contains("Ctrl-V lists notes, Ctrl-D writes them") == true)
        try state.press("Escape \u{e9}")
        #expect(state.notice?.text.contains("F1 lists what can be done") == true)
        state.runs.isPaused = true
        state.focus.cursor = 10_000
        #expect(PanelReadiness(state).wait?.contains("e goes on") != true)
    }

    /// A key whose action has no binding is explained by what the action does.
    @Test func anActionWithoutAKeyGetsALine() throws {
        var state = try state(["Ctrl-V": "place.back +3"], width: 200, height: 60)
        try state.press("?")
        #expect(state.draw().lines.joined().contains("back to where the cursor was"))
        #expect(state.bindings.contains { $0.keys == [.control("v")] })
    }
}

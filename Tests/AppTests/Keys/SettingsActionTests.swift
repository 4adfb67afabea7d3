import Testing

@testable import RopewalkApp

/// Who wants to change a key is told where, under the words that he has for it.
struct SettingsActionTests {
    @Test func itSaysWhereKeysAreSet() throws {
        var state = try Samples.state()
        state.take(.asked(try Action(parsing: "settings")))
        #expect(state.notice?.text.contains("ropewalk/settings.json") == true)
        #expect(state.notice?.isRefusal == false)
    }

    @Test(arguments: ["bind", "rebind", "preferences", "shortcut"]) func itIsFoundBy(_ word: String) throws {
        var state = try Samples.state()
        try state.press("Ctrl-P text:\(word)")
        guard case .finder(let finder) = state.overlay else { return #expect(Bool(false), "the list is open") }
        #expect(finder.found.contains { $0.name == "settings" })
    }
}

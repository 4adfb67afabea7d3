import RopewalkCellGrid
import RopewalkPhrases
import Testing

@testable import RopewalkApp

/// Who looks for something by other words than the program's finds it, and reads nothing twice.
@Suite struct FinderWordsTests {
    private func lines(_ typed: String, _ size: Size = Size(width: 120, height: 40)) throws -> [String] {
        var state = try Samples.stateWithModel(width: size.width, height: size.height)
        try state.press("Ctrl-P text:\"\(typed)\"")
        return state.draw().lines
    }

    @Test(arguments: [
        ("figure", "save"), ("export", "save"), ("picture", "save"), ("compare methods", "method.menu"),
        ("compare methods", "preset rotation"), ("compare position", "rotation.mode methods"), ("shortcuts", "help"),
        ("side by side", "text.keep"), ("keep project", "session.save"),
    ])
    func otherWordsFindIt(typed: String, action: String) throws {
        for size in [Size(width: 120, height: 40), Size(width: 80, height: 24)] {
            let found = try lines(typed, size).dropFirst(2).prefix(12)
            #expect(found.contains { $0.contains(" \(action) ") }, "\(typed) at \(size.width)")
        }
    }

    /// Who reads Chinese may type either language.
    @Test(arguments: [("compare", "preset rotation"), ("比较", "preset rotation"), ("export", "figure.prompt")])
    func aChineseListIsFoundInByBothLanguages(typed: String, action: String) throws {
        var state = try Samples.stateWithModel(width: 80, height: 24)
        state.appearance.language = .chinese
        _ = try Language.with(.chinese) { try state.press("Ctrl-P text:\(typed)") }
        guard case .finder(let finder) = state.overlay else { return #expect(Bool(false), "the list is open") }
        #expect(finder.chosen?.name == action, "\(finder.found.prefix(3).map(\.name))")
    }

    /// What has room in the line of an action is not said below once more; why it is not possible is, at every size.
    @Test func nothingIsSaidTwice() throws {
        let wide = try lines("page down", Size(width: 200, height: 60))
        #expect(wide.filter { $0.contains("page down") }.count == 2, "what was typed, and one line")
        for size in [Size(width: 200, height: 60), Size(width: 120, height: 40), Size(width: 80, height: 24)] {
            #expect(try lines("menu.compare", size).joined().contains("not now: the method menu is closed"))
        }
    }

    @Test func tabSaysWhatCanBeWritten() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: "Ctrl-S Tab"))
        #expect(player.state.notice?.text.contains("losses, steps, map") == true)
        #expect(player.state.notice?.text.contains(".svg") == true)
    }

    @Test func theMenuSaysHowToGoOn() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: "m j j Enter Escape"))
        let notice = try #require(player.state.notice)
        #expect(notice.text.contains("compares it with others in Loss"))
        player.play(try KeyScript(parsing: "p m Escape"))
        #expect(player.state.notice == nil, "nothing else was chosen")
    }

    /// What a newcomer wants to do comes before what is called so: comparing methods is not comparing masks.
    @Test(arguments: [
        ("compare", "preset rotation"), ("positions", "preset rotation"), ("export", "figure.prompt"),
        ("picture", "figure.prompt"), ("mask compare", "mask.page compare"),
    ])
    func whatIsWantedComesFirst(typed: String, action: String) throws {
        for size in [Size(width: 120, height: 40), Size(width: 80, height: 24)] {
            let lines = try lines(typed, size)
            let typedAt = try #require(lines.firstIndex { $0.contains("> \(typed)") })
            #expect(lines[typedAt + 1].contains(" \(action) "), "\(lines[typedAt + 1])")
        }
    }

    /// Comparing methods by what the screen says alone: a small screen has the curves on its second page, and says so.
    @Test func theOtherPageIsTold() throws {
        for (width, told) in [(80, true), (120, false)] {
            var state = try Samples.stateWithModel(width: width, height: width == 80 ? 24 : 40)
            try state.press("Ctrl-P text:compare Enter")
            #expect(state.panels.preset == .rotation)
            #expect(state.notice?.text == (told ? "p turns the page: Loss, Distance" : nil))
            try state.press(told ? "p" : "Tab")
            #expect(state.layout.panels[.loss] != nil && state.layout.panels[.distance] != nil)
        }
    }
}

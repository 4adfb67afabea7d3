import RopewalkCellGrid
import Testing

@testable import RopewalkApp

@Suite struct FinderTests {
    private func finder(_ state: AppState) throws -> ActionFinder {
        guard case .finder(let finder) = state.overlay else {
            Issue.record("the list is closed")
            return ActionFinder([])
        }
        return finder
    }

    private func picture(_ state: AppState) -> [String] {
        var answers = Answers()
        return answers.frame(of: state).lines
    }

    /// Every form of every action is in the list; the examples of those that take one of some names are, too.
    @Test func everythingThatCanBeDoneIsThere() throws {
        var state = try Samples.stateWithModel()
        try state.press("Ctrl-P")
        let finder = try finder(state)
        for form in ActionForm.all {
            let entries = finder.found.filter { $0.name == form.name || $0.name.hasPrefix(form.name + " ") }
            #expect(!entries.isEmpty, "\(form.name)")
        }
        for entry in finder.found {
            if let action = entry.action { #expect(action.text == entry.name) } else { #expect(!entry.takes.isEmpty) }
        }
        for name in ["scale quantile", "preset mask", "theme light", "layer.step -1", "goto place", "mask.blocks 128"] {
            #expect(finder.found.contains { $0.name == name }, "\(name)")
        }
    }

    @Test func lettersFindAndEnterDoesIt() throws {
        var state = try Samples.stateWithModel()
        try state.press("Ctrl-P text:quant")
        #expect(try finder(state).chosen?.name == "scale quantile")
        try state.press("Enter")
        #expect(state.overlay == nil && state.appearance.scale == .quantile)
        // How things stand, and what the key is.
        try state.press("Ctrl-P text:scale")
        let entries = try finder(state).found.filter { $0.name.hasPrefix("scale ") }
        #expect(entries.filter(\.isSo).map(\.name) == ["scale quantile"])
        #expect(entries.first { $0.name == "scale next" }?.keys == "s")
        #expect(picture(state).contains { $0.contains("● scale quantile") })
        try state.press("Escape")
        #expect(state.overlay == nil)
    }

    @Test func keysAreFoundByTheirNames() throws {
        var state = try Samples.stateWithModel()
        for (key, name) in [("Z", "text.keep"), ("Ctrl-T", "theme next"), ("~", "text.paint next")] {
            try state.press("Ctrl-P text:\(key)")
            let found = try finder(state).chosen
            #expect(found?.keys.contains(key) == true, "\(key): \(found?.name ?? "") for \(name)")
            try state.press("Escape")
        }
    }

    /// What is not possible says why, and stays where it is.
    @Test func whatIsNotPossibleSaysWhy() throws {
        var state = try Samples.stateWithModel()
        try state.press("Ctrl-P text:kind")
        let entry = try #require(try finder(state).found.first { $0.name == "kind next" })
        #expect(entry.obstacle == "books-4m has one kind of attention: decoder")
        let index = try #require(try finder(state).found.firstIndex(of: entry))
        state.take(.asked(.finder(.pick(index))))
        #expect(picture(state).contains { $0.contains("not now: books-4m has one kind of attention") })
        try state.press("Enter")
        #expect(state.notice?.text == entry.obstacle)
        #expect(try finder(state).chosen == entry)
    }

    /// An action that takes more than a list can show asks for it, and says what is wrong with an answer.
    @Test func whatIsMissingIsAskedFor() throws {
        var state = try Samples.stateWithModel()
        try state.press("Ctrl-P text:goto Space text:token")
        #expect(try finder(state).chosen?.name == "goto token")
        try state.press("Enter")
        #expect(picture(state).last?.contains("goto token (TOKEN):") == true)
        try state.press("text:x")
        guard case .prompt(let prompt) = state.overlay else {
            Issue.record("no prompt")
            return
        }
        #expect(prompt.problem?.text.contains("takes TOKEN") == true)
        try state.press("Backspace text:12 Enter")
        #expect(state.overlay == nil && state.focus.cursor == 12)
    }

    /// The focused panel's own keys come first in the list and on the sheet.
    @Test func theFocusedPanelComesFirst() throws {
        var state = try Samples.stateWithModel()
        try state.press("F5 F5 F5 Ctrl-P")
        let own = try finder(state).found.prefix { $0.isOfPanel }
        #expect(own.contains { $0.name == "mask.select +1" } && own.count >= 3)
        try state.press("Escape ?")
        #expect(picture(state).contains { $0.contains("Mask, which has the focus") })
        // The sheet can be searched, and what is found is done.
        try state.press("/ text:scale Space text:lin Enter")
        #expect(state.overlay == nil && state.appearance.scale == .linear)
    }

    @Test func theColonTakesActionsToo() throws {
        var state = try Samples.stateWithModel()
        try state.press(": text:preset Space text:mask Enter")
        #expect(state.panels.preset == .mask)
        try state.press(": text:7 Enter")
        #expect(state.focus.cursor == 7)
        try state.press(": text:colo Tab text:m Tab Enter")
        #expect(state.appearance.colourMap == .magma)
        try state.press(": text:scale Space text:cubic")
        guard case .prompt(let prompt) = state.overlay else {
            Issue.record("no prompt")
            return
        }
        #expect(prompt.problem?.text.contains("next | linear | logarithmic | quantile") == true)
        try state.press("Enter")
        #expect(state.notice?.text.contains("after its name the action takes") == true)
        try state.press(": text:flyaway")
        guard case .prompt(let other) = state.overlay else {
            Issue.record("no prompt")
            return
        }
        #expect(other.problem?.text.hasSuffix("no action begins so") == true)
    }

    @Test func unknownKeysSaySo() throws {
        var state = try Samples.state()
        for key in ["字"] {
            try state.press(key)
            #expect(state.notice?.text == "\(key) does nothing here; Ctrl-P lists what can be done")
        }
    }

    @Test func theMouseChooses() throws {
        var state = try Samples.stateWithModel(width: 80, height: 24)
        try state.press("Ctrl-P text:colours")
        let row = try #require(picture(state).firstIndex { $0.contains("colours grey") })
        try state.press("mouse:20,\(row) mouse:20,\(row)")
        #expect(state.overlay == nil && state.appearance.colourMap == .grey)
    }

    /// Whatever is typed, at whatever size: the list says how many more there are.
    @Test(arguments: [(40, 10), (80, 24), (200, 60)]) func itFits(_ width: Int, _ height: Int) throws {
        var state = try Samples.stateWithModel(width: width, height: height)
        try state.press("Ctrl-P")
        #expect(picture(state).contains { $0.contains("more below") })
        try state.press("text:zzzzzq")
        #expect(try finder(state).found.isEmpty)
        #expect(picture(state).contains { $0.contains("Nothing has these letters") } || height < 12)
        try state.press("Enter")
        #expect(state.notice?.text == "nothing has these letters")
    }
}

@Suite struct FuzzyMatchTests {
    @Test func betterPlacesScoreMore() throws {
        func score(_ typed: String) -> Int? {
            FuzzyMatch.score(typed, name: "mask.page compare", meaning: "Mask: a page of the panel")
        }
        let order = ["mask.page compare", "mask", "compare", "panel", "omp", "ane", "mpcm"]
        let scores = try order.map { try #require(score($0), "\($0)") }
        for (better, worse) in zip(scores, scores.dropFirst()) { #expect(better > worse) }
        #expect(score("xyz") == nil && score("mask xyz") == nil && score("") == 0)
        #expect(score("PANEL compare") != nil)
    }
}

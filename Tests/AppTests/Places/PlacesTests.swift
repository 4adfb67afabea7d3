import RopewalkCellGrid
import RopewalkDocuments
import RopewalkMethods
import Testing

@testable import RopewalkApp

@Suite struct PlacesTests {
    private static let chapters = (1...3).map { chapter in
        "# Chapter \(chapter)\n\n" + (1...12).map { "Line \($0) of chapter \(chapter) is read.\n" }.joined()
    }.joined(separator: "\n")

    private func state(_ text: String = chapters) throws -> AppState {
        var state = try Samples.state(text: text)
        let text = try #require(state.sources.text.value)
        _ = state.update(.sources(.outlined(Outline(of: text))))
        return state
    }

    @Test func placesAreTypedInManyWays() throws {
        var state = try state()
        try state.press(": text:20 Enter : text:+100 Enter")
        #expect(state.focus.cursor == 120)
        try state.press(": text:-50 Enter")
        #expect(state.focus.cursor == 70)
        try state.press(": text:L4 Enter")
        #expect(state.cursorByte == "# Chapter 1\n\nLine 1 of chapter 1 is read.\n".utf8.count)
        try state.press(": text:\"ch 3\" Enter")
        #expect(state.sources.text.value?.string(state.cursorByte..<state.cursorByte + 11) == "# Chapter 3")
        try state.press(": text:+999999 Enter")
        #expect(state.focus.cursor == state.tokenCount - 1)
        for (typed, part) in [
            ("L900", "the text has 44 lines"), ("ch9", "the outline has 3"), ("x5", "give 1204"),
            ("99999", "from 0 to"),
        ] {
            let before = state.focus.cursor
            try state.press(": text:\(typed) Enter")
            #expect(state.notice?.text.contains(part) == true && state.focus.cursor == before, "\(typed)")
        }
        try state.press(": text:L")
        guard case .prompt(let prompt) = state.overlay else { return }
        #expect(prompt.problem == nil, "what is not finished is no mistake")
    }

    @Test func aNumberBeforeAKeySaysHowOften() throws {
        var state = try state()
        try state.press("5 l")
        #expect(state.focus.cursor == 5)
        try state.press("1 0")
        #expect(state.pendingKeys == "10 … p: IO" && state.draw().lines.last?.contains("10 …") == true)
        try state.press("l")
        #expect(state.focus.cursor == 15 && state.pendingKeys == nil)
        try state.press("3 Escape l")
        #expect(state.focus.cursor == 16)
        try state.press("4 G")
        #expect(state.sources.text.value?.line(containing: state.cursorByte) == 3)
        // Without a number 0 is a key of its own; with p a number is a panel.
        try state.press("0 3 p")
        #expect(!state.panels.shown.contains(.rotation) && state.pendingKeys == nil)
        try state.press("9 9 9 9 9 9 9 9 9 j")
        #expect(state.sources.text.value?.line(containing: state.cursorByte) == 43)
    }

    @Test func backLeadsWhereTheCursorWas() throws {
        var state = try state()
        try state.press("l l : text:40 Enter : text:90 Enter / text:chapter Enter")
        let hit = state.focus.cursor
        try state.press("j j u")
        #expect(state.focus.cursor == 90, "steps are no places")
        try state.press("Backspace")
        #expect(state.focus.cursor == 40)
        try state.press("2 u")
        #expect(state.focus.cursor == 2 && state.notice?.text == "this is the first place")
        try state.press("U U U")
        #expect(state.focus.cursor != 2 && state.focus.cursor >= hit)
        try state.press("U")
        #expect(state.notice?.text == "this is the last place")
        try state.press("' '")
        #expect(state.focus.cursor == 90)
    }

    /// A key that was chosen elsewhere is what one comes back with; one that `o` left behind is not.
    @Test func aChosenKeyComesAlong() throws {
        var state = try state()
        try state.press(": text:90 Enter : text:30 Enter Enter u")
        #expect(state.focus.cursor == 90 && state.focus.anchor == .token(30))
        try state.press("Escape : text:40 Enter u")
        #expect(state.focus.cursor == 90 && state.focus.anchor == .strongest(rank: 0))
        try state.press(": text:40 Enter % Enter u")
        #expect(state.focus.cursor == 90 && state.spans.keys != nil && state.focus.isAnchorChosen)
    }

    @Test func marksKeepThePlaceAndItsKey() throws {
        var state = try state()
        try state.press(": text:30 Enter Enter l l \" a g ' a")
        #expect(state.focus.cursor == 32 && state.focus.anchor == .token(30))
        try state.press("' z")
        #expect(state.notice?.text == "no mark 'z': there are a")
        try state.press("\" Escape l")
        #expect(state.focus.cursor == 33 && state.places.marks.count == 1)
    }

    @Test func paragraphsAndHeadings() throws {
        var state = try state()
        try state.press("f")
        #expect(state.sources.text.value?.line(containing: state.cursorByte) == 2)
        try state.press("Ctrl-F Ctrl-F")
        #expect(state.sources.text.value?.string(state.cursorByte..<state.cursorByte + 11) == "# Chapter 3")
        try state.press("Ctrl-F")
        #expect(state.notice?.text.contains("no heading follows") == true)
        try state.press("Ctrl-B F")
        #expect(state.sources.text.value?.line(containing: state.cursorByte) == 2)
        var plain = try Samples.state()
        try plain.press("Ctrl-F")
        #expect(plain.notice?.text == "no headings were found in the text")
    }

    @Test func listsOfPlaces() throws {
        var state = try state()
        try state.press("/ text:\"Line 7\" Enter J")
        let lines = state.draw().lines.joined(separator: "\n")
        #expect(lines.contains("Outline · 3 headings") && lines.contains("Chapter 2"))
        try state.press("j Enter")
        #expect(
            state.overlay == nil
                && state.sources.text.value?.string(state.cursorByte..<state.cursorByte + 11) == "# Chapter 2")
        try state.press("J Tab")
        #expect(state.draw().lines.joined().contains("Search · 3 hits"))
        try state.press("G Enter")
        #expect(state.hitCount == "hit 3 of 3")
        try state.press("J Tab Tab")
        #expect(state.draw().lines.joined().contains("No place is marked"))
        try state.press("Enter")
        #expect(state.notice?.text == "the list is empty")
    }

    /// What is typed is counted while it is typed, and a mistake is said where it is.
    @Test func searchesSayWhatTheyFind() throws {
        var state = try state()
        try state.press("/ text:re:Line\\s1[0-2]")
        guard case .prompt(let prompt) = state.overlay else { return }
        #expect(prompt.remark == "9 hits")
        try state.press("Enter")
        #expect(state.hitCount == "hit 1 of 9")
        try state.press("3 n")
        #expect(state.hitCount == "hit 4 of 9")
        try state.press("/ text:re:(a Enter")
        #expect(state.notice?.kind == .error && state.hitCount == "hit 4 of 9")
        try state.press("Escape / text:id:x Enter")
        #expect(state.notice?.text.contains("comes what to look for") == true)
    }
}

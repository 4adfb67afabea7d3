import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import Testing

@testable import RopewalkApp

/// Another part of the text is read: what was read stays until then, and places stay where they are.
@Suite struct ReadPartTests {
    private static let text = (1...4).map { chapter in
        let lines = (1...12).map { "Line \($0) of chapter \(chapter): a rabbit and a watch, and more of both.\n" }
        return "# Chapter \(chapter)\n\n" + lines.joined()
    }.joined(separator: "\n")

    private func player(tokens: Int? = 120, waits: Bool = true) throws -> ScreenPlayer {
        try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40), tokenLimit: tokens),
            inputs: Samples.inputs(text: Self.text), waits: waits)
    }

    private func string(_ state: AppState) -> String {
        state.sources.text.value?.string(state.cursorByte..<state.cursorByte + 12) ?? ""
    }

    /// Every row of a head, as a reading that began there has it.
    @Test func aPartIsReadAsIfReadingHadBegunThere() throws {
        var player = try player()
        player.play(try KeyScript(parsing: ": text:60 Enter"))
        _ = player.frame()
        player.play(try ActionScript(parsing: "read.from ch 3"))
        let from = player.state.sources.from
        #expect(from > 120 && player.state.tokenCount == 120 && player.state.runs.entering == nil)
        #expect(player.state.notice?.text.contains("reading begins at token") == true)
        var fresh = AppState(size: Size(width: 120, height: 40), tokenLimit: 120)
        fresh.sources.from = from
        let other = try ScreenPlayer(state: fresh, inputs: Samples.inputs(text: Self.text))
        let lenses = try [player, other].map { try #require($0.state.lens) }
        #expect(lenses[0].recording.isComplete && lenses[0].recording.ids == lenses[1].recording.ids)
        for query in [0, 1, 63, 119] {
            let rows = lenses.map { $0.row(layer: 2, head: 3, query: query)?.weights }
            #expect(rows[0] == rows[1])
        }
        var shown = [player, other]
        for index in shown.indices {
            _ = shown[index].frame()
            // The text may be scrolled otherwise.
            shown[index].play(try KeyScript(parsing: ": text:60 Enter Escape F2"))
        }
        // Nothing on the screen is of what was read before.
        #expect(shown[0].frame().lines == shown[1].frame().lines)
    }

    @Test func cursorAnchorAndMarksStayWhereTheyAre() throws {
        var player = try player(tokens: nil)
        player.play(try KeyScript(parsing: ": text:ch3 Enter f j l l l \" a j j Enter l l"))
        let (text, byte) = (string(player.state), player.state.cursorByte)
        let anchor = player.state.keyDocument?.byteRange(ofToken: player.state.focus.cursor - 2)
        player.play(try KeyScript(parsing: ": text:from Space text:ch Space text:2 Enter"))
        #expect(player.state.sources.from > 0 && player.state.cursorByte == byte && string(player.state) == text)
        guard case .token(let key) = player.state.focus.anchor else {
            return #expect(Bool(false), "the anchor is gone")
        }
        #expect(player.state.keyDocument?.byteRange(ofToken: key) == anchor)
        player.play(try KeyScript(parsing: "g ' a"))
        let marked = player.state.cursorByte
        // A mark that is outside now is looked at, and read again from there.
        player.play(try KeyScript(parsing: ": text:from Space text:ch4 Enter"))
        #expect(player.state.cursorByte > byte)
        player.play(try KeyScript(parsing: "' a"))
        #expect(player.state.window.gaze == marked)
        player.play(try KeyScript(parsing: "r Enter"))
        #expect(player.state.cursorByte == marked && player.state.window.gaze == nil)
    }

    @Test func chaptersAreReadOneByOne() throws {
        var player = try player()
        player.play(try KeyScript(parsing: "r n"))
        #expect(string(player.state).hasPrefix("# Chapter 2"))
        let end = player.state.firstUnreadByte ?? 0
        #expect(player.state.sources.text.value?.string(end..<end + 12).contains("# Chapter 3") == true)
        player.play(try KeyScript(parsing: "r n r n"))
        #expect(string(player.state).hasPrefix("# Chapter 4") && player.state.firstUnreadByte == nil)
        player.play(try KeyScript(parsing: "r n"))
        #expect(player.state.notice?.text == "the outline has no chapter after this one")
        player.play(try KeyScript(parsing: "Escape Escape r p"))
        #expect(string(player.state).hasPrefix("# Chapter 3"))
        player.play(try KeyScript(parsing: "r"))
        let lines = player.frame().lines.joined(separator: "\n")
        #expect(lines.contains("Read another part") && lines.contains("next: Chapter 4") && lines.contains(" MB"))
        player.play(try KeyScript(parsing: "j j j j j Enter"))
        #expect(player.state.sources.from == 0 && player.state.tokenCount == 120)
    }

    @Test func whatIsReadStaysUntilTheOtherPartHasBegun() throws {
        var player = try player(waits: false)
        player.play(try KeyScript(parsing: "wait : text:100 Enter r j j Enter"))
        let before = player.state.lens?.recording
        #expect(player.state.runs.entering != nil && before?.isComplete == true && player.state.sources.from == 0)
        #expect(player.state.isBusy)
        player.play(try KeyScript(parsing: "X"))
        #expect(player.state.runs.entering == nil && player.state.lens?.recording == before)
        #expect(player.state.notice?.text.contains("what is there stays") == true)
        player.play(try KeyScript(parsing: "r j j Enter wait"))
        #expect(player.state.sources.from > 0 && player.state.lens?.recording.isComplete == true)
    }

    @Test(arguments: [
        ("9999999", "the text has tokens from 0 to"), ("ch 9", "the text has tokens"), ("L3 to L2", "before it begins"),
        ("rabbit", "no place"), ("ch 2 to ch 9", "ends nowhere"), ("10 to 20 to 30", "no place"),
    ])
    func partsThatThereAreNot(_ place: String, _ why: String) throws {
        var player = try player()
        player.play(try ActionScript(parsing: "read.from \(place)"))
        #expect(player.state.notice?.text.contains(why) == true)
        #expect(player.state.sources.from == 0 && player.state.runs.entering == nil)
    }
}

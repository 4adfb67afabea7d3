import RopewalkCellGrid
import RopewalkViews
import Testing

@testable import RopewalkApp

/// Notes stand where they hide least, and lists say what they have no room for.
@Suite struct NoticePlaceTests {
    @Test func aNoteHidesNeitherCursorNorMoreThanItNeeds() throws {
        var state = try Samples.state(width: 80, height: 24)
        state.notice = Notice(.warning, "a short note")
        for token in [0, 40, state.tokenCount - 1] {
            state.moveCursor(to: token)
            state.notice = Notice(.warning, "a short note")
            let grid = state.draw()
            let theme = Theme(depth: state.depth)
            let cells = (0..<24).flatMap { y in (0..<80).map { grid[$0, y].style } }
            #expect(cells.contains(theme.cursor), "token \(token)")
            let row = try #require(grid.lines.first { $0.contains("a short note") })
            #expect(row.count > 30, "the rest of the row stays")
        }
    }

    @Test func aLongNoteSaysWhatItLeavesOut() throws {
        var state = try Samples.state(width: 60, height: 20)
        state.notice = Notice(.warning, Array(repeating: "many words", count: 80).joined(separator: " "))
        let lines = state.draw().lines.joined()
        #expect(lines.contains("more lines") && lines.contains("Notice"))
    }

    @Test func listsSayHowMuchIsHidden() throws {
        let rows = (0..<50).map { ListBox.Row(text: "row \($0)", facts: "") }
        for (selected, words) in [(0, "28 more below"), (49, "28 more above"), (25, "14 more above · 14 more below")] {
            var grid = Grid(size: Size(width: 100, height: 26))
            ListBox(title: "Rows", footer: "Esc", rows: rows, selected: selected, size: grid.size)
                .draw(on: &grid, theme: Theme(depth: .none))
            #expect(grid.lines.joined().contains(words), "\(selected)")
        }
    }

    /// Light colours on a dark terminal get a light ground; on a light one they need none.
    @Test func aChosenThemeHasAGroundOfItsOwn() throws {
        for depth in ColourDepth.allCases {
            var state = try Samples.state()
            state.depth = depth
            #expect(!state.paintsGround)
            try state.press("Ctrl-T")
            let grid = state.draw()
            let grounds = (0..<40).flatMap { y in (0..<120).map { grid[$0, y].style.background } }
            #expect(grounds.contains(.standard) == (depth == .none), "\(depth)")
            _ = state.update(.groundSeen(.light))
            #expect(!state.paintsGround)
        }
    }

    @Test func theHeaderCallsAnEditedTextChanged() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: "/ text:sister Enter Ctrl-W text:brother Enter wait"))
        #expect(player.frame().lines[0].contains("(changed)"))
    }

    @Test func rotationSaysWhichQueryItSpeaksOf() throws {
        var player = try Samples.player(Size(width: 160, height: 50))
        player.play(try ActionScript(parsing: "goto token 30"))
        #expect(!player.frame().lines.joined().contains("not of the selection"))
        player.play(try KeyScript(parsing: "| l l"))
        #expect(player.frame().lines.joined().contains("of the cursor 32, not of the selection"))
    }
}

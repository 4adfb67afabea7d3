import RopewalkCellGrid
import RopewalkDocuments
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

/// Lines that are not wrapped.
struct LinesTests {
    private func isSeen(_ state: AppState) throws -> Bool {
        let layout = try #require(state.textLayout)
        let row = layout.row(containing: state.cursorByte)
        let column = layout.column(ofByte: state.cursorByte, in: row)
        return (state.window.left..<state.window.left + layout.width).contains(column)
    }

    /// Rows are the lines of the file; the cursor is on the screen wherever it goes, and a press finds what is drawn.
    @Test(arguments: [(80, 24), (120, 40), (40, 12)]) func theCursorIsFollowedSideways(size: (Int, Int)) throws {
        var player = try AskPlay.player("g Ctrl-K", size: Size(width: size.0, height: size.1))
        #expect(player.state.textLayout?.wraps == false && player.state.window.left == 0)
        var lefts: Set<Int> = []
        for _ in 0..<60 {
            player.play(try KeyScript(parsing: "l l l"))
            #expect(try isSeen(player.state))
            lefts.insert(player.state.window.left)
            let document = try #require(player.state.queryDocument)
            let name = document.displayName(ofToken: player.state.focus.cursor).filter(\.isLetter)
            // Parts of characters have names that are not in the text.
            guard !name.isEmpty, name.utf8.count == name.count, !name.hasPrefix("x") else { continue }
            #expect(player.frame().lines.contains { $0.contains(name) })
        }
        #expect(lefts.count > 2)
        player.play(try KeyScript(parsing: "Ctrl-K"))
        #expect(player.state.window.left == 0 && player.state.textLayout?.wraps == true)
    }

    @Test func theBorderSaysFromWhichColumn() throws {
        var player = try AskPlay.player("g Ctrl-K z", size: Size(width: 80, height: 24))
        for _ in 0..<60 where player.state.window.left == 0 { player.play(try KeyScript(parsing: "l")) }
        let left = player.state.window.left
        #expect(left > 0 && player.frame().lines[1].contains("from column \(left + 1)"))
        let line = try #require(player.state.textLayout).row(containing: player.state.cursorByte)
        let text = try #require(player.state.sources.text.value)
        #expect(text.bytes[line.bytes.upperBound - 1] == 0x0A)
        player.play(try KeyScript(parsing: "j"))
        #expect(player.state.cursorByte >= line.bytes.upperBound)
    }
}

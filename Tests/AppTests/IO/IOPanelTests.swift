import RopewalkCellGrid
import RopewalkLens
import RopewalkViews
import Testing

@testable import RopewalkApp

@Suite struct IOPanelTests {
    private func text(_ player: ScreenPlayer) -> String {
        var player = player
        return player.frame().lines.joined(separator: "\n")
    }

    /// A key shows it; tiles go on and back, in their order and in the cursor's row.
    @Test func tilesGoOnAndBack() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "goto token 60; head 3.7"))
        player.play(try KeyScript(parsing: "Ctrl-D"))
        #expect(player.state.panels.focused == .io && player.state.io.page == .tiles)
        let lens = try #require(player.state.lens)
        let sizes = player.state.tileSizes
        let walk = TileWalk(try lens.tileGrid(layer: 3, head: 7, sizes: sizes), version: .second, dimension: 32)
        let row = 60 / sizes.rows
        let own = walk.tiles.indices.filter { walk.tiles[$0].row == row }
        let last = try #require(own.last)
        // It begins with the last tile of the cursor's row: all of it is done.
        player.play(try KeyScript(parsing: "k"))
        #expect(player.state.selectedTile == last - 1)
        player.play(try KeyScript(parsing: "j j"))
        #expect(player.state.selectedTile == last + 1)
        player.play(try KeyScript(parsing: "h"))
        #expect(player.state.selectedTile == (own.count > 1 ? own[own.count - 2] : last))
        player.play(try ActionScript(parsing: "io.pick 0; io.step -1"))
        #expect(player.state.selectedTile == 0)
        player.play(try ActionScript(parsing: "io.pick 1000000"))
        #expect(player.state.selectedTile == walk.tiles.count - 1)
        player.play(try KeyScript(parsing: "r"))
        #expect(player.state.io.order == .first && player.state.selectedTile == nil)
        player.play(try KeyScript(parsing: "+"))
        #expect(player.state.io.fastMemory == 2 * player.state.fastMemory / 2)
        #expect(player.state.tileSizes.columns >= sizes.columns)
        player.play(try KeyScript(parsing: "Ctrl-D"))
        #expect(!player.state.panels.shown.contains(.io))
    }

    /// Another sequence goes on behind the cursor, shares its blocks, and copies one when it writes.
    @Test func aForkCopiesWhatItWritesTo() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "goto token 20; io pages; panel.zoom"))
        #expect(text(player).contains("2 of 2 blocks"))
        player.play(try KeyScript(parsing: "j"))
        #expect(player.state.io.written == 0, "no fork writes yet")
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.io.fork == 21 && text(player).contains("×2"))
        player.play(try KeyScript(parsing: "j j"))
        #expect(player.state.io.written == 2)
        #expect(text(player).contains("copy on write: B writes to block 1"))
        player.play(try KeyScript(parsing: "- -"))
        #expect(player.state.io.blockSize == 4 && text(player).contains("blocks of 4 tokens"))
        player.play(try KeyScript(parsing: "Enter T"))
        #expect(player.state.io.fork == nil && player.state.io.page == .tiles)
        // Once around: every page turns to the next one, and the last to the first.
        for page in IOPage.allCases.dropFirst() + [.tiles] {
            player.play(try KeyScript(parsing: "t"))
            #expect(player.state.io.page == page)
        }
        player.play(try KeyScript(parsing: "T"))
        #expect(player.state.io.page == IOPage.allCases.last)
    }

    /// No more keys are looked up than there are.
    @Test func keysAreCounted() {
        #expect(RetrievalSources.counted(8, of: 0) == ["no key to look up yet"])
        #expect(RetrievalSources.counted(8, of: 3).last == "3 of 3 keys")
        #expect(RetrievalSources.counted(8, of: 300).first == "the 8 nearest of 300 keys, without positions")
    }

    /// The keys of one query in more and fewer parts, each with a softmax of its own.
    @Test func keysAreSplit() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "goto token 60; head 3.7; io splits; panel.zoom"))
        #expect(text(player).contains("4 parts of the keys") && text(player).contains("0–15"))
        player.play(try KeyScript(parsing: "+"))
        #expect(player.state.io.splits == 8 && text(player).contains("8 parts of the keys"))
        player.play(try KeyScript(parsing: "- - - - j"))
        #expect(player.state.io.splits == 1 && text(player).contains("1 part of the keys"))
    }

    @Test func blocksComeFreeUnderAWindow() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "goto token 90; method window:size=16; method.run; io pages; panel.zoom"))
        let shown = text(player)
        #expect(shown.contains("given up") && shown.contains("it is free"))
        #expect(shown.contains("what no later token sees is given up"))
    }

    /// At 80 x 24, without colours, and in both languages something is said on each page.
    @Test(arguments: [IOPage.tiles, .pages, .splits], [ColourDepth.none, .indexed256]) func pagesAreReadable(
        page: IOPage, depth: ColourDepth
    ) throws {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 80, height: 24), depth: depth), inputs: Samples.inputs())
        player.play(try ActionScript(parsing: "goto token 60; head 3.7; io \(page.rawValue); panel.zoom"))
        let shown = text(player)
        #expect(shown.contains("[10] IO"))
        #expect(shown.contains(page == .pages ? "pool, a sign a block" : "plain softmax"))
        if page == .tiles { #expect(shown.contains("queries outside") && shown.contains("standard")) }
    }

    @Test func theMouseChoosesTilesAndPages() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "goto token 60; head 3.7; io tiles; panel.zoom"))
        let rect = try #require(player.state.layout.panels[.io]).inset()
        player.play(try KeyScript(parsing: "mouse:\(rect.x + 1),\(rect.y + 2)"))
        #expect(player.state.selectedTile == 0)
        player.play(try KeyScript(parsing: "mouse:\(rect.x + 9),\(rect.y)"))
        #expect(player.state.io.page == .pages)
    }
}

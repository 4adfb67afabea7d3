import RopewalkCellGrid
import RopewalkDocuments
import RopewalkTokenizers
import TestSupport
import Testing

@testable import RopewalkApp

/// One sentence: what every textbook begins with.
@Suite struct ShortTextTests {
    private func player(_ width: Int, _ height: Int, text: String = "The cat sat on the mat.\n") throws -> ScreenPlayer
    {
        try ScreenPlayer(
            state: AppState(size: Size(width: width, height: height)), inputs: Samples.inputs(text: text))
    }

    @Test func itOpensOnItsLastWord() throws {
        let player = try player(120, 40)
        #expect(player.state.queryDocument?.displayName(ofToken: player.state.focus.cursor) == "␣mat")
        let chinese = try self.player(120, 40, text: "猫坐在垫子上。\n")
        let document = try #require(chinese.state.queryDocument)
        #expect(document.characterPart(ofToken: chinese.state.focus.cursor)?.character == "上")
    }

    /// The token that begins the text is drawn, named and weighed, and it can be pressed.
    @Test(arguments: [(80, 24), (120, 40)]) func whatBeginsTheTextIsDrawn(width: Int, height: Int) throws {
        var player = try player(width, height)
        let lines = player.frame().lines
        let line = try #require(lines.firstIndex { $0.contains("<|bos|> 1.00") })
        #expect(lines[line].contains("the scale"))
        player.play(try KeyScript(parsing: "mouse:5,\(line)"))
        #expect(player.state.focus.cursor == 0)
        #expect(player.frame().lines[line].contains("▸<|bos|>"))
    }

    /// With the first token in the scale only that one is painted.
    @Test func theFirstTokenIsPaintedWhereItCounts() throws {
        var player = try player(80, 24)
        func painted(_ word: String) throws -> Bool {
            let grid = player.frame()
            let lines = grid.lines
            let y = try #require(lines.firstIndex { $0.contains(word) })
            let text = try #require(lines[y].range(of: word))
            let x = lines[y].distance(from: lines[y].startIndex, to: text.lowerBound)
            return grid[x, y].style.background != .standard
        }
        #expect(try painted("<|bos|>"))
        player.play(try KeyScript(parsing: "S"))
        #expect(player.state.appearance.sinksLeftOut == 0)
        #expect(try painted("<|bos|>"))
        #expect(!player.frame().lines.contains { $0.contains("the scale") })
    }

    /// A tokenizer that adds nothing leaves the text its line.
    @Test func nothingIsDrawnWhereNothingIsAdded() throws {
        let document = try Samples.document()
        #expect(document.specialEnds == [0])
        let tokenizer = try Tokenizer(contentsOf: Fixture.path("tokenizers/bytelevel_gpt2/tokenizer.json"))
        let plain = try Document(text: SourceText("Alice was here", name: "alice.txt"), tokenizer: tokenizer)
        #expect(plain.specialEnds.isEmpty)
    }

    /// + makes single tokens larger, − smaller again.
    @Test func tokensGrowUnderThePlus() throws {
        var player = try player(120, 40, text: Samples.prose)
        player.play(try KeyScript(parsing: ": text:50 Enter 2"))
        player.play(try ActionScript(parsing: "panel focus map"))
        let whole = player.state.mapRequest
        #expect(player.state.mapGrowth == nil)
        player.play(try KeyScript(parsing: "+ + +"))
        let request = player.state.mapRequest
        #expect(request.cell == 1 && request.rows < whole.rows && request.columns < whole.columns)
        #expect((request.firstQuery..<request.firstQuery + request.rows).contains(50))
        #expect(player.state.mapGrowth != nil)
        player.play(try KeyScript(parsing: "- - - - - -"))
        #expect(player.state.mapRequest == whole)
    }

    /// A short text fills the map by itself.
    @Test func aShortTextFillsTheMap() throws {
        var player = try player(80, 24)
        #expect(player.state.mapGrowth != nil)
        let lines = player.frame().lines
        for word in ["The", "cat", "sat", "mat"] {
            #expect(lines.count { $0.contains(word) } >= 2, "\(word)")
        }
        #expect(lines.contains { $0.contains("┼ 0.00") })
    }
}

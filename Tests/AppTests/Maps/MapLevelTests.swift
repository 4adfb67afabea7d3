import RopewalkCellGrid
import RopewalkDocuments
import RopewalkViews
import Testing

@testable import RopewalkApp

/// The map by sentences and paragraphs.
@Suite struct MapLevelTests {
    private func player(_ actions: String, size: Size = Size(width: 120, height: 40)) throws -> ScreenPlayer {
        var player = try ScreenPlayer(state: AppState(size: size), inputs: Samples.inputs())
        player.play(try ActionScript(parsing: "panel show map; panel focus map; goto token 60; \(actions)"))
        return player
    }

    private func parts(_ player: ScreenPlayer, _ part: TextPart) throws -> [Range<Int>] {
        try #require(player.state.queryDocument).tokens(ofParts: part, below: player.state.tokenCount)
    }

    /// The part of a token alone is the one among all of them.
    @Test func thePartOfATokenIsOneOfAll() throws {
        let document = try Samples.document()
        for part in TextPart.allCases {
            let parts = document.tokens(ofParts: part, below: document.tokenCount)
            for token in 0..<document.tokenCount {
                let own = document.tokens(ofPart: part, around: token)
                let expected = parts.first { $0.contains(token) } ?? token..<token + 1
                #expect(own == expected, "\(part) of \(token)")
            }
        }
    }

    /// t goes through tokens, sentences and paragraphs; the border and the rows say which.
    @Test(arguments: [(120, 40), (80, 24)]) func tTurnsTheLevels(_ width: Int, _ height: Int) throws {
        var player = try player("", size: Size(width: width, height: height))
        for (level, part) in [(MapLevel.sentences, TextPart.sentence), (.paragraphs, .paragraph)] {
            player.play(try KeyScript(parsing: "t"))
            #expect(player.state.map.level == level)
            let parts = try parts(player, part)
            let lines = player.frame().lines
            #expect(lines.contains { $0.contains("\(parts.count) \(level)") }, "\(level)")
            let own = try #require(parts.firstIndex { $0.contains(player.state.focus.cursor) })
            #expect(lines.contains { $0.contains("\(part) \(own) reads in") }, "\(level)")
        }
        player.play(try KeyScript(parsing: "t"))
        #expect(player.state.map.level == .tokens)
        #expect(player.frame().lines.allSatisfy { !$0.contains(/(sentence|paragraph) [0-9]+ reads in/) })
    }

    /// Enter shows the tokens of the cursor's sentence and of the anchor's, as large as they fit.
    @Test(arguments: [(120, 40), (80, 24)]) func enterOpensTwoSentences(_ width: Int, _ height: Int) throws {
        var player = try player("map.level sentences; anchor token 30", size: Size(width: width, height: height))
        let parts = try parts(player, .sentence)
        let queries = try #require(parts.first { $0.contains(60) })
        let keys = try #require(parts.first { $0.contains(30) })
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.map.level == .tokens && player.state.focus.cursor == 60)
        let request = player.state.mapRequest
        #expect(request.firstQuery <= queries.lowerBound && request.firstKey <= keys.lowerBound)
        #expect(request.firstQuery + request.rows * request.cell >= queries.upperBound)
        #expect(request.firstKey + request.columns * request.cell >= keys.upperBound)
        // Where nothing is open, Enter takes the anchor, as in every panel.
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.focus.anchor == .token(60))
        #expect(player.refusals.isEmpty)
    }

    /// A press on the cell of two sentences opens their tokens.
    @Test func aPressOpensACell() throws {
        var player = try player("map.level sentences")
        let parts = try parts(player, .sentence)
        var answers = Answers()
        _ = answers.frame(of: player.state)
        let rect = try #require(player.state.layout.panels[.map]).inset()
        let panel = MapPanel(player.state)
        var found: (x: Int, y: Int, actions: [Action])?
        for y in rect.y..<rect.maxY {
            for x in rect.x..<rect.maxX where found == nil {
                let mouse = Mouse(action: .press, x: x, y: y)
                let actions = panel.actions(
                    of: mouse, in: rect, look: Look(depth: .indexed256), asking: &answers)
                if actions.contains(.move(.toToken(parts[2].lowerBound))),
                    actions.contains(.focus(.anchor(parts[1].lowerBound)))
                {
                    found = (x, y, actions)
                }
            }
        }
        let cell = try #require(found)
        #expect(cell.actions.last == .map(.open))
        player.play(try KeyScript(parsing: "mouse:\(cell.x),\(cell.y)"))
        #expect(player.state.map.level == .tokens)
        #expect(player.state.focus.cursor == parts[2].lowerBound)
        #expect(player.state.focus.anchor == .token(parts[1].lowerBound))
        #expect(player.state.mapRequest.firstQuery <= parts[2].lowerBound)
    }

    /// Arrows go from part to part: down the cursor, to the right the anchor.
    @Test func arrowsGoFromPartToPart() throws {
        var player = try player("map.level sentences; anchor token 30")
        let parts = try parts(player, .sentence)
        let row = try #require(parts.firstIndex { $0.contains(60) })
        let column = try #require(parts.firstIndex { $0.contains(30) })
        player.play(try KeyScript(parsing: "j"))
        #expect(player.state.focus.cursor == parts[row + 1].lowerBound)
        player.play(try KeyScript(parsing: "k k"))
        #expect(player.state.focus.cursor == parts[row - 1].lowerBound)
        player.play(try KeyScript(parsing: "h"))
        #expect(player.state.focus.anchor == .token(parts[column - 1].lowerBound))
        player.play(try ActionScript(parsing: "map.pan -900 -900"))
        // Before the first sentence there is a token that belongs to none.
        #expect(player.state.focus.cursor <= parts[0].lowerBound)
        player.play(try ActionScript(parsing: "map.pan +900 +900"))
        #expect(player.state.focus.cursor == parts.last?.lowerBound)
    }

    /// A page has the parts by name; its numbers are those of the panel.
    @Test func aPageHasItsParts() throws {
        var player = try player("map.level sentences; anchor token 30")
        let figure = try player.figure(of: .map, on: .light)
        let parts = try parts(player, .sentence)
        let plot = try #require(figure.plots.first)
        let raster = try #require(plot.raster)
        #expect(raster.rows == parts.count && plot.y.ticks.count == parts.count)
        let lens = try #require(player.state.lens)
        let focus = player.state.focus
        for (index, queries) in parts.enumerated() {
            let row = lens.partsRow(layer: focus.layer, head: focus.head, queries: queries, parts: parts).weights
            let start = index * raster.columns
            let shown = Array(raster.values[start..<start + index + 1])
            #expect(shown == Array(row[0...index]))
        }
        #expect(figure.title.hasPrefix("Which sentence reads which"))
    }

    /// Undo comes back to the sentences, and the whole map stays on its level.
    @Test func theLevelIsPartOfTheView() throws {
        var player = try player("map.level paragraphs; map.open")
        #expect(player.state.map.level == .tokens)
        player.play(try ActionScript(parsing: "map.level sentences; map.whole"))
        #expect(player.state.map.level == .sentences)
        player.play(try ActionScript(parsing: "map.level tokens; map.open"))
        #expect(player.state.map.level == .tokens)
    }
}

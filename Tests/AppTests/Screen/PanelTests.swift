import RopewalkCellGrid
import RopewalkMethods
import Testing

@testable import RopewalkApp

@Suite struct PanelTests {
    @Test func focusGoesThroughTheShownPanels() throws {
        var state = try Samples.state()
        #expect(state.panels.focused == .text)
        try state.press("Tab")
        #expect(state.panels.focused == .map)
        try state.press("BackTab BackTab")
        #expect(state.panels.focused == .heads)
        try state.press("Tab")
        #expect(state.panels.focused == .text)
    }

    @Test func numbersShowAndHide() throws {
        var state = try Samples.state()
        try state.press("F5")
        #expect(state.panels.shown.contains(.mask) && state.panels.focused == .mask)
        try state.press("F5")
        #expect(!state.panels.shown.contains(.mask) && state.panels.focused == .text)
        try state.press("F3 3 p 5 p")
        #expect(state.panels.shown == [.text])
        try state.press("F2")
        #expect(state.panels.shown == [.text])
    }

    @Test func aNumberOfNoPanelIsRefused() throws {
        var state = try Samples.state()
        let before = state.panels
        let count = Panel.allCases.count
        try state.press(String(count + 1).map(String.init).joined(separator: " ") + " p")
        #expect(
            state.panels == before
                && state.notice?.text == "there is no panel \(count + 1): they are numbered 1 to \(count)")
        try state.press("p")
        #expect(state.panels.preset == .rotation)
    }

    /// A small screen names the head of the map, the keys for layers and heads, and how many panels are behind.
    @Test func aSmallScreenSaysWhatItShows() throws {
        var player = try Samples.player(Size(width: 80, height: 24))
        var lines = player.frame().lines
        #expect(lines.contains { $0.contains("[2] Map ─") && $0.contains(" L3 H7 · max · log ─") })
        #expect(lines.last?.contains("p explore 1/2  [ ] layer  { } head") == true)
        player.play(try ActionScript(parsing: "method bigbird:block=64,random=3,seed=1,causal=1; preset mask"))
        lines = player.frame().lines
        #expect(lines.contains { $0.contains("[4] Mask ─") && $0.contains(" bigbird:block=64") })
        player.play(try KeyScript(parsing: "z"))
        #expect(player.frame().lines.last?.contains("panels") == false)
    }

    /// Where there is no room, the number of a panel brings it onto the screen instead of hiding it.
    @Test func numbersReachEveryPanelOnASmallScreen() throws {
        var state = try Samples.state(width: 80, height: 24)
        for (key, panel) in [("F4", Panel.rotation), ("5 p", .heads), ("F5", .mask), ("F3", .map)] {
            try state.press(key)
            #expect(state.layout.panels[panel] != nil, "\(panel)")
        }
    }

    @Test func presetsAndZoom() throws {
        var state = try Samples.state()
        try state.press("p")
        #expect(state.panels.shown == Preset.rotation.panels)
        try state.press("z")
        #expect(state.layout.panels.count == 1 && state.layout.panels[.rotation] != nil)
        try state.press("z p p p p")
        #expect(state.panels.preset == .explore && !state.panels.isZoomed)
    }

    @Test func appearanceKeys() throws {
        var state = try Samples.state()
        try state.press("s S C x v")
        #expect(state.appearance.scale == .quantile && state.appearance.sinksLeftOut == 0)
        #expect(state.appearance.colourMap == .magma && state.appearance.pooling == .mean)
        #expect(state.masks.mapLayer == .none, "nothing is hidden")
        #expect(state.notice?.text.contains("m and M choose a mask") == true)
        state.change(to: try Scenario(parsing: ["window:size=8"]))
        #expect(state.masks.mapLayer == .mask)
        try state.press("v v")
        #expect(state.masks.mapLayer == .mask)
    }

    @Test func clicksFocusAndSetCursorAndAnchor() throws {
        var state = try Samples.state()
        let rect = state.textRect
        try state.press("mouse:\(rect.x + 12),\(rect.y)")
        #expect(state.focus.cursor > 0)
        let cursor = state.focus.cursor
        try state.press("mouse:\(rect.x + 12),\(rect.y)")
        #expect(state.focus.anchor == .token(cursor))
        state.take(.mouseUsed(Mouse(action: .secondaryPress, x: rect.x, y: rect.y)))
        #expect(state.focus.anchor == .token(1) && state.focus.cursor == cursor)
        let heads = try #require(state.layout.panels[.heads])
        try state.press("mouse:\(heads.x + 1),\(heads.y)")
        #expect(state.panels.focused == .heads)
    }

    @Test func theWheelScrollsTheTextWithoutTheCursor() throws {
        let text = (1...400).map { "Line number \($0) of the text." }.joined(separator: "\n")
        var state = try Samples.state(text: text)
        let rect = state.textRect
        for _ in 0..<20 { state.take(.mouseUsed(Mouse(action: .wheelDown, x: rect.x, y: rect.y))) }
        #expect(state.focus.cursor == 0 && state.window.top > 0)
        state.take(.mouseUsed(Mouse(action: .wheelUp, x: rect.x, y: rect.y)))
        try state.press("l")
        #expect(state.window.top == 0)
    }

    @Test func theMapZoomsAroundTheCrossHair() {
        let frame = MapExtent(sizes: [MapSize(rows: 40, columns: 60)], tokens: 10_000, block: 32)
        var window = MapWindow()
        #expect(frame.wholeCell == 256)
        window.zoom(1, query: 5_000, key: 3_000, in: frame)
        #expect(window.cell == 128)
        let row = (5_000 - window.firstQuery) / 128
        window.zoom(1, query: 5_000, key: 3_000, in: frame)
        #expect(window.cell == 64 && (5_000 - window.firstQuery) / 64 == row)
        for _ in 0..<20 { window.zoom(1, query: 5_000, key: 3_000, in: frame) }
        #expect(window.cell == 1)
        #expect((window.firstQuery..<window.firstQuery + 40).contains(5_000))
        #expect((window.firstKey..<window.firstKey + 60).contains(3_000))
        window.pan(rows: -1_000, columns: -1_000, in: frame)
        #expect(window.firstQuery == 0 && window.firstKey == 0)
        window.pan(rows: 100_000, columns: 0, in: frame)
        #expect(window.firstQuery < 10_000)
        for _ in 0..<20 { window.zoom(-1, query: 5_000, key: 3_000, in: frame) }
        #expect(window.cell == nil)
    }

    @Test(arguments: [
        (1, 1), (40, 1), (41, 2), (1_280, 32), (1_281, 33), (2_000, 50), (8_192, 205), (8_193, 224), (41_656, 1_056),
        (2_000_000, 50_016),
    ])
    func theWholeDocumentTakesTheSmallestCellThatFits(_ tokens: Int, _ cell: Int) {
        #expect(MapWindow.wholeCell(tokens: tokens, rows: 40, columns: 60, block: 32) == cell)
        let frame = MapExtent(sizes: [MapSize(rows: 40, columns: 60)], tokens: tokens, block: 32)
        var window = MapWindow()
        window.zoom(1, query: tokens / 2, key: tokens / 3, in: frame)
        guard let first = window.cell else { return #expect(cell == 1) }
        #expect(first < cell && first * 2 >= cell && first & (first - 1) == 0)
        #expect(window.firstQuery % first == 0 && window.firstKey % first == 0)
        window.zoom(-1, query: tokens / 2, key: tokens / 3, in: frame)
        #expect(window.cell == nil)
    }

    /// What is well stands in the place of the keys; what is wrong, and what is longer, has a box.
    @Test func aNoteCoversNoPanel() throws {
        var player = try Samples.player(Size(width: 80, height: 24))
        let before = player.frame().lines
        player.state.notice = Notice(.information, "noted")
        let lines = player.frame().lines
        #expect(lines.dropLast() == before.dropLast() && lines.last?.contains("noted") == true)
        for notice in [Notice(.error, "noted"), Notice(.information, String(repeating: "noted ", count: 20))] {
            player.state.notice = notice
            #expect(player.frame().lines.dropLast() != before.dropLast())
        }
    }

    /// The last line counts the pages of a preset up: the second one said that it was the first.
    @Test func pagesAreCounted() throws {
        var state = try Samples.stateWithModel(width: 80, height: 24)
        var told = [state.presetText]
        for _ in 0..<11 {
            try state.press("p")
            told.append(state.presetText)
        }
        #expect(
            told == [
                "explore 1/2", "explore 2/2", "rotation 1/2", "rotation 2/2", "mask 1/2", "mask 2/2", "all 1/5",
                "all 2/5", "all 3/5", "all 4/5", "all 5/5", "word",
            ])
    }
}

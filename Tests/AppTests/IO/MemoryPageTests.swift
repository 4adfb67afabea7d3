import Foundation
import RopewalkCellGrid
import RopewalkLens
import RopewalkViews
import Testing

@testable import RopewalkApp

@Suite struct MemoryPageTests {
    private static let method = "compressive:segment=16,memory=16,compressed=4,rate=4,slots=mean"

    private func text(_ player: ScreenPlayer) -> String {
        var player = player
        return player.frame().lines.joined(separator: "\n")
    }

    private func player(_ actions: String, _ size: Size = Size(width: 120, height: 40)) throws -> ScreenPlayer {
        var player = try Samples.player(size)
        player.play(try ActionScript(parsing: actions))
        return player
    }

    /// Slots are gone through by their weights, and the text shows what each stands for.
    @Test func slotsAreSelectedAndLitOnTheText() throws {
        var player = try player("goto token 90; head 2.3; method \(Self.method); method.run; io segments")
        let lens = try #require(player.state.lens)
        #expect(lens.basis == .exact)
        let strip = try #require(lens.memoryStrip(layer: 2, head: 3, query: 90))
        #expect(player.state.selectedSlot == nil)
        player.play(try KeyScript(parsing: "j j"))
        #expect(player.state.selectedSlot == strip.ranked[1])
        player.play(try ActionScript(parsing: "io.pick 0"))
        #expect(player.state.selectedSlot == 0 && strip.slots[0].zone == .compressed)
        #expect(player.state.keySpan == TokenSpan([strip.slots[0].tokens]) && strip.slots[0].tokens.count == 4)
        player.play(try KeyScript(parsing: "k"))
        player.play(try ActionScript(parsing: "io.pick 10000"))
        #expect(player.state.selectedSlot == strip.slots.count - 1 && player.state.keySpan == nil)
        #expect(player.state.focus.anchor == .token(90))
        player.play(try ActionScript(parsing: "panel.zoom"))
        let shown = text(player)
        #expect(shown.contains("4 slots of 4 tokens, one state each") && shown.contains("≈ output error"))
    }

    /// Without a memory it says which methods have one; a preview has no slots.
    @Test func whatIsMissingIsSaid() throws {
        let none = try player("goto token 60; io segments; panel.zoom")
        #expect(text(none).contains("transformer-xl"))
        let empty = text(try player("goto token 60; io retrieval; panel.zoom"))
        #expect(empty.contains("No key lies before the window of") && !empty.contains("error"), "\(empty)")
        var mask = try player("goto token 90; method transformer-xl:segment=16,memory=8; io segments; panel.zoom")
        #expect(text(mask).contains("recent memory"))
        mask.play(try KeyScript(parsing: "+"))
        #expect(mask.state.notice != nil)
    }

    /// Another text is read by the model, and its passages are found.
    @Test func anotherTextIsLookedInto() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).txt")
        try "The White Rabbit took a watch out of its pocket, and hurried on.".write(
            to: url, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: url) }
        var player = try player("goto token 90; head 1.2; memory \(url.path); wait; panel.zoom")
        let other = try #require(player.state.memory.text)
        #expect(player.state.io.page == .retrieval && player.state.memory.reading == nil)
        #expect(other.recording.isComplete && other.document.tokenCount == other.wanted)
        #expect(text(player).contains(url.lastPathComponent))
        player.play(try KeyScript(parsing: "j"))
        #expect(player.state.selectedSlot == 0 && text(player).contains("⟦"))
        player.play(try KeyScript(parsing: "+"))
        #expect(player.state.retrievalSettings.count == 16)
        player.play(try KeyScript(parsing: "r"))
        #expect(player.state.io.showsChunks && text(player).contains("≈ not trained for it"))
        player.play(try ActionScript(parsing: "memory.none"))
        #expect(player.state.memory.text == nil)
        player.play(try ActionScript(parsing: "memory /nowhere/at/all.txt; wait"))
        #expect(player.state.memory.text == nil && player.state.notice?.text.contains("/nowhere/at/all.txt") == true)
    }

    @Test(arguments: [IOPage.segments, .retrieval], [ColourDepth.none, .indexed256]) func pagesAreReadable(
        page: IOPage, depth: ColourDepth
    ) throws {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 80, height: 24), depth: depth), inputs: Samples.inputs())
        player.play(
            try ActionScript(
                parsing: "goto token 90; head 3.7; method transformer-xl:segment=16,memory=16; method.run; "
                    + "io \(page.rawValue); panel.zoom"))
        let shown = text(player)
        #expect(shown.contains("[10] IO") && shown.contains("segments"))
        #expect(shown.contains(page == .segments ? "own segment" : "keys"))
    }
}

import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import Testing

@testable import RopewalkApp

/// Masks that are looked at by themselves, and what masks are claimed to be.
@Suite struct OwnMaskTests {
    /// Cross attention of 20 queries over 37 keys, of which the last 7 are padding that queries from 10 on see.
    private static let cross = MaskStack(
        planes: [ListedMask(queries: 20, keys: 37) { KeyRanges(0..<($0 < 10 ? 30 : 37)) }], lengths: [],
        offset: .cross, fingerprint: 1)

    private func player(_ stacks: [String: MaskStack], width: Int = 120, height: Int = 40) throws -> ScreenPlayer {
        var inputs = Samples.inputs()
        inputs.maskFiles = MaskFiles(
            loader: MaskLoader { path throws(MethodError) in
                guard let stack = stacks[path] else { throw .maskFile(path: path, "no such file") }
                return stack
            }, stamp: { _ in "1" })
        return try ScreenPlayer(
            state: AppState(size: Size(width: width, height: height), scenario: .plain), inputs: inputs)
    }

    private func screen(_ player: inout ScreenPlayer, _ keys: String) throws -> String {
        player.play(try KeyScript(parsing: keys))
        return player.frame().lines.joined(separator: "\n")
    }

    @Test func aMaskOfAnotherSizeThanTheTextIsCheckedByItself() throws {
        var player = try player(["cross.npy": Self.cross])
        let typed = try screen(&player, "wait p p M text:file:cross.npy")
        #expect(typed.contains("20 queries × 37 keys: Enter looks at it by itself"))
        let found = try screen(&player, "Enter wait")
        #expect(player.state.scenario.isPlain && player.state.masks.page == .check)
        #expect(found.contains("20 queries × 37 keys, the text has 200 tokens"))
        let fine = try screen(&player, "z l wait")
        #expect(fine.contains("nothing wrong over 20 queries and 37 keys"))
        #expect(fine.contains("█ visible, · hidden") && !fine.contains("of those k ≤ q"))
        let claimed = try screen(&player, "c text:padding=right:7 Enter wait")
        #expect(claimed.contains("padding=right:7: 1 finding (Enter: why)"))
        #expect(claimed.contains("70, first: query 10"))
        _ = try screen(&player, "Enter")
        #expect(player.state.notice?.text.hasPrefix("query 10, key 30 is visible:") == true)
        let explained = try screen(&player, "text:ttt wait")
        #expect(player.state.masks.page == .explain && explained.contains("for"))
    }

    /// Three layers fit no model of four, whose `method` refuses them.
    @Test func aMaskForAnotherModelIsCheckedByItself() throws {
        let rows = (0..<200).map { KeyRanges(0..<$0 + 1) }
        let layers = MaskStack([[ListedMask(rows: rows)], [ListedMask(rows: rows)], [ListedMask(rows: rows)]])
        var player = try player(["layers.npy": layers])
        _ = try screen(
            &player, "wait p p M text:file:layers.npy Enter wait c text:causal@layers=2,window=8@layers=1 Enter wait")
        #expect(player.state.masks.own != nil)
        let found = try screen(&player, "z wait")
        #expect(found.contains("window: layer 1: queries whose window is not the stated 8: 192"))
        let error = try screen(&player, "c Ctrl-U text:causal@layers=3 Enter wait")
        #expect(error.contains("layers 0 to 2"))
    }

    @Test func anEmptyRuleAndAnotherMethodGoBackToTheText() throws {
        var player = try player(["cross.npy": Self.cross])
        _ = try screen(&player, "wait p p M text:file:cross.npy Enter wait")
        #expect(player.state.masks.own != nil)
        _ = try screen(&player, "M")
        guard case .prompt(let prompt) = player.state.overlay else { throw AppError.loading("no prompt") }
        #expect(prompt.text == "file:cross.npy", "what is looked at can be edited")
        let back = try screen(&player, "Ctrl-U Enter wait")
        #expect(player.state.masks.own == nil && back.contains("nothing wrong over 200 tokens"))
        _ = try screen(&player, "M text:file:cross.npy Enter wait ; text:window:size=16 Enter wait")
        #expect(player.state.masks.own == nil && player.state.scenario.specs == ["window:size=16"])
    }

    @Test func claimsOfTheTextsMaskAreThoseOfTheCommand() throws {
        var player = try player([:])
        let wrong = try screen(&player, "; text:window:size=17 Enter wait p p t c text:window=16 Enter wait z")
        #expect(wrong.contains("window=16: 1 finding"))
        #expect(wrong.contains("queries whose window is not the stated 16: 184, first: query 16 sees key 0"))
        let right = try screen(&player, "c Ctrl-U text:window=17 Enter wait")
        #expect(right.contains("window=17: all as claimed over 200 tokens"))
        let none = try screen(&player, "c Ctrl-U Enter wait")
        #expect(none.contains("c: claim what it should be"))
        let error = try screen(&player, "c text:windo=3")
        #expect(error.contains("it takes causal, two-sided"))
        _ = try screen(&player, "Enter")
        #expect(player.state.overlay != nil, "what is wrong is not taken")
        _ = try screen(&player, "Ctrl-U text:wi Tab")
        guard case .prompt(let prompt) = player.state.overlay else { throw AppError.loading("no prompt") }
        #expect(prompt.text == "window=")
    }

    @Test func aPlaceABlockIsSaidAndCompared() throws {
        // 200 tokens in blocks of 64 are 4.
        let blocks = MaskStack([[ListedMask(rows: (0..<4).map { KeyRanges(0..<$0 + 1) })]])
        var player = try player(["blocks.npy": blocks, "blocks.npy@block=64": blocks.spread(side: 64)])
        _ = try screen(&player, "wait p p d text:file:blocks.npy")
        guard case .prompt(let prompt) = player.state.overlay else { throw AppError.loading("no prompt") }
        #expect(prompt.problem?.text.contains("a place a block of 64: @block=64") == true)
        let same = try screen(&player, "text:@block=64 Enter wait z")
        #expect(same.contains("the same over 4 blocks of 64"))
        let differ = try screen(&player, "; text:window:size=16 Enter wait")
        #expect(differ.contains("3 blocks of 64 differ"))
        #expect(differ.contains("first: block row 2, column 0, visible in the other"))
    }

    /// Of a file with fewer queries than the text only its rows are compared, as the command does.
    @Test func onlyTheRowsOfAFileAreCompared() throws {
        let few = MaskStack(
            planes: [ListedMask(queries: 8, keys: 200) { KeyRanges(185 + $0..<193 + $0) }], lengths: [], fingerprint: 1)
        let all = MaskStack([[ListedMask(rows: FakeMaskFile.window(8, tokens: 200))]])
        let wide = MaskStack(
            planes: [ListedMask(queries: 20, keys: 200) { _ in KeyRanges(0..<150) }], lengths: [], offset: .cross,
            fingerprint: 2)
        var player = try player(["few.npy": few, "all.npy": all, "wide.npy": wide])
        let same = try screen(&player, "; text:window:size=8 Enter wait p p d text:file:few.npy Enter wait z")
        #expect(same.contains("the same over 8 queries and 200 keys"))
        let refused = try screen(&player, "M text:file:all.npy Enter wait")
        #expect(refused.contains("compare masks of the same size"))
        player.play(try ActionScript(parsing: "method file:wide.npy"))
        #expect(player.state.notice?.text.contains("a run needs a query's place among the keys") == true)
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 60)]) func thePagesFitEverySize(size: (Int, Int)) throws {
        var player = try player(["cross.npy": Self.cross], width: size.0, height: size.1)
        let text = try screen(&player, "wait p p M text:file:cross.npy Enter wait c text:padding=right:7 Enter wait")
        #expect(text.contains("padding=right:7: 1 finding"))
    }
}

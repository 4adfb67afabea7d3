import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkApp

/// Encoders, decoders and what joins them on the screen.
@Suite struct KindTests {
    @Test(arguments: GoldenFixture.all) func everyFamilyOpens(name: String) throws {
        var player = try FamilySamples.player(name, keys: "p p p l l v")
        for _ in player.state.kinds {
            let lines = player.frame().lines
            #expect(lines[0].contains("exact"))
            for panel in Preset.all.panels {
                let lines = FamilySamples.panel(panel, of: &player)
                #expect(lines.contains { $0.contains("[\(panel.rawValue)]") })
                #expect(!lines.contains { $0.contains("not read yet") }, "\(panel)")
            }
            try player.play(KeyScript(parsing: "K ] } W a"))
        }
    }

    /// Heads of 80, 96 and 112 dimensions, in every way to paint them.
    @Test(arguments: ["llama_d80_tied", "gemma3_d96", "mixtral_d112", "gpt_neox_d80"])
    func oddSizesArePainted(name: String) throws {
        for depth in [ColourDepth.indexed256, .none] {
            var player = try FamilySamples.player(name, keys: "p", width: 120, height: 40)
            player.play(try ActionScript(parsing: "method pi:factor=2"))
            for keys in ["s", "s", "S", "x", "v", "R", "R", "R", "D", "D", "E", "]", "}", "p", "p"] {
                try player.play(KeyScript(parsing: keys))
                var state = player.state
                state.depth = depth
                #expect(state.draw().lines.count == 40, "\(name) \(keys)")
                #expect(!state.draw().lines.joined().lowercased().contains("nan"), "\(name) \(keys)")
            }
        }
    }

    @Test func aKeyAndAClickChooseTheKind() throws {
        var player = try FamilySamples.player("t5")
        #expect(player.state.kinds == [.decoder, .encoder, .cross] && player.state.focus.kind == .decoder)
        let header = player.frame().lines[0]
        #expect(header.contains(" decoder  encoder  cross "))
        try player.play(KeyScript(parsing: "K"))
        #expect(player.state.focus.kind == .encoder)
        try player.play(KeyScript(parsing: "m K Escape"))
        #expect(player.state.focus.kind == .cross, "the menu knows the key too")
        var state = player.state
        let x = try #require(header.range(of: "encoder")).lowerBound
        let column = header.distance(from: header.startIndex, to: x)
        state.take(.mouseUsed(Mouse(action: .press, x: column, y: 0)))
        #expect(state.focus.kind == .encoder)
        state.take(.mouseUsed(Mouse(action: .press, x: 0, y: 0)))
        #expect(state.focus.kind == .encoder)
    }

    @Test func keysThatCanDoNothingSayWhy() throws {
        var player = try FamilySamples.player("bert")
        try player.play(KeyScript(parsing: "p p"))
        for (keys, said) in [
            ("i", "does not turn its queries and keys"), ("v", "nothing is hidden"), ("e", "no methods are chosen"),
            ("3 p R", "does not turn its queries and keys"),
        ] {
            try player.play(KeyScript(parsing: keys))
            #expect(player.state.notice?.text.contains(said) == true, "\(keys)")
        }
    }

    @Test func aModelWithOneKindSaysSo() throws {
        let player = try FamilySamples.player("gpt2", keys: "K")
        #expect(player.state.focus.kind == .decoder)
        #expect(player.state.notice?.text == "gpt2 has one kind of attention: decoder")
    }

    @Test func anEncoderReadsBothSides() throws {
        var player = try FamilySamples.player("bert", keys: "g l l l p p")
        let row = try #require(player.state.lens?.row(layer: 0, head: 0, query: player.state.focus.cursor))
        #expect(player.state.focus.cursor == 3 && row.weights.count == player.state.tokenCount)
        let mask = FamilySamples.panel(.mask, of: &player)
        #expect(mask[0].contains("full attention to both sides"))
        #expect(mask[2].contains("keys 40 of 40 (100.0 %)"))
        let map = FamilySamples.panel(.map, of: &player)
        #expect(map.last?.contains("query ↓ 0–39 · key → 0–39") == true)
    }

    /// The keys after the cursor are as loud as those before it.
    @Test func tokensAfterTheCursorArePainted() throws {
        var player = try FamilySamples.player("bert_base", keys: "g s s", width: 80, height: 24)
        let grid = player.frame()
        let rect = try #require(player.state.layout.panels[.text]).inset()
        let dim = Theme(depth: .indexed256).dim
        let styles = (rect.x + 2..<rect.maxX).filter { grid[$0, rect.y].text != " " }.map { grid[$0, rect.y].style }
        #expect(styles.count > 20 && !styles.contains(dim))
    }

    /// The cursor stands in the decoder's text, the anchor in the encoder's; a decoder reads behind a start token.
    @Test func acrossCursorAndAnchorKeepTheirPlaceOfTheText() throws {
        var player = try FamilySamples.player("t5", keys: "g l l l l l")
        let byte = try #require(player.state.sources.document.value).byteRange(ofToken: 4).lowerBound
        #expect(player.state.focus.cursor == 5 && player.state.cursorByte == byte)
        try player.play(KeyScript(parsing: "K"))
        #expect(player.state.focus.cursor == 4 && player.state.cursorByte == byte)
        try player.play(KeyScript(parsing: "K Enter"))
        #expect(player.state.focus.cursor == 5 && player.state.focus.anchor == .token(4))
        var state = player.state
        state.focus.anchor = .token(10)
        try state.press("o")
        #expect(state.focus.cursor == 11 && state.focus.anchor == .token(4))
        let text = FamilySamples.panel(.text, of: &player)
        #expect(text[1].contains("decoder 0 ") && text.last?.contains("decoder 5 “") == true)
        let map = FamilySamples.panel(.map, of: &player)
        #expect(map.last?.contains("decoder ↓ 0–59 · encoder → 0–59") == true)
    }

    @Test func anEncoderWithAHeadSaysWhatItReads() throws {
        var withHead = try FamilySamples.player("bert", keys: "F2 F2 z")
        let state = withHead.state
        let recording = try #require(state.lens?.recording)
        let model = try #require(state.sources.model.value)
        let best = try #require(model.prediction(after: state.focus.cursor, in: recording, count: 1)?.candidates.first)
        let footer = FamilySamples.panel(.text, of: &withHead).last ?? ""
        #expect(footer.contains("language head reads “\(best.id)” here:"))
        #expect(!footer.contains("nats"))
        var without = try FamilySamples.player("bert_base", keys: "F2 F2 z")
        #expect(FamilySamples.panel(.text, of: &without).last?.contains("no language head") == true)
        var decoder = try FamilySamples.player("gpt2", keys: "F2 F2 z g")
        #expect(FamilySamples.panel(.text, of: &decoder).last?.contains("nats") == true)
    }

    @Test func positionMethodsAreRefusedWhereNothingTurns() throws {
        var state = try FamilySamples.player("t5").state
        let ntk = try Scenario(parsing: ["ntk:factor=2"])
        state.change(to: ntk)
        #expect(state.scenario == state.ownScenario && state.notice?.kind == .warning)
        let menu = MethodMenu(scenario: state.scenario, reader: state.menuReader)
        let index = try #require(menu.entries.firstIndex { $0.description.name == "ntk" })
        #expect(menu.obstacle(index)?.contains("relative position buckets") == true)
        let own = try #require(menu.entries.firstIndex { $0.description.name == "rope" })
        #expect(menu.obstacle(own) == nil)
        #expect(MethodMenu(scenario: .plain).obstacle(index) == nil)
    }

    @Test func aCausalMaskChangesAnEncoder() throws {
        let bert = try FamilySamples.player("bert").state
        let menu = MethodMenu(scenario: .plain, reader: bert.menuReader)
        let causal = try #require(menu.entries.firstIndex { $0.description.name == "causal" })
        #expect(menu.futility(causal) == nil)
        #expect(MethodMenu(scenario: .plain).futility(causal) != nil)
    }
}

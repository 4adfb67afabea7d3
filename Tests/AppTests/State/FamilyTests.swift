import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews
import TestSupport
import Testing

@testable import RopewalkApp

/// What the views show of each family: positions, windows, experts, and how much can be read.
@Suite struct FamilyTests {
    private func positions(_ name: String, keys: String = "") throws -> [String] {
        var player = try FamilySamples.player(name, keys: keys + " F4 F4 z")
        return FamilySamples.panel(.rotation, of: &player)
    }

    @Test func modelsWithoutRotationShowWhatTheyHave() throws {
        let bloom = try positions("bloom")
        #expect(bloom[0].contains("[3] Positions") && bloom[0].contains("ALiBi slopes"))
        #expect(bloom.contains { $0.contains("head  slope m") } && bloom.contains { $0.contains("bias") })
        let gpt2 = try positions("gpt2")
        #expect(gpt2[0].contains("learned positions") && gpt2.contains { $0.contains("cursor 39 reads row 39") })
        let bart = try positions("bart")
        #expect(bart.contains { $0.contains("cursor 39 reads row 41") }, "two rows stand before the first place")
        let t5 = try positions("t5")
        #expect(t5[0].contains("relative position buckets") && t5.contains { $0.contains("▸") })
        let cross = try positions("t5", keys: "K K")
        #expect(cross.contains { $0.contains("tokens are found by what they are") })
        let llama = try positions("llama_default")
        #expect(llama[0].contains("[3] Rotation"))
    }

    /// Every distance lies in one range, and the range says what the model adds there.
    @Test(arguments: ["", "K"]) func rangesOfBucketsHoldEveryDistanceOnce(keys: String) throws {
        let state = try FamilySamples.player("t5", keys: keys).state
        guard case .buckets(let buckets) = state.traits?.bias else {
            Issue.record("no buckets")
            return
        }
        let heads = try #require(state.shape?.heads)
        let facts = BucketFacts(buckets, heads: heads)
        let least = -3 * buckets.maximumDistance
        for offset in least...(buckets.isBidirectional ? -least : 0) {
            let holding = facts.ranges.filter { range in
                let isSide = offset == 0 ? range.first == 0 : (offset < 0) == (range.first < 0) && range.first != 0
                return isSide && abs(offset) >= abs(range.first) && abs(offset) <= range.last.map { abs($0) } ?? .max
            }
            try #require(holding.count == 1, "\(offset)")
            #expect(holding[0].bucket == buckets.bucket(offset: offset))
            #expect(holding[0].values == (0..<heads).map { buckets.value(head: $0, offset: offset) })
        }
    }

    @Test func eachLayerShowsItsOwnRotation() throws {
        var state = try FamilySamples.player("gemma3").state
        state.choose(layer: 0, head: 0)
        let local = try #require(state.rotaryLayer)
        #expect(state.ownWindows.map(\.spec) == ["window:size=7"])
        #expect(state.rotationTitle == "layer 0: local, window 7, base 100: RoPE")
        #expect(local.trained.window == 7 && state.layerWindow == 7)
        state.choose(layer: 1, head: 0)
        let global = try #require(state.rotaryLayer)
        #expect(state.ownWindows.isEmpty && global.trained.window == 128 && state.layerWindow == 128)
        #expect(state.rotationTitle == "layer 1: global, base 1,000: pi:factor=8")
        #expect(local.context.base != global.context.base && local.position is RoPE)
    }

    /// What turns is no RoPE: it is said what it is, and what the content adds beside it.
    @Test(arguments: ["xlnet", "xlnet_uni"]) func sinusoidsOfTheDistanceAreARotation(name: String) throws {
        let lines = try positions(name)
        #expect(lines[0].contains("[3] Rotation") && lines[0].contains("Transformer-XL: W_r(q + v) against 0, 1"))
        #expect(lines.contains { $0.contains("8 dimensions that do not turn add") || $0.contains("unturned") })
        let state = try FamilySamples.player(name).state
        let rotary = try #require(state.rotaryLayer)
        #expect(rotary.context.dimensions == 32 && rotary.context.base == 10_000 && rotary.unturnedDimensions == 8)
        #expect(state.positionName == "relative sinusoids")
    }

    @Test func aMethodSaysWhichLayersItChanges() throws {
        var state = try FamilySamples.player("gemma3").state
        _ = state.perform(MethodAction.take("ntk:factor=4"))
        let notice = try #require(state.notice?.text)
        #expect(notice == "position methods change layer 1 (base 1,000); layers 0,2 keep base 100")
        state.choose(layer: 0, head: 0)
        #expect(state.rotationTitle.hasSuffix("RoPE, not ntk:factor=4"))
        #expect(state.rotaryLayer?.position is RoPE)
        state.choose(layer: 1, head: 0)
        #expect(state.rotationTitle.hasSuffix(": ntk:factor=4"))
    }

    @Test(arguments: [(200, 60), (120, 40), (80, 24)])
    func theBorderNamesTheLayerAtEverySize(width: Int, height: Int) throws {
        var player = try FamilySamples.player("gemma3", keys: "[ [ [ p", width: width, height: height)
        #expect(player.frame().lines.contains { $0.contains("[3] Rotation") && $0.contains("layer 0: local") })
    }

    @Test(arguments: [
        (200, "RoPE base 100 + window:size=7 (layer 0)"), (64, "L0: RoPE base 100 + window:size=7"),
        (56, "L0: RoPE base 100 + window 7"),
    ])
    func theHeaderNamesTheLayerAtEverySize(width: Int, title: String) throws {
        var player = try FamilySamples.player("gemma3", keys: "[ [ [ p", width: width, height: 24)
        let line = player.frame().lines[0]
        #expect(line.contains(title + "  exact"), "\(line)")
    }

    @Test func layersWithoutPositionsSaySo() throws {
        var player = try FamilySamples.player("smollm3", keys: "[ [ [ ]")
        #expect(player.state.focus.layer == 1 && player.state.rotaryLayer == nil)
        #expect(player.frame().lines[0].contains("no positions + window:size=7 (layer 1)"))
        let panel = FamilySamples.panel(.rotation, of: &player).joined(separator: " ")
        #expect(panel.contains("Layer 1 has no positions"))
        player = try FamilySamples.player("smollm3", keys: "[ [ [")
        #expect(player.state.rotaryLayer != nil)
    }

    @Test func dimensionsThatDoNotTurnAreNamed() throws {
        let lines = try positions("gpt_neox")
        let state = try FamilySamples.player("gpt_neox").state
        let rotary = try #require(state.rotaryLayer)
        let shape = try #require(state.shape)
        #expect(rotary.unturnedDimensions == shape.headDimension - shape.rotaryDimensions)
        #expect(rotary.unturnedDimensions > 0)
        #expect(lines.contains { $0.contains("\(rotary.unturnedDimensions) dimensions that do not turn add") })
    }

    @Test func theModelsOwnWindowIsShown() throws {
        var player = try FamilySamples.player("mistral", keys: "[ [ [ p p")
        #expect(player.frame().lines[0].contains("RoPE + window:size=7 (layer 0)"))
        #expect(player.state.scenario.isPlain && !player.state.isDense)
        let mask = FamilySamples.panel(.mask, of: &player)
        #expect(mask[0].contains("model: window:size=7") && mask[2].contains("keys 7 of 60"))
        let windows = try #require(player.state.lens?.setup.windows(layer: 0, head: 0))
        #expect(windows.map { $0.visibleKeys(query: 30, tokens: 60).ranges } == [[24..<31]])
        let text = FamilySamples.panel(.text, of: &player)
        #expect(text[0].contains("× 53 hidden"))
        let full = try FamilySamples.player("llama_default").state
        #expect(full.isDense)
    }

    @Test func expertsStandBelowTheirTokens() throws {
        var player = try FamilySamples.player("mixtral", keys: "F2 F2 z W g")
        let state = player.state
        let text = try #require(state.sources.text.value)
        let marks = try #require(state.expertMarks(in: 0..<text.bytes.count))
        #expect(marks.tokens == 0..<60 && marks.count == 4)
        let layer = try #require(state.lens?.recording.chunks.first?.layers[state.focus.layer].router)
        #expect(marks.first == (0..<60).map { Int(layer.experts[$0 * layer.chosen]) })
        #expect(marks.atCursor.map(\.share).reduce(0, +) > 0.9999)
        let lines = FamilySamples.panel(.text, of: &player)
        let letters = lines[2].filter(\.isLetter)
        #expect(letters == String(marks.first.prefix(letters.count).map { Character(ExpertMarks.letter($0)) }))
        #expect(letters.count > 10)
        #expect(lines.contains { $0.contains("A–D: first expert of each token") })
        var llama = try FamilySamples.player("llama_default", keys: "W")
        #expect(llama.state.notice?.text == "llama_default is no mixture of experts")
        #expect(!llama.state.showsExperts && llama.frame().size.width == 200)
    }

    @Test func noMoreTokensAreReadThanTheModelHasPlacesFor() throws {
        var player = try FamilySamples.player("gpt2")
        #expect(player.state.tokenCount == 40 && player.state.textTokenCount == 60)
        let notice = "the first 40 of 60 tokens are read: the model has learned positions for 40 tokens"
        #expect(player.state.notice?.text == notice)
        #expect(player.frame().lines[0].contains("40 of 60 tokens"))
        let asked = try FamilySamples.player("gpt2", limit: 20).state
        #expect(asked.tokenCount == 20 && asked.notice == nil)
    }

    @Test func anEncoderReadsAsMuchAsItCanHold() throws {
        let t5 = try #require(try FamilySamples.player("t5").state.sources.model.value).traits
        #expect(ReadingLimit(t5, tokens: 8_192, asked: nil) == nil)
        #expect(ReadingLimit(t5, tokens: 8_193, asked: nil)?.tokens == 8_192)
        #expect(ReadingLimit(t5, tokens: 9_000, asked: 9_000) == nil)
        let bert = try #require(try FamilySamples.player("bert").state.sources.model.value).traits
        #expect(ReadingLimit(bert, tokens: 9_000, asked: 9_000)?.tokens == 40)
        let llama = try Samples.model.get().traits
        #expect(ReadingLimit(llama, tokens: 1_000_000, asked: nil) == nil)
    }

    @Test func memoryCountsEveryPartOfAModel() throws {
        func size(_ name: String) throws -> RecordingSize {
            let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
            return RecordingSize(model: model.traits, scenario: .plain, tokens: 60)
        }
        func pieces(_ shape: ModelShape) -> (keys: Double, values: Double, queries: Double, measures: Double) {
            let width = (shape.headDimension + 15) / 16 * 16
            return (
                Double(shape.keyValueHeads * shape.headDimension), Double(shape.keyValueHeads * width),
                Double(shape.heads * shape.headDimension), Double(7 * shape.heads)
            )
        }
        let t5 = try size("t5")
        let (main, encoder) = (t5.model.shape(.decoder), t5.model.shape(.encoder))
        let (d, e) = (pieces(main), pieces(encoder))
        // Recorded and kept by the run: keys and values twice.
        let decoder = Double(main.layers) * (2 * (d.keys + d.values) + d.queries + d.measures) + Double(main.hidden)
        let stack = Double(encoder.layers) * (2 * (e.keys + e.values) + e.queries + e.measures) + Double(encoder.hidden)
        let working = Double(4 * encoder.hidden + 2 * encoder.intermediate) + 2 * e.queries + 2 * e.keys
        #expect(t5.bytesPerToken == 4 * (2 * decoder + 1 + stack + 1 + working))
        // A short text has one block a head.
        #expect(t5.mapBytes == 8 * Double(main.heads * (2 * main.layers + encoder.layers)))
        let long = RecordingSize(model: t5.model, scenario: .plain, tokens: 1 << 20)
        let blocks = 8.0 * 512 * 512 * Double(main.heads * main.layers)
        #expect(long.mapBytes == blocks * (513.0 / 1024 + 1) + blocks * Double(encoder.layers) / Double(main.layers))
        let mixtral = try size("mixtral")
        let shape = mixtral.model.shape
        let m = pieces(shape)
        let layer = 2 * (m.keys + m.values) + m.queries + m.measures + 4 + 2 * 2
        let expected = Double(shape.layers) * layer + Double(shape.hidden + 1 + shape.headDimension)
        #expect(mixtral.bytesPerToken == 4 * expected)
        let near = RecordingSize(
            model: mixtral.model, scenario: try Scenario(parsing: ["rerope:window=8"]), tokens: 60)
        #expect(near.bytesPerToken > mixtral.bytesPerToken, "far keys are turned another way")
    }
}

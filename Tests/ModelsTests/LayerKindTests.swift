import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// What layers are said to do, against what they do.
struct LayerKindTests {
    static let names = [
        "gemma2", "gemma3", "gpt_oss", "llama4", "smollm3", "cohere2", "modernbert", "olmo3", "exaone4", "mistral",
        "deepseek_v3", "llama_default", "bart", "t5", "bloom", "qwen2_sliding", "longformer", "xlnet", "xlnet_uni",
    ]

    static func outline(_ name: String) throws -> ModelOutline {
        try ModelOutline(contentsOf: Fixture.path("hf/\(name)"))
    }

    @Test(arguments: names) func everyLayerIsOfOneKindThatTellsItsTraits(name: String) throws {
        let outline = try Self.outline(name)
        for attention in outline.traits.kinds {
            let layers = outline.traits.layers(attention)
            let kinds = outline.layerKinds.filter { $0.attention == attention.rawValue }
            #expect(kinds.flatMap(\.layers).sorted() == Array(layers.indices))
            for kind in kinds {
                for layer in kind.layers {
                    #expect(kind.windows == layers[layer].windows.map(\.spec))
                    #expect(kind.scale == layers[layer].scoreScale && kind.cap == layers[layer].softcap)
                    let settings = layers[layer].rope.map { outline.traits.ropes[$0] }
                    #expect(kind.rope?.base == settings?.base && kind.rope?.dimensions == settings?.dimensions)
                    let turns = outline.rotation(
                        layer: layer, kind: attention, scenario: Scenario(position: outline.position), tokens: 500)
                    #expect((turns == nil) == (settings == nil))
                    #expect(turns?.context.base == settings?.base)
                    #expect(turns.map { $0.trained.window <= kind.reach ?? .max } ?? true)
                }
            }
        }
    }

    /// No query sees a key that is further away than the reach, and some query one that is as far.
    @Test(arguments: names) func theReachIsThatOfTheMask(name: String) throws {
        let outline = try Self.outline(name)
        for layer in outline.traits.kinds.flatMap(outline.traits.layers) {
            guard let reach = layer.reach else { continue }
            let tokens = 3 * reach + 2
            let furthest = (0..<tokens).map { query in
                let first = layer.windows.map {
                    $0.visibleKeys(query: query, tokens: tokens).ranges.first?.lowerBound ?? 0
                }
                return query - (first.max() ?? 0)
            }
            #expect(furthest.max() == reach - 1)
        }
    }

    @Test func aMethodConcernsTheFirstSetting() throws {
        let outline = try Self.outline("gemma3")
        let scenario = Scenario(position: NTKAware(factor: 4))
        let local = try #require(outline.rotation(layer: 0, kind: .decoder, scenario: scenario, tokens: 300))
        let global = try #require(outline.rotation(layer: 1, kind: .decoder, scenario: scenario, tokens: 300))
        #expect(!local.followsScenario && local.position is RoPE && local.context.base == 100)
        #expect(global.followsScenario && global.position is NTKAware && global.context.base == 1000)
        #expect(
            outline.traits.positionScope == "position methods change layer 1 (base 1,000); layers 0,2 keep base 100")
        #expect(try Self.outline("llama_default").traits.positionScope == nil)
        #expect(try Self.outline("gpt_oss").traits.positionScope == nil)
        #expect(try Self.outline("bloom").traits.positionScope == nil)
        #expect(try #require(try Self.outline("smollm3").traits.positionScope).contains("no positions"))
    }

    @Test func layersAreNamedAmongOthers() throws {
        let gemma = try Self.outline("gemma3").traits
        #expect(gemma.differs(.decoder) && gemma.title(of: gemma.decoder[0]) == "local, window 7, base 100")
        #expect(gemma.title(of: gemma.decoder[1]) == "global, base 1,000")
        #expect(try !Self.outline("llama_default").traits.differs(.decoder))
        #expect(try !Self.outline("bart").traits.differs(.cross))
        let smol = try Self.outline("smollm3").traits
        let still = try #require(smol.decoder.first { $0.rope == nil })
        #expect(smol.title(of: still) == "local, window 7, no positions")
    }

    /// Windows that depend on the text too: a Longformer and a BigBird were said to read everything everywhere.
    @Test func windowsOfTextsAreToldBeforeAnyText() throws {
        let longformer = try #require(try Self.outline("longformer").layerKinds.first)
        #expect(longformer.kind == "local" && longformer.layers == [0, 1] && longformer.reach == 5)
        #expect(longformer.windows == [Longformer(window: 8).spec])
        let bigBird = try Self.outline("big_bird")
        #expect(bigBird.layerKinds.map(\.kind) == ["sparse"])
        #expect(bigBird.layerKinds.map(\.windows) == [[BigBird(block: 4, random: 1, draw: 0).spec]])
        #expect(bigBird.traits.notes.contains { $0.contains("at most 28 tokens are read whole") })
        let layersOfText = try #require(bigBird.traits.layersOfText)
        #expect(layersOfText(bigBird.traits.encoder, 28, []).allSatisfy { $0.windows.isEmpty })
        #expect(layersOfText(bigBird.traits.encoder, 29, []).allSatisfy { $0.windows.count == 1 })
        #expect(try Self.outline("big_bird_full").layerKinds.map(\.kind) == ["global"])
    }

    @Test func whatIsCachedIsCounted() throws {
        let latent = try Self.outline("deepseek_v3")
        #expect(latent.layerKinds.allSatisfy { $0.isLatent && $0.cached == latent.traits.latent?.numbers })
        let plain = try Self.outline("llama_default")
        let shape = plain.shape
        #expect(plain.layerKinds.map(\.cached) == [2 * shape.keyValueHeads * shape.headDimension])
        #expect(try Self.outline("modernbert").layerKinds.allSatisfy { $0.cached == nil })
        #expect(try Self.outline("gpt_oss").layerKinds.allSatisfy { $0.sinks })
        #expect(try Self.outline("llama4").layerKinds.contains { $0.growth != nil && $0.rope == nil })
    }
}

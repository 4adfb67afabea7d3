import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// BigBird (Zaheer et al. 2020): blocks that see their neighbours, the first and the last block.
///
/// Outside of training the reference implementation draws block 0 for every random block, so that its keys count
/// several times in the softmax of all middle rows.
struct BigBirdEncoder: Family {
    static let types = ["big_bird"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 50_358, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
                "intermediate_size": 3072, "hidden_act": "gelu_new", "max_position_embeddings": 4096,
                "type_vocab_size": 2, "layer_norm_eps": 1e-12, "attention_type": "block_sparse",
                "rescale_embeddings": false, "block_size": 64, "num_random_blocks": 3, "tie_word_embeddings": true,
                "use_bias": true,
            ],
            ignored: [
                "add_cross_attention", "gradient_checkpointing",
            ],
            neutral: [
                "position_embedding_type": "absolute"
            ])
    }

    private let common: BERTLikeConfiguration
    private let scalesEmbedding: Bool
    private let hasProjectionBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try BERTLikeConfiguration(configuration, activation: "gelu_new")
        scalesEmbedding = try configuration.flag("rescale_embeddings", default: false)
        hasProjectionBias = try configuration.flag("use_bias", default: true)
        var traits = ModelTraits(encoder: common.shape, scheme: .learned(places: common.placeRows))
        if try configuration.string("attention_type") ?? "block_sparse" == "block_sparse" {
            let block = try configuration.size("block_size", default: 64)
            let random = try configuration.count("num_random_blocks", default: 3, limit: 1 << 16)
            // Texts of up to so many tokens are read whole.
            let whole = (5 + 2 * random) * block
            traits.attentionsName = "attentions_effective"
            if common.placeRows > whole {
                for layer in traits.encoder.indices {
                    traits.encoder[layer].windows = [BigBird(block: block, random: random, draw: 0)]
                }
                traits.notes = [say("texts of at most \(whole.grouped) tokens are read whole, without the blocks")]
            }
            traits.layersOfText = { layers, tokens, _ in
                let isSparse = tokens > whole
                let multiplicity = KeyMultiplicity(block: block, extra: random)
                return layers.map { layer in
                    var layer = layer
                    layer.windows = isSparse ? [BigBird(block: block, random: random, draw: 0)] : []
                    if isSparse { layer.bias = .multiplicity(multiplicity) }
                    return layer
                }
            }
        }
        self.traits = traits
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("embeddings.word_embeddings.weight") ? "" : "bert."
        var stack = try weights.bertStack(prefix, common, projectionBias: hasProjectionBias)
        if scalesEmbedding { stack.embedding.scale = Float(common.shape.hidden).squareRoot() }
        return Architecture(
            encoder: stack, head: try weights.bertHead(common, tokens: stack.embedding.tokens))
    }
}

/// Keys of the first block that count several times in rows of middle blocks.
package struct KeyMultiplicity: Sendable {
    /// Tokens of a block.
    let block: Int
    /// How many more times its keys count.
    let extra: Int

    /// What is added to the scores of a query: ln of how often a key counts.
    func bias(of query: Int, keys: Int) -> [(keys: Range<Int>, value: Float)] {
        let last = (keys - 1) / block
        guard extra > 0, query / block != 0, query / block != last else { return [] }
        return [(0..<min(block, keys), log(Float(1 + extra)))]
    }
}

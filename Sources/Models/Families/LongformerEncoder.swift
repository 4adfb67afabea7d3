import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// Longformer (Beltagy et al. 2020): a window around every token, and a few global tokens that see and are seen by all.
struct LongformerEncoder: Family {
    static let types = ["longformer"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 30_522, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
                "intermediate_size": 3072, "hidden_act": "gelu", "max_position_embeddings": 512,
                "type_vocab_size": 2, "layer_norm_eps": 1e-12, "attention_window": 512, "pad_token_id": 1,
                "tie_word_embeddings": true,
            ],
            ignored: [
                "attention_mode", "ignore_attention_mask", "onnx_export", "gradient_checkpointing",
            ],
            neutral: [
                "position_embedding_type": "absolute"
            ])
    }

    private let common: BERTLikeConfiguration
    private let padding: Int
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let common = try BERTLikeConfiguration(configuration)
        self.common = common
        padding = try configuration.count("pad_token_id", default: 1)
        guard padding < common.placeRows - 1 else {
            throw configuration.problem("pad_token_id", say("must be a whole number below max_position_embeddings"))
        }
        let windows = try Self.windows(configuration, layers: common.shape.layers)
        var traits = ModelTraits(encoder: common.shape, scheme: .learned(places: common.placeRows - padding - 1))
        traits.paddingSeesNothing = true
        traits.attentionsName = "attentions_dense"
        let globals = try LongformerGlobals(configuration)
        traits.standardGlobals = { globals.places(in: $0) }
        traits.notes = [globals.note]
        for layer in traits.encoder.indices {
            traits.encoder[layer].windows = [Longformer(window: windows[layer], globals: globals.ofEveryText)]
        }
        traits.layersOfText = { layers, _, globals in
            zip(layers, windows).map { layer, window in
                var layer = layer
                layer.windows = [Longformer(window: window, globals: globals)]
                return layer
            }
        }
        self.traits = traits
    }

    /// The two-sided width of every layer's window.
    private static func windows(_ configuration: Configuration, layers: Int) throws(ModelError) -> [Int] {
        let key = "attention_window"
        let windows: [Int?]
        if let values = configuration.value(key)?.array {
            windows = values.map(\.integer)
        } else {
            windows = Array(repeating: try configuration.size(key, default: 512), count: layers)
        }
        let checked = windows.compactMap { $0 }.filter { $0 >= 2 && $0 <= 1 << 24 && $0 % 2 == 0 }
        guard checked.count == layers else {
            throw configuration.problem(key, say("must be an even number of tokens, or a list of \(layers) of them"))
        }
        return checked
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("embeddings.word_embeddings.weight") ? "" : "longformer."
        var stack = try weights.bertStack(prefix, common, globals: true)
        stack.embedding.padding = Int32(padding)
        return Architecture(
            encoder: stack, head: try weights.robertaHead(common, tokens: stack.embedding.tokens))
    }
}

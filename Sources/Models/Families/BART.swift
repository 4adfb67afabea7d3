import Foundation
import RopewalkKernels
import RopewalkMethods

/// BART (Lewis et al. 2020): an encoder and a decoder with learned positions and norms after each part.
/// mBART (Liu et al. 2020): norms before each part, and one at the end. PEGASUS (Zhang et al. 2020): the same without a norm of
/// the embeddings, and with sinusoids for positions.
struct BART: Family {
    static let types = ["bart", "mbart", "pegasus"]

    static func keys(_ type: String) -> ConfigurationKeys {
        let names = [
            "d_model": "hidden_size", "encoder_layers": "num_hidden_layers",
            "encoder_attention_heads": "num_attention_heads",
        ]
        let ignored: Set<String> = ["save_step", "num_hidden_layers", "classif_dropout", "gradient_checkpointing"]
        var keys = ConfigurationKeys(
            defaults: [
                "vocab_size": 50_265, "max_position_embeddings": 1024, "encoder_layers": 12, "encoder_ffn_dim": 4096,
                "encoder_attention_heads": 16, "decoder_layers": 12, "decoder_ffn_dim": 4096,
                "decoder_attention_heads": 16, "activation_function": "gelu", "d_model": 1024,
                "scale_embedding": false, "decoder_start_token_id": 2, "tie_word_embeddings": true,
            ],
            otherNames: names, ignored: ignored,
            neutral: [
                "add_bias_logits": false, "add_final_layer_norm": false, "extra_pos_embeddings": 2,
                "normalize_before": false, "normalize_embedding": true, "static_position_embeddings": false,
            ])
        guard type != "bart" else { return keys }
        keys.neutral.merge(["add_final_layer_norm": true, "normalize_before": true]) { $1 }
        keys.defaults["decoder_start_token_id"] = .null
        guard type == "pegasus" else { return keys }
        keys.defaults["decoder_start_token_id"] = 0
        keys.neutral.merge(["normalize_embedding": false, "static_position_embeddings": true]) { $1 }
        // Their own number of rows before the first place, which the reference does not read.
        keys.neutral["extra_pos_embeddings"] = nil
        keys.ignored.formUnion(["extra_pos_embeddings", "force_bos_token_to_be_generated"])
        return keys
    }

    private let normsFirst: Bool
    private let normsEmbeddings: Bool
    private let encoderShape: ModelShape
    private let decoderShape: ModelShape
    private let activation: Activation
    private let scale: Float
    private let places: Int
    /// Rows of the position table that stand before the first place.
    private let firstPlace: Int
    private static let epsilon: Float = 1e-5
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let type = try configuration.string("model_type")
        normsFirst = type != "bart"
        normsEmbeddings = type != "pegasus"
        firstPlace = type == "pegasus" ? 0 : 2
        let hidden = try configuration.size("d_model")
        places = try configuration.size("max_position_embeddings", default: 1024)
        let (places, vocabulary) = (places, try configuration.size("vocab_size"))
        func shape(_ side: String) throws(ModelError) -> ModelShape {
            let heads = try configuration.size(side + "_attention_heads", limit: 1 << 14)
            return ModelShape(
                layers: try configuration.size(side + "_layers", limit: 1 << 12), heads: heads, keyValueHeads: heads,
                headDimension: try configuration.headDimension(hidden: hidden, heads: heads), hidden: hidden,
                intermediate: try configuration.size(side + "_ffn_dim"), vocabulary: vocabulary,
                trainedWindow: places, normEpsilon: Self.epsilon, rotaryDimensions: 0)
        }
        encoderShape = try shape("encoder")
        decoderShape = try shape("decoder")
        activation = try configuration.activation(["activation_function"], default: "gelu")
        scale = try configuration.flag("scale_embedding", default: false) ? Float(hidden).squareRoot() : 1
        traits = ModelTraits(
            encoder: encoderShape, decoder: decoderShape, scheme: .learned(places: places),
            start: try configuration.token("decoder_start_token_id", default: type == "pegasus" ? 0 : 2))
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("encoder.layers.0.fc1.weight") ? "" : "model."
        let encoderTokens = try tokens(prefix, of: "encoder", weights)
        let decoderTokens = try tokens(prefix, of: "decoder", weights)
        let output =
            weights.contains("lm_head.weight")
            ? try weights.linear("lm_head", outputs: encoderShape.vocabulary, inputs: encoderShape.hidden)
            : decoderTokens
        let bias =
            weights.contains("final_logits_bias")
            ? try weights.values("final_logits_bias", shape: [1, encoderShape.vocabulary]) : nil
        return Architecture(
            encoder: try stack(prefix + "encoder.", encoderShape, encoderTokens, hasCross: false, weights),
            decoder: try stack(prefix + "decoder.", decoderShape, decoderTokens, hasCross: true, weights),
            head: OutputHead(weights: bias.map { output.biased($0) } ?? output))
    }

    /// The embedding of a side: its own where the file has one, else that of both.
    private func tokens(_ prefix: String, of side: String, _ weights: Weights) throws(ModelError) -> WeightMatrix {
        let names = ["\(side).embed_tokens", "shared", "encoder.embed_tokens", "decoder.embed_tokens"]
        let name = names.first { weights.contains(prefix + $0 + ".weight") } ?? "shared"
        return try weights.linear(
            prefix + name, outputs: encoderShape.vocabulary, inputs: encoderShape.hidden)
    }

    /// The vectors of places; PEGASUS's are sinusoids, which many files leave out.
    private func placeTable(_ name: String, hidden: Int, _ weights: Weights) throws(ModelError) -> WeightMatrix {
        let rows = places + firstPlace
        guard !normsEmbeddings, rows * hidden <= 1 << 26, !weights.contains(name + ".weight") else {
            return try weights.linear(name, outputs: rows, inputs: hidden)
        }
        return WeightMatrix(outputs: rows, inputs: hidden, values: Self.sinusoids(rows: rows, columns: hidden))
    }

    /// All sines of a place, then its cosines. [row, column]
    static func sinusoids(rows: Int, columns: Int) -> [Float] {
        let sines = (columns + 1) / 2
        return (0..<rows).flatMap { place in
            (0..<columns).map { column in
                let index = column < sines ? column : column - sines
                let angle = Double(place) / pow(10_000, Double(2 * index) / Double(columns))
                return Float(column < sines ? sin(angle) : cos(angle))
            }
        }
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(name, size: encoderShape.hidden, epsilon: Self.epsilon, weights)
    }

    private func stack(
        _ name: String, _ shape: ModelShape, _ tokens: WeightMatrix, hasCross: Bool, _ weights: Weights
    ) throws(ModelError) -> Stack {
        let embedding = Embedding(
            tokens: tokens, scale: scale,
            places: try placeTable(name + "embed_positions", hidden: shape.hidden, weights),
            firstPlace: firstPlace, norm: normsEmbeddings ? try norm(name + "layernorm_embedding", weights) : nil)
        var blocks: [Block] = []
        for index in 0..<shape.layers {
            blocks.append(try block("\(name)layers.\(index).", shape, hasCross: hasCross, weights))
        }
        return Stack(
            embedding: embedding, blocks: blocks, finalNorm: normsFirst ? try norm(name + "layer_norm", weights) : nil)
    }

    /// The parts of a block and their norms, in BART
    /// x = norm(x + attention(x)); in the decoder x = norm(x + cross(x)); x = norm(x + down(gelu(up(x)))).
    private func block(
        _ name: String, _ shape: ModelShape, hasCross: Bool, _ weights: Weights
    ) throws(ModelError) -> Block {
        Block(
            arrangement: normsFirst ? .normFirst : .normLast,
            attentionNorm: try norm(name + "self_attn_layer_norm", weights),
            attention: try attention(name + "self_attn.", shape, weights),
            cross: hasCross
                ? Block.CrossAttention(
                    norm: try norm(name + "encoder_attn_layer_norm", weights),
                    attention: try attention(name + "encoder_attn.", shape, weights)) : nil,
            feedForwardNorm: try norm(name + "final_layer_norm", weights),
            feedForward: .plain(
                up: try weights.linear(name + "fc1", outputs: shape.intermediate, inputs: shape.hidden, bias: true),
                down: try weights.linear(name + "fc2", outputs: shape.hidden, inputs: shape.intermediate, bias: true),
                activation))
    }

    private func attention(
        _ name: String, _ shape: ModelShape, _ weights: Weights
    ) throws(ModelError) -> AttentionLayer {
        func square(_ part: String) throws(ModelError) -> WeightMatrix {
            try weights.linear(name + part, outputs: shape.hidden, inputs: shape.hidden, bias: true)
        }
        return AttentionLayer(
            query: try square("q_proj"), key: try square("k_proj"), value: try square("v_proj"),
            output: try square("out_proj"))
    }
}

extension ModelTraits {
    /// An encoder and a decoder that reads it.
    init(encoder: ModelShape, decoder: ModelShape, scheme: PositionScheme, scoreScale: Float? = nil, start: Int32) {
        let traits = LayerTraits(scoreScale: scoreScale ?? decoder.scoreScale, rope: nil)
        self.init(decoder: decoder, traits: Array(repeating: traits, count: decoder.layers))
        cross = self.decoder
        encoderShape = encoder
        self.encoder = Array(
            repeating: LayerTraits(scoreScale: scoreScale ?? encoder.scoreScale, rope: nil), count: encoder.layers)
        self.scheme = scheme
        decoderStart = start
    }
}

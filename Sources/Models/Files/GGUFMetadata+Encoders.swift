import RopewalkFormats
import RopewalkPhrases

extension GGUFMetadata {
    /// T5, and its encoder alone.
    ///
    /// No file says what the feed-forward layers compute, the largest distance, and whether the output is scaled; the
    /// published models do: version 1.0 has no gate, ReLU and one matrix for input and output, version 1.1 and what came
    /// of it a gate, GELU and two.
    func t5() throws(ModelError) -> [JSONValue.Member] {
        if file.tensors["enc.blk.1.attn_rel_b.weight"] != nil {
            throw problem("attention.relative_buckets_count", say("biases of each layer (UMT5) are not read"))
        }
        let isGated = file.tensors["enc.blk.0.ffn_gate.weight"] != nil
        let isTied = !isGated || file.tensors["output.weight"] == nil
        let layers = try required("block_count")
        var members = [
            member("model_type", .string("t5")), member("d_model", .integer(try required("embedding_length"))),
            member("d_kv", .integer(try headDimension())),
            member("d_ff", .integer(try required("feed_forward_length"))),
            member("num_layers", .integer(layers)), member("num_heads", .integer(try heads())),
            member("relative_attention_num_buckets", .integer(try required("attention.relative_buckets_count"))),
            member("relative_attention_max_distance", .integer(128)),
            member("layer_norm_epsilon", .number(try epsilon())),
            member("n_positions", .integer(try required("context_length"))),
            member("feed_forward_proj", .string(isGated ? "gated-gelu" : "relu")),
            member("vocab_size", .integer(try vocabulary())), member("tie_word_embeddings", .bool(isTied)),
        ]
        guard architecture == .t5 else {
            return members + [member("architectures", .array([.string("T5EncoderModel")]))]
        }
        members.append(member("num_decoder_layers", .integer(try size("decoder_block_count") ?? layers)))
        members.append(member("decoder_start_token_id", .integer(value("decoder_start_token_id")?.integer ?? 0)))
        return members
    }

    /// ModernBERT: every third layer sees all, the first one too, unless the file says otherwise.
    func modernBERT() throws(ModelError) -> [JSONValue.Member] {
        guard value("attention.causal")?.bool != true else {
            throw problem("attention.causal", say("true is not supported in this architecture"))
        }
        let layers = try required("block_count")
        let base = try number("rope.freq_base") ?? 10_000
        let settings = [("full_attention", base), ("sliding_attention", try number("rope.freq_base_swa") ?? base)].map {
            member($0, .object([member("rope_type", .string("default")), member("rope_theta", .number($1))]))
        }
        guard try rope().isEmpty else {
            throw problem("rope.scaling.type", say("is not supported in this architecture"))
        }
        let window = try windowSize()
        // As the conversion writes `norm_eps`; others write it as llama.cpp reads it.
        let stated = try number("attention.layer_norm_rms_epsilon")
        let norm = if let stated { stated } else { try epsilon() }
        return try [
            member("model_type", .string("modernbert")), member("vocab_size", .integer(vocabulary())),
            member("hidden_size", .integer(required("embedding_length"))),
            member("num_hidden_layers", .integer(layers)), member("num_attention_heads", .integer(heads())),
            member("intermediate_size", .integer(required("feed_forward_length"))),
            member("max_position_embeddings", .integer(required("context_length"))),
            member("norm_eps", .number(norm)),
            member("hidden_activation", .string(modernActivation())),
            member("local_attention", .integer(window ?? 128)), member("rope_parameters", .object(settings)),
            member("layer_types", .array(modernLayers(layers, hasWindow: window != nil))),
        ]
    }

    private func modernActivation() throws(ModelError) -> String {
        let name = value("hidden_activation")?.string ?? "gelu"
        guard ["gelu", "silu"].contains(name) else {
            throw problem(
                "hidden_activation", say("\(name.prefix(40).debugDescription) is not known; known are gelu, silu"))
        }
        return name
    }

    /// Unlike other architectures the period begins with the layer that sees all.
    private func modernLayers(_ layers: Int, hasWindow: Bool) throws(ModelError) -> [JSONValue] {
        let key = "attention.sliding_window_pattern"
        let value = value(key)
        let period = value == nil ? 3 : value?.integer
        let repeated = period.map { period in (0..<layers).map { period == 0 || $0 % period != 0 } }
        guard let flags = value?.array?.bools ?? repeated, period ?? 0 >= 0, flags.count == layers else {
            throw problem(key, say("must be a whole number from 0 on, or a list of \(layers) truth values"))
        }
        return flags.map { .string($0 && hasWindow ? "sliding_attention" : "full_attention") }
    }
}

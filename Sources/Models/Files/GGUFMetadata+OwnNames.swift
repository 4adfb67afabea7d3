import RopewalkFormats
import RopewalkPhrases

extension GGUFMetadata {
    /// What the configurations say that are not named as the Llama line's are.
    func ofOwnNames() throws(ModelError) -> [JSONValue.Member] {
        let members =
            switch architecture {
            case .bloom: try bloom()
            case .mpt: try mpt()
            case .gptneox: try gptneox()
            case .falcon: try falcon()
            case .bert: try bert()
            default: try gpt2()
            }
        return try members + [
            member("model_type", .string(architecture == .gptneox ? "gpt_neox" : architecture.rawValue)),
            member("vocab_size", .integer(vocabulary())),
            member("tie_word_embeddings", .bool(file.tensors["output.weight"] == nil)),
        ]
    }

    private func named(_ names: KeyValuePairs<String, String>) throws(ModelError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        for (published, name) in names { members.append(member(published, .integer(try required(name)))) }
        return members
    }

    private func gpt2() throws(ModelError) -> [JSONValue.Member] {
        try named([
            "n_embd": "embedding_length", "n_layer": "block_count", "n_head": "attention.head_count",
            "n_inner": "feed_forward_length", "n_positions": "context_length",
        ]) + [
            member("layer_norm_epsilon", .number(epsilon())), member("activation_function", .string("gelu_new")),
        ]
    }

    private func bloom() throws(ModelError) -> [JSONValue.Member] {
        try requireHeads()
        return try named([
            "hidden_size": "embedding_length", "n_layer": "block_count", "n_head": "attention.head_count",
            "seq_length": "context_length",
        ]) + [member("layer_norm_epsilon", .number(epsilon()))]
    }

    private func mpt() throws(ModelError) -> [JSONValue.Member] {
        try requireHeads()
        let bias = try number("attention.max_alibi_bias") ?? 0
        guard bias == 8 else {
            throw problem("attention.max_alibi_bias", say("\(bias) is not supported; only 8 is"))
        }
        let clip = try number("attention.clamp_kqv") ?? 0
        let attention = [member("alibi", .bool(true)), member("clip_qkv", clip == 0 ? .null : .number(clip))]
        return try named([
            "d_model": "embedding_length", "n_layers": "block_count", "n_heads": "attention.head_count",
            "max_seq_len": "context_length",
        ]) + [member("layer_norm_epsilon", .number(epsilon())), member("attn_config", .object(attention))]
    }

    private func gptneox() throws(ModelError) -> [JSONValue.Member] {
        try requireHeads()
        let part = try turningPart()
        return try named([
            "hidden_size": "embedding_length", "num_hidden_layers": "block_count",
            "num_attention_heads": "attention.head_count", "intermediate_size": "feed_forward_length",
            "max_position_embeddings": "context_length",
        ]) + scaling() + [
            member("rotary_pct", part.value), member("rotary_emb_base", .number(number("rope.freq_base") ?? 10_000)),
            member("use_parallel_residual", .bool(value("use_parallel_residual")?.bool ?? true)),
            member("attention_bias", has("attn_qkv.bias")),
            member("layer_norm_eps", .number(epsilon())), member("hidden_act", .string("gelu")),
        ]
    }

    /// All as the newer ones are published, whose rows of one group are those of the older ones.
    private func falcon() throws(ModelError) -> [JSONValue.Member] {
        let norms = file.tensors["blk.0.attn_norm_2.weight"] == nil ? 1 : 2
        return try named([
            "hidden_size": "embedding_length", "num_hidden_layers": "block_count",
            "num_attention_heads": "attention.head_count", "ffn_hidden_size": "feed_forward_length",
            "max_position_embeddings": "context_length",
        ]) + scaling() + [
            member("num_kv_heads", .integer(keyValueHeads())), member("new_decoder_architecture", .bool(true)),
            member("num_ln_in_parallel_attn", .integer(norms)), member("bias", has("attn_qkv.bias")),
            member("rope_theta", .number(number("rope.freq_base") ?? 10_000)),
            member("layer_norm_epsilon", .number(epsilon())), member("activation", .string("gelu")),
        ]
    }

    private func bert() throws(ModelError) -> [JSONValue.Member] {
        guard value("attention.causal")?.bool != true else {
            throw problem("attention.causal", say("true is not supported in this architecture"))
        }
        guard file.tensors["token_types.weight"] != nil else {
            throw problem("architecture", say("a model without token types (DistilBERT) is read from its folder only"))
        }
        return try named([
            "hidden_size": "embedding_length", "num_hidden_layers": "block_count",
            "num_attention_heads": "attention.head_count", "intermediate_size": "feed_forward_length",
        ]) + [
            member("max_position_embeddings", .integer(rows(of: "position_embd.weight"))),
            member("type_vocab_size", .integer(rows(of: "token_types.weight"))),
            member("layer_norm_eps", .number(epsilon())), member("hidden_act", .string("gelu")),
        ]
    }

    /// Families whose heads have keys and values of their own.
    private func requireHeads() throws(ModelError) {
        let (heads, found) = (try heads(), try keyValueHeads())
        guard heads == found else {
            throw problem("attention.head_count_kv", say("\(found) is not the \(heads) heads that this family has"))
        }
    }
}

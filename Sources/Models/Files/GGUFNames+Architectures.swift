extension GGUFArchitecture {
    var names: GGUFNames { Self.allNames[self] ?? GGUFNames(block: [:]) }

    private static let allNames = Dictionary(uniqueKeysWithValues: allCases.map { ($0, makeNames($0)) })

    private static func makeNames(_ architecture: GGUFArchitecture) -> GGUFNames {
        switch architecture {
        case .gpt2, .bloom, .mpt, .gptneox, .falcon, .bert, .phi3: fusedNames(architecture)
        case .llama, .qwen2moe, .qwen3moe, .granitemoe, .gptOSS, .llama4, .deepseek2: expertNames(architecture)
        case .starcoder2:
            twoNorms([
                "ffn_up": "mlp.c_fc", "ffn_down": "mlp.c_proj",
            ])
        case .stablelm:
            twoNorms(["attn_q_norm": "self_attn.q_layernorm", "attn_k_norm": "self_attn.k_layernorm"])
        case .phi2: phi2Names
        case .olmo2, .exaone4:
            GGUFNames(
                block: with([
                    "post_attention_norm": "post_attention_layernorm", "post_ffw_norm": "post_feedforward_layernorm",
                ]))
        case .gemma2, .gemma3: twoNorms(fourNorms)
        case .gemma3n: gemma3nNames
        case .glm4:
            twoNorms([
                "post_attention_norm": "post_self_attn_layernorm", "post_ffw_norm": "post_mlp_layernorm",
                "ffn_up": "mlp.gate_up_proj",
            ])
        case .qwen2, .qwen3, .gemma, .granite, .smollm3, .nemotron, .mistral3: twoNorms([:])
        case .commandR, .cohere2, .olmo: GGUFNames(block: separate)
        case .t5, .t5encoder: t5Names
        case .modernBERT: modernBERTNames
        }
    }

    private static func with(_ names: [String: String]) -> [String: String] { separate.merging(names) { $1 } }

    /// The Llama line's, with a norm before each part.
    private static func twoNorms(_ names: [String: String]) -> GGUFNames {
        GGUFNames(block: with(["ffn_norm": "post_attention_layernorm"]).merging(names) { $1 })
    }

    private static let fourNorms = [
        "post_attention_norm": "post_attention_layernorm", "ffn_norm": "pre_feedforward_layernorm",
        "post_ffw_norm": "post_feedforward_layernorm",
    ]

    private static var gemma3nNames: GGUFNames {
        var names = twoNorms(fourNorms)
        names.block.merge([
            "inp_gate": "per_layer_input_gate", "proj": "per_layer_projection",
            "post_norm": "post_per_layer_input_norm", "altup_correct_coef": "altup.correction_coefs",
            "altup_correct_scale": "altup.correct_output_scale", "altup_predict_coef": "altup.prediction_coefs",
            "altup_router": "altup.modality_router", "altup_router_norm": "altup.router_norm",
            "laurel_l": "laurel.linear_left", "laurel_r": "laurel.linear_right",
            "laurel_post_norm": "laurel.post_laurel_norm",
        ]) { $1 }
        names.globals.merge([
            "per_layer_token_embd": "model.embed_tokens_per_layer",
            "per_layer_model_proj": "model.per_layer_model_projection",
            "per_layer_proj_norm": "model.per_layer_projection_norm",
        ]) { $1 }
        names.stacks = [
            "altup_proj": "model.altup_projections", "altup_unembd_proj": "model.altup_unembed_projections",
        ]
        return names
    }

    private static var phi2Names: GGUFNames {
        var names = GGUFNames(
            block: with([
                "attn_output": "self_attn.dense", "ffn_up": "mlp.fc1", "ffn_down": "mlp.fc2",
                "attn_q_norm": "self_attn.q_layernorm", "attn_k_norm": "self_attn.k_layernorm",
            ]))
        names.globals["output_norm"] = "model.final_layernorm"
        return names
    }

    /// Those whose projections are published fused, or under names of their own.
    private static func fusedNames(_ architecture: GGUFArchitecture) -> GGUFNames {
        switch architecture {
        case .bloom:
            GGUFNames(
                blockPrefix: "transformer.h.",
                globals: [
                    "token_embd": "transformer.word_embeddings", "output_norm": "transformer.ln_f", "output": "lm_head",
                    "token_embd_norm": "transformer.word_embeddings_layernorm",
                ], block: bloomBlock.merging(["ffn_norm": "post_attention_layernorm"]) { $1 })
        case .falcon:
            // One norm, or two of which the second one is that of attention.
            GGUFNames(
                blockPrefix: "transformer.h.",
                globals: [
                    "token_embd": "transformer.word_embeddings", "output_norm": "transformer.ln_f", "output": "lm_head",
                ], block: bloomBlock.merging(["attn_norm_2": "ln_attn"]) { $1 }, aliases: ["attn_norm": "ln_mlp"])
        case .gptneox:
            GGUFNames(
                blockPrefix: "gpt_neox.layers.",
                globals: [
                    "token_embd": "gpt_neox.embed_in", "output_norm": "gpt_neox.final_layer_norm",
                    "output": "embed_out",
                ],
                block: bloomBlock.merging([
                    "attn_qkv": "attention.query_key_value", "attn_output": "attention.dense",
                    "ffn_norm": "post_attention_layernorm",
                ]) { $1 })
        case .mpt:
            GGUFNames(
                blockPrefix: "transformer.blocks.",
                globals: [
                    "token_embd": "transformer.wte", "output_norm": "transformer.norm_f", "output": "lm_head",
                ],
                block: [
                    "attn_norm": "norm_1", "attn_qkv": "attn.Wqkv", "attn_output": "attn.out_proj",
                    "ffn_norm": "norm_2", "ffn_up": "ffn.up_proj", "ffn_down": "ffn.down_proj",
                ])
        case .phi3:
            GGUFNames(block: [
                "attn_norm": "input_layernorm", "attn_qkv": "self_attn.qkv_proj", "attn_output": "self_attn.o_proj",
                "ffn_norm": "post_attention_layernorm", "ffn_up": "mlp.gate_up_proj", "ffn_down": "mlp.down_proj",
            ])
        case .bert: bertNames
        default: gpt2Names
        }
    }

    private static let bloomBlock = [
        "attn_norm": "input_layernorm", "attn_qkv": "self_attention.query_key_value",
        "attn_output": "self_attention.dense", "ffn_up": "mlp.dense_h_to_4h", "ffn_down": "mlp.dense_4h_to_h",
    ]

    private static var gpt2Names: GGUFNames {
        GGUFNames(
            blockPrefix: "transformer.h.",
            globals: [
                "token_embd": "transformer.wte", "position_embd": "transformer.wpe",
                "output_norm": "transformer.ln_f", "output": "lm_head",
            ],
            block: [
                "attn_norm": "ln_1", "attn_qkv": "attn.c_attn", "attn_output": "attn.c_proj", "ffn_norm": "ln_2",
                "ffn_up": "mlp.c_fc", "ffn_down": "mlp.c_proj",
            ])
    }

    private static var bertNames: GGUFNames {
        GGUFNames(
            blockPrefix: "encoder.layer.",
            globals: [
                "token_embd": "embeddings.word_embeddings", "position_embd": "embeddings.position_embeddings",
                "token_types": "embeddings.token_type_embeddings", "token_embd_norm": "embeddings.LayerNorm",
            ],
            block: [
                "attn_q": "attention.self.query", "attn_k": "attention.self.key", "attn_v": "attention.self.value",
                "attn_output": "attention.output.dense", "attn_output_norm": "attention.output.LayerNorm",
                "ffn_up": "intermediate.dense", "ffn_down": "output.dense", "layer_output_norm": "output.LayerNorm",
            ])
    }

    private static var modernBERTNames: GGUFNames {
        GGUFNames(
            blockPrefix: "layers.",
            globals: [
                "token_embd": "embeddings.tok_embeddings", "token_embd_norm": "embeddings.norm",
                "output_norm": "final_norm",
            ],
            block: [
                "attn_norm": "attn_norm", "attn_qkv": "attn.Wqkv", "attn_output": "attn.Wo", "ffn_norm": "mlp_norm",
                "ffn_up": "mlp.Wi", "ffn_down": "mlp.Wo",
            ])
    }

    private static var t5Names: GGUFNames {
        var names = GGUFNames(globals: ["token_embd": "shared", "output": "lm_head"], block: [:])
        names.sides = ["enc": t5Side("encoder", feedForward: 1), "dec": t5Side("decoder", feedForward: 2)]
        return names
    }

    /// - Parameter feedForward: which layer of a block is that
    private static func t5Side(_ name: String, feedForward: Int) -> GGUFNames {
        var side = GGUFNames(
            blockPrefix: "\(name).block.", globals: ["output_norm": "\(name).final_layer_norm"],
            block: [
                "attn_norm": "layer.0.layer_norm", "cross_attn_norm": "layer.1.layer_norm",
                "attn_rel_b": "layer.0.SelfAttention.relative_attention_bias",
            ])
        if name == "encoder" { side.block["cross_attn_norm"] = nil }
        for part in ["q", "k", "v", "o"] {
            side.block["attn_" + part] = "layer.0.SelfAttention." + part
            if name == "decoder" { side.block["cross_attn_" + part] = "layer.1.EncDecAttention." + part }
        }
        let dense = "layer.\(feedForward).DenseReluDense."
        side.block.merge([
            "ffn_norm": "layer.\(feedForward).layer_norm", "ffn_gate": dense + "wi_0", "ffn_up": dense + "wi_1",
            "ffn_down": dense + "wo",
        ]) { $1 }
        // Without a gate.
        side.aliases = ["ffn_up": dense + "wi"]
        return side
    }

    /// Those with experts.
    private static func expertNames(_ architecture: GGUFArchitecture) -> GGUFNames {
        var names = twoNorms([:])
        names.experts = ["ffn_gate_exps": "gate_proj", "ffn_down_exps": "down_proj", "ffn_up_exps": "up_proj"]
        switch architecture {
        case .llama:
            names.block["ffn_gate_inp"] = "block_sparse_moe.gate"
            names.expertParent = "block_sparse_moe"
            names.experts = ["ffn_gate_exps": "w1", "ffn_down_exps": "w2", "ffn_up_exps": "w3"]
        case .granitemoe:
            names.block["ffn_gate_inp"] = "block_sparse_moe.router.layer"
            names.expertParent = "block_sparse_moe"
        case .gptOSS:
            names.block["ffn_norm"] = nil
            names.block.merge([
                "ffn_gate_inp": "mlp.router", "attn_sinks": "self_attn.sinks",
                "post_attention_norm": "post_attention_layernorm",
            ]) { $1 }
        case .llama4:
            names.expertParent = "feed_forward"
            names.block.merge(parts("feed_forward", shared: "feed_forward.shared_expert")) { $1 }
            names.block["ffn_gate_inp"] = "feed_forward.router"
        case .deepseek2:
            names.block.merge(parts("mlp", shared: "mlp.shared_experts")) { $1 }
            names.block.merge(latent) { $1 }
        default:
            names.block.merge(parts("mlp", shared: "mlp.shared_expert")) { $1 }
            names.block.merge(["ffn_gate_inp": "mlp.gate", "ffn_gate_inp_shexp": "mlp.shared_expert_gate"]) { $1 }
        }
        return names
    }

    /// The feed-forward layers of layers without experts, and of the expert that works for every token.
    private static func parts(_ name: String, shared: String) -> [String: String] {
        var names: [String: String] = [:]
        for part in ["gate", "up", "down"] {
            names["ffn_\(part)"] = "\(name).\(part)_proj"
            names["ffn_\(part)_shexp"] = "\(shared).\(part)_proj"
        }
        return names
    }

    /// DeepSeek's; newer files have the two halves of `kv_b_proj` apart.
    private static let latent = [
        "attn_q_a": "self_attn.q_a_proj", "attn_q_b": "self_attn.q_b_proj", "attn_q_a_norm": "self_attn.q_a_layernorm",
        "attn_kv_a_mqa": "self_attn.kv_a_proj_with_mqa", "attn_kv_a_norm": "self_attn.kv_a_layernorm",
        "attn_kv_b": "self_attn.kv_b_proj", "attn_k_b": "self_attn.k_b_proj", "attn_v_b": "self_attn.v_b_proj",
        "ffn_gate_inp": "mlp.gate", "exp_probs_b": "mlp.gate.e_score_correction_bias",
    ]

    /// What those with separate projections have in common.
    private static let separate = [
        "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm",
        "attn_k_norm": "self_attn.k_norm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
    ]
}

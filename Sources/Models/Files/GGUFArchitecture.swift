/// What GGUF files call the tensors of an architecture, and in what they differ from the published ones.
///
/// Facts from llama.cpp's public conversion scripts and the gguf package's lists of names.
enum GGUFArchitecture: String, CaseIterable {
    case llama
    case qwen2
    case qwen3
    case gemma2
    case gemma3
    case phi3
    case gpt2
    case gemma
    case olmo2
    case granite
    case qwen2moe
    case qwen3moe
    case smollm3

    /// Rows of queries and keys lie as pairs that turn together, in place of halves.
    var permutesRotaryRows: Bool { self == .llama || self == .granite || self == .smollm3 }

    /// What was added to the weights of norms.
    var normShift: Float { self == .gemma || self == .gemma2 || self == .gemma3 ? 1 : 0 }

    /// Linear layers that are published as [inputs, outputs] lie as [outputs, inputs].
    var turnsLinearLayers: Bool { self == .gpt2 }

    /// The published name; nil for what is no weight of the architecture.
    func published(_ name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let ending = parts.last, ending == "weight" || ending == "bias" else { return nil }
        if parts.count == 2 { return globals[parts[0]].map { "\($0).\(ending)" } }
        guard parts.count >= 4, parts[0] == "blk", let layer = UInt32(parts[1]), String(layer) == parts[1] else {
            return nil
        }
        if parts.count == 4 { return block[parts[2]].map { "\(blockPrefix)\(layer).\($0).\(ending)" } }
        // One tensor an expert, as older files have them: blk.0.ffn_gate.7.weight.
        guard self == .llama, parts.count == 5, let part = experts[parts[2] + "_exps"],
            let expert = UInt32(parts[3]), String(expert) == parts[3]
        else { return nil }
        return self.expert(Int(expert), layer: Int(layer), part)
    }

    /// What files call a tensor of that published name; nil where it is none of the architecture.
    func nameInFile(_ published: String) -> String? {
        guard let dot = published.lastIndex(of: ".") else { return nil }
        let (stem, ending) = (published[..<dot], published[dot...])
        if let name = globals.first(where: { $0.value == stem })?.key { return name + ending }
        guard stem.hasPrefix(blockPrefix) else { return nil }
        let parts = stem.dropFirst(blockPrefix.count).split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let name = block.first(where: { $0.value == parts[1] })?.key else { return nil }
        return "blk.\(parts[0]).\(name)\(ending)"
    }

    /// The layer and the part of a tensor with all experts, as blk.0.ffn_gate_exps.weight; nil for any other.
    func fusedExperts(_ name: String) -> (layer: Int, part: String)? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "blk", let layer = UInt32(parts[1]), parts[3] == "weight",
            let part = experts[parts[2]]
        else { return nil }
        return (Int(layer), part)
    }

    func expert(_ expert: Int, layer: Int, _ part: String) -> String {
        let parent = self == .llama ? "block_sparse_moe" : "mlp"
        return "model.layers.\(layer).\(parent).experts.\(expert).\(part).weight"
    }

    /// The parts of experts by their names in files; empty where an architecture has none.
    private var experts: [String: String] {
        switch self {
        case .llama: ["ffn_gate_exps": "w1", "ffn_down_exps": "w2", "ffn_up_exps": "w3"]
        case .qwen2moe, .qwen3moe:
            ["ffn_gate_exps": "gate_proj", "ffn_down_exps": "down_proj", "ffn_up_exps": "up_proj"]
        default: [:]
        }
    }

    /// What published names of a block's tensors begin with, the number of the block left out.
    private var blockPrefix: String { self == .gpt2 ? "transformer.h." : "model.layers." }

    /// Tensors outside of the blocks.
    private var globals: [String: String] {
        self == .gpt2
            ? [
                "token_embd": "transformer.wte", "position_embd": "transformer.wpe",
                "output_norm": "transformer.ln_f", "output": "lm_head",
            ] : ["token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"]
    }

    /// Tensors of a block.
    private var block: [String: String] {
        switch self {
        case .gpt2:
            [
                "attn_norm": "ln_1", "attn_qkv": "attn.c_attn", "attn_output": "attn.c_proj", "ffn_norm": "ln_2",
                "ffn_up": "mlp.c_fc", "ffn_down": "mlp.c_proj",
            ]
        case .phi3:
            [
                "attn_norm": "input_layernorm", "attn_qkv": "self_attn.qkv_proj", "attn_output": "self_attn.o_proj",
                "ffn_norm": "post_attention_layernorm", "ffn_up": "mlp.gate_up_proj", "ffn_down": "mlp.down_proj",
            ]
        case .llama:
            Self.separate.merging(
                ["ffn_norm": "post_attention_layernorm", "ffn_gate_inp": "block_sparse_moe.gate"]) { $1 }
        case .qwen2moe, .qwen3moe:
            Self.separate.merging([
                "ffn_norm": "post_attention_layernorm", "ffn_gate_inp": "mlp.gate",
                "ffn_gate_inp_shexp": "mlp.shared_expert_gate", "ffn_gate_shexp": "mlp.shared_expert.gate_proj",
                "ffn_up_shexp": "mlp.shared_expert.up_proj", "ffn_down_shexp": "mlp.shared_expert.down_proj",
            ]) { $1 }
        case .olmo2:
            Self.separate.merging([
                "post_attention_norm": "post_attention_layernorm", "post_ffw_norm": "post_feedforward_layernorm",
            ]) { $1 }
        case .qwen2, .qwen3, .gemma, .granite, .smollm3:
            Self.separate.merging(["ffn_norm": "post_attention_layernorm"]) { $1 }
        case .gemma2, .gemma3:
            Self.separate.merging([
                "post_attention_norm": "post_attention_layernorm", "ffn_norm": "pre_feedforward_layernorm",
                "post_ffw_norm": "post_feedforward_layernorm",
            ]) { $1 }
        }
    }

    /// What those with separate projections have in common.
    private static let separate = [
        "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm",
        "attn_k_norm": "self_attn.k_norm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
    ]
}

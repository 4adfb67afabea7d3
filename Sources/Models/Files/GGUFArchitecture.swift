/// An architecture that GGUF files name, and in what their tensors differ from the published ones.
///
/// Facts from llama.cpp's public conversion scripts and the gguf package's lists of names.
enum GGUFArchitecture: String, CaseIterable {
    case llama
    case qwen2
    case qwen3
    case gemma2
    case gemma3
    case gemma3n
    case phi3
    case gpt2
    case gemma
    case olmo2
    case granite
    case qwen2moe
    case qwen3moe
    case smollm3
    case starcoder2
    case stablelm
    case nemotron
    case phi2
    case falcon
    case commandR = "command-r"
    case cohere2
    case glm4
    case exaone4
    case granitemoe
    case gptOSS = "gpt-oss"
    case llama4
    case deepseek2
    case olmo
    case mistral3
    case gptneox
    case bloom
    case mpt
    case bert
    case t5
    case t5encoder
    case modernBERT = "modern-bert"

    /// Rows of queries and keys lie as pairs that turn together, in place of halves.
    var permutesRotaryRows: Bool {
        [.llama, .granite, .smollm3, .granitemoe, .olmo, .mistral3].contains(self)
    }

    /// What was added to the weights of norms.
    var normShift: Float { [.gemma, .gemma2, .gemma3, .nemotron].contains(self) ? 1 : 0 }

    /// Linear layers that are published as [inputs, outputs] lie as [outputs, inputs].
    var turnsLinearLayers: Bool { self == .gpt2 }

    /// Whether part of a head may turn.
    var mayTurnPart: Bool { [.phi3, .stablelm, .nemotron, .phi2, .glm4, .gptneox, .deepseek2].contains(self) }

    /// What files call the ε of norms.
    var epsilonKey: String {
        let layerNorms: Set<GGUFArchitecture> = [
            .gpt2, .starcoder2, .stablelm, .nemotron, .phi2, .falcon, .commandR, .cohere2, .olmo, .gptneox, .bloom,
            .mpt, .bert, .modernBERT,
        ]
        return layerNorms.contains(self) ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon"
    }

    /// Which stored row is row i of a published tensor; nil where they are the same.
    func order(_ published: String, rows: Int, heads: Int, keyValueHeads: Int) -> [Int]? {
        if permutesRotaryRows, let count = Self.heads(of: published, heads, keyValueHeads), rows % (2 * count) == 0 {
            return RotaryRows.paired(heads: count, dimension: rows / count)
        }
        guard [.falcon, .bloom, .gptneox].contains(self), published.contains(".query_key_value."),
            heads % keyValueHeads == 0, rows % (heads + 2 * keyValueHeads) == 0
        else { return nil }
        return Self.groupedRows(
            heads: heads, groups: keyValueHeads, dimension: rows / (heads + 2 * keyValueHeads))
    }

    private static func heads(of published: String, _ heads: Int, _ keyValueHeads: Int) -> Int? {
        if published.contains("self_attn.q_proj") { return heads }
        return published.contains("self_attn.k_proj") ? keyValueHeads : nil
    }

    /// Published are the queries of a group, then its key and its value; files have all queries, all keys, all values.
    private static func groupedRows(heads: Int, groups: Int, dimension d: Int) -> [Int] {
        let size = heads / groups
        return (0..<groups).flatMap { group in
            (0..<size + 2).flatMap { member in
                let head =
                    member < size ? group * size + member : heads + group + (member == size ? 0 : groups)
                return head * d..<(head + 1) * d
            }
        }
    }
}

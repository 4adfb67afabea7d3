/// What GGUF files of an architecture call its tensors, and what those are called where the family is published.
struct GGUFNames {
    /// What published names of a block's tensors begin with, the number of the block left out.
    var blockPrefix = "model.layers."
    /// Tensors outside of the blocks.
    var globals = ["token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"]
    /// Tensors of a block.
    var block: [String: String]
    /// Second published names of a block's tensors, by their names in files.
    var aliases: [String: String] = [:]
    /// The parts of experts by their names in files; empty where an architecture has none.
    var experts: [String: String] = [:]
    /// Tensors outside of the blocks that hold several matrices, [matrix, output, input].
    var stacks: [String: String] = [:]
    /// What published names of experts have before `experts`.
    var expertParent = "mlp"
    /// Tensors of an encoder and of a decoder, by what their names in files begin with.
    var sides: [String: GGUFNames] = [:]

    /// Published names that end with themselves.
    private static let bare: Set<String> = [
        "self_attn.sinks", "mlp.gate.e_score_correction_bias", "altup.correct_output_scale",
    ]

    /// The published names, of which there may be two; empty for what is no weight of the architecture.
    func published(_ name: String) -> [String] {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if let side = sides[parts[0]] { return side.published(parts.dropFirst().joined(separator: ".")) }
        guard let ending = parts.last, ending == "weight" || ending == "bias" else { return [] }
        if parts.count == 2 { return globals[parts[0]].map { ["\($0).\(ending)"] } ?? [] }
        guard parts.count >= 4, parts[0] == "blk", let layer = UInt32(parts[1]), String(layer) == parts[1] else {
            return []
        }
        if parts.count == 4 {
            let names = [block[parts[2]], aliases[parts[2]]].compactMap { $0 }
            return names.map { "\(blockPrefix)\(layer).\($0)" + (Self.bare.contains($0) ? "" : "." + ending) }
        }
        // One tensor an expert, as older files have them: blk.0.ffn_gate.7.weight.
        guard parts.count == 5, let part = experts[parts[2] + "_exps"], let expert = UInt32(parts[3]),
            String(expert) == parts[3]
        else { return [] }
        return [self.expert(Int(expert), layer: Int(layer), "\(part).\(ending)")]
    }

    /// What files call a tensor of that published name; nil where it is none of the architecture.
    func inFile(_ published: String) -> String? {
        guard let dot = published.lastIndex(of: ".") else { return nil }
        let (stem, ending) = (published[..<dot], published[dot...])
        if let name = globals.first(where: { $0.value == stem })?.key { return name + ending }
        for (name, side) in sides {
            if let found = side.inFile(published) { return "\(name).\(found)" }
        }
        guard stem.hasPrefix(blockPrefix) else { return nil }
        let parts = published.dropFirst(blockPrefix.count).split(separator: ".", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        for (name, found) in block.merging(aliases, uniquingKeysWith: { first, _ in first }) {
            if Self.bare.contains(found), parts[1] == found { return "blk.\(parts[0]).\(name).weight" }
            if parts[1] == found + ending { return "blk.\(parts[0]).\(name)\(ending)" }
        }
        return nil
    }

    /// The layer and the part of a tensor with all experts, as blk.0.ffn_gate_exps.weight; nil for any other.
    func fusedExperts(_ name: String) -> (layer: Int, part: String)? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "blk", let layer = UInt32(parts[1]),
            parts[3] == "weight" || parts[3] == "bias", let part = experts[parts[2]]
        else { return nil }
        return (Int(layer), "\(part).\(parts[3])")
    }

    /// The published name of one of a stack's matrices; nil for a tensor that is no stack.
    func stacked(_ name: String, _ index: Int) -> String? {
        guard let dot = name.lastIndex(of: "."), let published = stacks[String(name[..<dot])] else { return nil }
        return "\(published).\(index)\(name[dot...])"
    }

    /// The published name of a part of an expert ("down_proj.weight").
    func expert(_ expert: Int, layer: Int, _ part: String) -> String {
        "\(blockPrefix)\(layer).\(expertParent).experts.\(expert).\(part)"
    }

    /// The names of queries, keys and values that files may have in one tensor although they are published apart.
    func separateProjections(_ name: String) -> (layer: String, names: [String], ending: String)? {
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count == 4, parts[2] == "attn_qkv", block["attn_qkv"] == nil, let query = block["attn_q"],
            let key = block["attn_k"], let value = block["attn_v"]
        else { return nil }
        return (parts[1], [query, key, value], parts[3])
    }
}

import RopewalkPhrases

/// What of a model's files a run leaves aside.
package struct UnreadParts: Equatable, Sendable, Encodable {
    /// Keys of the configuration that nothing asks for, with their values: "logit_scale = 0.5".
    package var keys: [String] = []
    /// Tensors that nothing uses, by their names in the files.
    package var tensors: [String] = []
    /// What else a reader should know of how the files were read.
    package var remarks: [String] = []

    package var isEmpty: Bool { keys.isEmpty && tensors.isEmpty && remarks.isEmpty }

    /// One line for people; nil where nothing was left aside.
    package var line: String? {
        var parts = remarks
        if !keys.isEmpty { parts.append(say("not read: \(Self.some(of: keys))")) }
        if !tensors.isEmpty { parts.append(say("tensors that nothing uses: \(Self.some(of: tensors))")) }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func some(of names: [String]) -> String {
        let shown = 4
        let rest = names.count - shown
        return names.prefix(shown).joined(separator: ", ") + (rest > 0 ? say(" and \(rest) more") : "")
    }

    /// Tensors that implementations keep beside their weights: masks, frequencies, places that are counted.
    static func isBuffer(_ tensor: String) -> Bool {
        [
            "rotary_emb.inv_freq", "attn.bias", "attn.masked_bias", "attention.bias", "attention.masked_bias",
            "embeddings.position_ids", "embeddings.token_type_ids", "embed_positions.weights", "num_batches_tracked",
        ].contains { tensor == $0 || tensor.hasSuffix("." + $0) } && !tensor.contains("dense")
    }
}

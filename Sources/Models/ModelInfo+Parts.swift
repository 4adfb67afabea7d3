import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases
import RopewalkTokenizers

extension ModelInfo {
    /// Which layers of a stack have experts, and what works for every token beside them.
    package struct ExpertLayers: Equatable, Sendable, Encodable {
        /// "decoder" or "encoder".
        package let stack: String
        /// From 0, ascending; all others have one feed-forward layer.
        package let layers: [Int]
        /// Layers of the stack.
        package let stackLayers: Int
        /// Numbers inside of an expert.
        package let width: Int
        /// Numbers inside of the shared expert that works for every token; nil without one.
        package let sharedWidth: Int?

        private enum CodingKeys: String, CodingKey { case stack, layers, stackLayers, width, sharedWidth }

        /// As the JSON form: what there is none of is null.
        package func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: CodingKeys.self)
            try object.encode(stack, forKey: .stack)
            try object.encode(layers, forKey: .layers)
            try object.encode(stackLayers, forKey: .stackLayers)
            try object.encode(width, forKey: .width)
            try object.encode(sharedWidth, forKey: .sharedWidth)
        }
    }

    /// The tokens that the tokenizer puts around a text.
    package struct AddedTokens: Equatable, Sendable, Encodable {
        package let before: [String]
        package let after: [String]

        /// Nil where a text cannot be cut.
        init?(_ tokenizer: Tokenizer) {
            let text = "a"
            guard let bare = try? tokenizer.encode(text, addSpecialTokens: false).ids,
                let whole = try? tokenizer.encode(text, addSpecialTokens: true).ids, !bare.isEmpty,
                let start = whole.indices.first(where: { whole[$0...].starts(with: bare) })
            else { return nil }
            func names(_ ids: ArraySlice<Int32>) -> [String] { ids.map { tokenizer.token(Int($0)) ?? "\($0)" } }
            before = names(whole[..<start])
            after = names(whole[(start + bare.count)...])
        }
    }

    /// What was found of the parts of a model when its weights were looked for.
    mutating func describe(_ architecture: Architecture, _ weights: Weights) {
        expertLayers = [("decoder", architecture.decoder), ("encoder", architecture.encoder)].compactMap {
            name, stack in
            stack.flatMap { Self.experts(name, $0) }
        }
        guard architecture.head != nil, let tokens = (architecture.decoder ?? architecture.encoder)?.embedding.tokens
        else { return }
        // Where tokens and logits have matrices of their own, two of that shape have been asked for.
        tiesEmbeddings = weights.usedCount(shape: [tokens.outputs, tokens.inputs]) < 2
    }

    private static func experts(_ name: String, _ stack: Stack) -> ExpertLayers? {
        let mixtures = stack.blocks.indices.compactMap { layer -> (layer: Int, mixture: MixtureOfExperts)? in
            guard case .experts(let mixture) = stack.blocks[layer].feedForward else { return nil }
            return (layer, mixture)
        }
        guard let first = mixtures.first?.mixture, let expert = first.experts.first else { return nil }
        return ExpertLayers(
            stack: name, layers: mixtures.map(\.layer), stackLayers: stack.blocks.count, width: expert.up.outputs,
            sharedWidth: first.shared?.expert.up.outputs)
    }
}

/// Where a configuration says how many tokens the model was trained on.
struct WindowSource {
    /// Keys that families have for it.
    private static let keys = [
        "max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length", "max_sequence_length",
        "context_length",
    ]
    private static let original = "original_max_position_embeddings"

    /// In a line: the key, and how far an extension is said to reach.
    let text: String

    /// - Parameters:
    ///   - configuration: of the text part.
    ///   - architecture: of a GGUF file, whose metadata the configuration was made of.
    init(_ configuration: JSONValue, window: Int, hasLearnedPlaces: Bool, architecture: String?) {
        func size(_ key: String) -> Int? { configuration[key]?.integer }
        let plain = Self.keys.first { size($0) != nil }
        let objects = ["rope_parameters", "rope_scaling"]
        let inner = objects.first { configuration[$0]?[Self.original]?.integer == window }
        let before = size(Self.original) == window ? Self.original : inner.map { "\($0).\(Self.original)" }
        if let plain, size(plain) == window {
            text = architecture.map { "\($0).context_length" } ?? plain
        } else if let before {
            let key = architecture.map { "\($0).rope.scaling.original_context_length" } ?? before
            text = key + (plain.flatMap(size).map { $0 > window ? say("; extended to \($0.grouped)") : "" } ?? "")
        } else {
            text = hasLearnedPlaces ? say("as many places as it has learned") : say("its family's default")
        }
    }
}

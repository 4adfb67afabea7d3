import Foundation
import RopewalkFormats
import RopewalkTokenizers

/// What is in a model folder, in a safetensors file or in a tokenizer.json, whether or not it can be run.
public struct ModelInfo: Equatable, Sendable, Encodable {
    /// What the configuration says of sizes; nil where it says nothing.
    public struct Sizes: Equatable, Sendable, Encodable {
        /// Blocks of a stack.
        public let layers: Int?
        /// Query heads.
        public let heads: Int?
        /// Key and value heads.
        public let keyValueHeads: Int?
        /// Numbers of a query, a key or a value of one head.
        public let headDimension: Int?
        /// Numbers of a token's state between two blocks.
        public let hidden: Int?
        /// Numbers inside of a feed-forward layer.
        public let intermediate: Int?
        /// Tokens that the model knows.
        public let vocabulary: Int?
        /// Tokens of the window that the model was trained on.
        public let window: Int?
    }

    /// How the model turns queries and keys.
    public struct Rope: Equatable, Sendable, Encodable {
        /// What the wavelengths of subspaces grow to the power of.
        public let base: Double
        /// The spec of the position method that the configuration asks for.
        public let method: String
    }

    /// How the model knows of places.
    public struct Positions: Equatable, Sendable, Encodable {
        /// How the model tells where a token stands.
        public let scheme: String
        /// The most tokens that have a place; nil for any number.
        public let limit: Int?
    }

    /// The weights' files.
    public struct Tensors: Equatable, Sendable, Encodable {
        /// Their paths.
        public let files: [String]
        /// How many tensors they hold.
        public let count: Int
        /// How many bytes the tensors take.
        public let bytes: Int
        /// How many tensors have an element type, by its name.
        public let types: [String: Int]
        /// How many numbers do, of packages for quantising those of their packed integers.
        package let numbers: [String: Int]
    }

    /// What cuts texts for the model.
    public struct TokenizerInfo: Equatable, Sendable, Encodable {
        /// Such as "byte-level BPE".
        public let kind: String
        /// One more than the largest id.
        public let vocabulary: Int
    }

    /// The folder's or the file's name.
    public internal(set) var name: String
    /// As given.
    public internal(set) var path: String
    /// The `model_type` of the configuration.
    public internal(set) var family: String?
    /// Nil without a configuration.
    public internal(set) var sizes: Sizes?
    /// Nil where nothing turns.
    public internal(set) var rope: Rope?
    /// The kinds of attention that the model has, the main one first.
    public internal(set) var kinds: [String]?
    /// Nil without a configuration of a known family.
    public internal(set) var positions: Positions?
    /// Nil where the model is no mixture of experts.
    public internal(set) var experts: ExpertCounts?
    /// The kinds of its layers; empty without a configuration of a known family.
    package internal(set) var layers: [LayerKind] = []
    /// What is to be known of how its attention is shown, a line each; for people only.
    public internal(set) var notes: [String] = []
    /// Numbers of weights in the files.
    public internal(set) var parameters: Int?
    /// How weights are quantised, in a line; nil where they are not.
    public internal(set) var stored: String?
    /// Nil without weights.
    public internal(set) var tensors: Tensors?
    /// Nil without a tokenizer.
    public internal(set) var tokenizer: TokenizerInfo?
    /// Where the configuration says how large the window is; nil without a configuration of a known family.
    package internal(set) var windowSource: String?
    /// Which layers have experts, a stack each; empty where none has any, or where weights are missing.
    package internal(set) var expertLayers: [ExpertLayers] = []
    /// Whether logits are made with the matrix of token embeddings; nil where the files make none, or are not known.
    package internal(set) var tiesEmbeddings: Bool?
    /// Nil without a tokenizer.
    package internal(set) var addedTokens: AddedTokens?
    /// What is not there or not right, one line each.
    ///
    /// Without a tokenizer a model still runs on token ids.
    public internal(set) var missing: [String] = []
    /// Whether configuration and weights go together; the weights' numbers are not read.
    public internal(set) var runs = false

    /// What of the files nothing asks for; nil where the model is not known.
    package internal(set) var unread: UnreadParts?

    private enum CodingKeys: String, CodingKey {
        case name, path, family, sizes, rope, kinds, positions, layers, experts, parameters, stored, tensors, tokenizer
        case missing, runs, unread, windowSource, expertLayers, tiesEmbeddings, addedTokens
    }

    /// As the JSON form: what is not known is null, so that the keys are always the same.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(name, forKey: .name)
        try object.encode(path, forKey: .path)
        try object.encode(family, forKey: .family)
        try object.encode(sizes, forKey: .sizes)
        try object.encode(rope, forKey: .rope)
        try object.encode(kinds, forKey: .kinds)
        try object.encode(positions, forKey: .positions)
        try object.encode(layers, forKey: .layers)
        try object.encode(experts, forKey: .experts)
        try object.encode(parameters, forKey: .parameters)
        try object.encode(stored, forKey: .stored)
        try object.encode(tensors, forKey: .tensors)
        try object.encode(tokenizer, forKey: .tokenizer)
        try object.encode(missing, forKey: .missing)
        try object.encode(runs, forKey: .runs)
        try object.encode(unread, forKey: .unread)
        try object.encode(windowSource, forKey: .windowSource)
        try object.encode(expertLayers, forKey: .expertLayers)
        try object.encode(tiesEmbeddings, forKey: .tiesEmbeddings)
        try object.encode(addedTokens, forKey: .addedTokens)
    }
}

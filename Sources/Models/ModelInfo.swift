import Formats
import Foundation
import Tokenizers

/// What is in a model folder, in a safetensors file or in a tokenizer.json, whether or not it can be run.
public struct ModelInfo: Equatable, Sendable, Encodable {
    public struct Sizes: Equatable, Sendable, Encodable {
        public let layers: Int?
        public let heads: Int?
        public let keyValueHeads: Int?
        public let headDimension: Int?
        public let hidden: Int?
        public let intermediate: Int?
        public let vocabulary: Int?
        /// Tokens of the window that the model was trained on.
        public let window: Int?
    }

    public struct Rope: Equatable, Sendable, Encodable {
        public let base: Double
        /// The spec of the position method that the configuration asks for.
        public let method: String
    }

    public struct Positions: Equatable, Sendable, Encodable {
        /// How the model tells where a token stands.
        public let scheme: String
        /// The most tokens that have a place; nil for any number.
        public let limit: Int?
    }

    public struct Tensors: Equatable, Sendable, Encodable {
        public let files: [String]
        public let count: Int
        public let bytes: Int
        /// How many tensors have an element type, by its name.
        public let types: [String: Int]
    }

    public struct TokenizerInfo: Equatable, Sendable, Encodable {
        public let kind: String
        public let vocabulary: Int
    }

    public internal(set) var name: String
    public internal(set) var path: String
    public internal(set) var family: String?
    public internal(set) var sizes: Sizes?
    public internal(set) var rope: Rope?
    /// The kinds of attention that the model has, the main one first.
    public internal(set) var kinds: [String]?
    public internal(set) var positions: Positions?
    /// Nil where the model is no mixture of experts.
    public internal(set) var experts: ExpertCounts?
    /// Numbers of weights in the files.
    public internal(set) var parameters: Int?
    public internal(set) var tensors: Tensors?
    public internal(set) var tokenizer: TokenizerInfo?
    /// What is not there or not right, one line each. Without a tokenizer a model still runs on token ids.
    public internal(set) var missing: [String] = []
    /// Whether configuration and weights go together; the weights' numbers are not read.
    public internal(set) var runs = false

    private enum CodingKeys: String, CodingKey {
        case name, path, family, sizes, rope, kinds, positions, experts, parameters, tensors, tokenizer, missing, runs
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
        try object.encode(experts, forKey: .experts)
        try object.encode(parameters, forKey: .parameters)
        try object.encode(tensors, forKey: .tensors)
        try object.encode(tokenizer, forKey: .tokenizer)
        try object.encode(missing, forKey: .missing)
        try object.encode(runs, forKey: .runs)
    }
}

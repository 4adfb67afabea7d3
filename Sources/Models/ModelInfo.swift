import Foundation
import RopewalkFormats
import RopewalkTokenizers

/// What is in a model folder, in a safetensors file or in a tokenizer.json, whether or not it can be run.
package struct ModelInfo: Equatable, Sendable, Encodable {
    package struct Sizes: Equatable, Sendable, Encodable {
        package let layers: Int?
        package let heads: Int?
        package let keyValueHeads: Int?
        package let headDimension: Int?
        package let hidden: Int?
        package let intermediate: Int?
        package let vocabulary: Int?
        /// Tokens of the window that the model was trained on.
        package let window: Int?
    }

    package struct Rope: Equatable, Sendable, Encodable {
        package let base: Double
        /// The spec of the position method that the configuration asks for.
        package let method: String
    }

    package struct Positions: Equatable, Sendable, Encodable {
        /// How the model tells where a token stands.
        package let scheme: String
        /// The most tokens that have a place; nil for any number.
        package let limit: Int?
    }

    package struct Tensors: Equatable, Sendable, Encodable {
        package let files: [String]
        package let count: Int
        package let bytes: Int
        /// How many tensors have an element type, by its name.
        package let types: [String: Int]
    }

    package struct TokenizerInfo: Equatable, Sendable, Encodable {
        package let kind: String
        package let vocabulary: Int
    }

    package internal(set) var name: String
    package internal(set) var path: String
    package internal(set) var family: String?
    package internal(set) var sizes: Sizes?
    package internal(set) var rope: Rope?
    /// The kinds of attention that the model has, the main one first.
    package internal(set) var kinds: [String]?
    package internal(set) var positions: Positions?
    /// Nil where the model is no mixture of experts.
    package internal(set) var experts: ExpertCounts?
    /// Numbers of weights in the files.
    package internal(set) var parameters: Int?
    package internal(set) var tensors: Tensors?
    package internal(set) var tokenizer: TokenizerInfo?
    /// What is not there or not right, one line each. Without a tokenizer a model still runs on token ids.
    package internal(set) var missing: [String] = []
    /// Whether configuration and weights go together; the weights' numbers are not read.
    package internal(set) var runs = false

    private enum CodingKeys: String, CodingKey {
        case name, path, family, sizes, rope, kinds, positions, experts, parameters, tensors, tokenizer, missing, runs
    }

    /// As the JSON form: what is not known is null, so that the keys are always the same.
    package func encode(to encoder: any Encoder) throws {
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

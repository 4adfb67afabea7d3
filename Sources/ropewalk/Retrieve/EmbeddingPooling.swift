import Foundation
import RopewalkFormats
import RopewalkPhrases

/// How the folder of an embedding model says that the states of a text become one vector (sentence-transformers).
struct EmbeddingPooling: Equatable {
    /// Which states are taken.
    enum States: String {
        /// The mean over all tokens, special ones too, as MiniLM has it; also where nothing is said.
        case mean
        /// Of the first token, [CLS].
        case first
    }

    private(set) var states = States.mean
    /// Tokens that are read at most; nil where nothing is said.
    private(set) var longest: Int?

    private static let sizeLimit = 1 << 20

    init() {}

    /// - Parameter folder: the model's; a file has nothing beside it
    /// - Throws: for a way that is not computed here: another one would give other vectors without a word.
    init(folder: String) throws {
        if let object = try Self.object(folder + "/1_Pooling/config.json") {
            let modes = (object.members ?? []).filter { $0.key.hasPrefix("pooling_mode_") && $0.value.bool == true }
            switch modes.map({ String($0.key.dropFirst("pooling_mode_".count)) }) {
            case ["mean_tokens"], []: states = .mean
            case ["cls_token"]: states = .first
            case let others:
                throw CommandError.content(
                    file: folder + "/1_Pooling/config.json",
                    problem: say(
                        "pooling by \(others.joined(separator: ", ")) is not known here: mean_tokens and cls_token are")
                )
            }
        }
        if let object = try Self.object(folder + "/sentence_bert_config.json"),
            let most = object["max_seq_length"]?.integer, most > 2
        {
            longest = most
        }
    }

    /// Nil where there is no such file.
    private static func object(_ path: String) throws -> JSONValue? {
        guard access(path, F_OK) == 0 else { return nil }
        return try JSONDocument(contentsOf: path, sizeLimit: sizeLimit).root
    }
}

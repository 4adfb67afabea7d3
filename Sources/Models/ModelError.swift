import Formats
import Tokenizers

/// Why a model cannot be used; `description` is the one line a user reads.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    case format(FormatError)
    case tokenizer(TokenizerError)
    /// The configuration lacks a value, or has one that cannot be.
    case configuration(file: String, key: String, problem: String)
    /// A family that this version does not run.
    case family(file: String, name: String, known: [String])
    /// A tensor whose shape is not what the configuration says.
    case shape(file: String, tensor: String, found: [Int], expected: [Int])
    /// A tensor that is missing.
    case missing(folder: String, tensor: String)
    /// NaN or infinite weights.
    case notFinite(file: String, tensor: String, index: Int)
    /// An element type that weights cannot have.
    case elementType(file: String, tensor: String, type: String)
    /// Token ids outside of the vocabulary.
    case token(id: Int, place: Int, vocabulary: Int)
    case noTokens
    case cancelled

    public var description: String {
        switch self {
        case .format(let error): error.description
        case .tokenizer(let error): error.description
        case .configuration(let file, let key, let problem): "\(file): \(key): \(problem)"
        case .family(let file, let name, let known):
            "\(file): model_type \(name.debugDescription) is not known; known are \(known.joined(separator: ", "))"
        case .shape(let file, let tensor, let found, let expected):
            "\(file): tensor \(tensor) has shape \(found), config.json asks for \(expected)"
        case .missing(let folder, let tensor): "\(folder): tensor \(tensor) is missing; the download may be incomplete"
        case .notFinite(let file, let tensor, let index):
            "\(file): tensor \(tensor) is NaN or infinite at element \(index); fetch the file again"
        case .elementType(let file, let tensor, let type):
            "\(file): tensor \(tensor) has element type \(type); weights are F32, F16 or BF16"
        case .token(let id, let place, let vocabulary):
            "token \(place) has id \(id), the model's vocabulary has 0 to \(vocabulary - 1)"
        case .noTokens: "there are no tokens to run; give a text that is not empty"
        case .cancelled: "cancelled"
        }
    }
}

import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases
import RopewalkTokenizers

/// Why a model cannot be used; `description` is the one line a user reads.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file of weights or settings that cannot be read.
    case format(FormatError)
    /// A tokenizer that cannot be read.
    case tokenizer(TokenizerError)
    /// A library for matrix products that cannot be loaded.
    case kernels(KernelError)
    /// A name that is neither a path nor that of one of the `count` models on this machine.
    case unknownName(String, places: [String], nearest: [String], count: Int)
    /// The configuration lacks a value, or has one that cannot be.
    case configuration(file: String, key: String, problem: String)
    /// A folder that holds an adapter and no model; `base` is the model that it was made for.
    case adapter(folder: String, kind: String, base: String?)
    /// A family that this version does not run.
    case family(file: String, name: String, known: [String])
    /// A tensor whose shape is not what the configuration says.
    case shape(file: String, tensor: String, found: [Int], expected: [Int])
    /// A tensor that is missing of a folder, or of the one file that was read, and up to three whose names are nearest to its name.
    case missing(folder: String, tensor: String, near: [String] = [])
    /// A tensor that a file has only under the name of a part of a larger model.
    case wrapped(folder: String, tensor: String, found: String)
    /// NaN or infinite weights.
    case notFinite(file: String, tensor: String, index: Int)
    /// An element type that weights cannot have.
    case elementType(file: String, tensor: String, type: String)
    /// Token ids outside of the vocabulary.
    case token(id: Int, place: Int, vocabulary: Int)
    /// More tokens than the model has places for.
    case tooLong(tokens: Int, limit: Int)
    /// An input tensor that the model cannot take.
    case input(String, String)
    /// A position method for a model that turns nothing.
    case position(model: String, method: String, has: String)
    /// A method that works on a decoder's cache, for a model that has none.
    case noCache(model: String, method: String)
    /// A position method that does not fit the model or the text.
    case positionProblem(method: String, String)
    /// A model that predicts no next token.
    case noNextToken(model: String)
    /// A model that a text cannot be continued with, and what it lacks.
    case cannotGenerate(model: String, String)
    /// A mask that does not fit the text.
    case mask(String)
    /// A method that an f16 recording cannot answer for.
    case rounded(method: String)
    /// A change of weights that is unknown or does not fit the model.
    case weightChange(String, problem: String)
    /// A run that needs more memory than there is.
    case memory(megabytes: Int, available: Int, tokens: Int, fitting: Int)
    /// A file of a recording that cannot be right.
    case recording(file: String, String)
    /// What a recording without the model's weights cannot do.
    case noWeights(model: String, lacking: String)
    /// A model whose runs this version's recordings cannot hold.
    case cannotRecord(model: String, String)
    /// A file of attention weights, or of their tokens, that cannot be right.
    case attention(file: String, String)
    /// A file of attention weights of which it is not clear which tensors, or whose tokens, are meant.
    case unclearAttention(file: String, String)
    /// What cannot be had of given maps: they are weights alone.
    case givenMaps(model: String, lacking: String)
    /// An empty text.
    case noTokens
    /// The caller ended the run.
    case cancelled

    /// One line: what is wrong and where.
    public var description: String {
        switch self {
        case .format(let error): error.description
        case .tokenizer(let error): error.description
        case .kernels(let error): error.description
        case .unknownName(let name, let places, let nearest, let count):
            say(
                """
                \(name.prefix(200).debugDescription): there is no such file or folder, and no model of that \
                name in \(places.joined(separator: ", "))
                """)
                + (nearest.isEmpty ? "" : say("; near are \(nearest.joined(separator: ", "))"))
                + (count == 0 ? say("; there are no models in these places") : "")
        case .configuration(let file, let key, let problem): "\(file): \(key): \(problem)"
        case .weightChange(let spec, let problem): say("weights like \(spec): \(problem)")
        case .adapter(let folder, let kind, let base):
            say(
                """
                \(folder): holds an adapter (\(kind.prefix(40))) of \
                \(base ?? say("a model that it does not name")), and no model: give the folder of that model, \
                and this one as its adapter
                """)
        case .family(let file, let name, let known):
            say(
                """
                \(file): model_type \(name.debugDescription) is not known; known are \
                \(known.joined(separator: ", "))
                """)
        case .shape(let file, let tensor, let found, let expected):
            say("\(file): tensor \(tensor) has shape \(found), the configuration asks for \(expected)")
        case .wrapped(let folder, let tensor, let found):
            say(
                """
                \(folder): tensor \(tensor) is there as \(found), the name of a part of another model: use that \
                model's own config.json, or take the beginning off all names
                """)
        case .missing(let folder, let tensor, let near):
            say("\(folder): tensor \(tensor) is missing")
                + (near.isEmpty
                    ? say(", and no other has a name like it")
                    : say("; in its place are \(near.map { $0.prefix(120).description }.joined(separator: ", "))"))
                + say(": the configuration is another model's, or names the layout otherwise")
        case .notFinite(let file, let tensor, let index):
            say("\(file): tensor \(tensor) is NaN or infinite at element \(index); fetch the file again")
        case .elementType(let file, let tensor, let type):
            say("\(file): tensor \(tensor) has element type \(type); weights can be \(Self.formats)")
        case .token(let id, let place, let vocabulary):
            say("token \(place) has id \(id), the model's vocabulary has 0 to \(vocabulary - 1)")
        case .tooLong(let tokens, let limit):
            say("\(tokens) tokens are more than the \(limit) that the model has learned positions for")
        case .input(let name, let problem): "\(name): \(problem)"
        case .position(let model, let method, let has):
            say("\(method) changes rotary angles, and \(model) has \(has): leave the method out")
        case .noCache(let model, let method):
            say(
                """
                \(method) works on a decoder's cache, and \(model) reads the whole text at once: leave the \
                method out
                """)
        case .positionProblem(let method, let problem): "\(method): \(problem)"
        case .noNextToken(let model):
            say(
                """
                \(model) predicts no next token, so that it has no loss by position: give a model with a causal \
                decoder
                """)
        case .cannotGenerate(let model, let lack):
            say("\(model) \(lack), so that it cannot continue a text: give a model with a causal decoder and its head")
        case .mask(let problem): problem
        case .rounded(let method):
            say(
                """
                \(method): what it chooses or changes depends on exact keys, which an f16 recording has not: \
                record in f32
                """)
        case .memory(let megabytes, let available, let tokens, let fitting):
            say(
                """
                a run over \(tokens.grouped) tokens takes \(megabytes.grouped) MB of memory, and \
                \(available.grouped) MB are to be had: \(Self.advice(fitting))
                """)
        case .recording(let file, let problem): "\(file): \(problem)"
        case .noWeights(let model, let lacking):
            say(
                """
                \(model) is a recording without the model's weights, and \(lacking): give --model DIR, the model that it \
                was made of, to run it
                """)
        case .cannotRecord(let model, let what):
            say("\(model): \(what), which recordings in files do not hold yet")
        case .attention(let file, let problem), .unclearAttention(let file, let problem): "\(file): \(problem)"
        case .givenMaps(let model, let lacking):
            say("\(model) has given maps, weights alone that another program has computed, and \(lacking)")
        case .noTokens: say("there are no tokens to run; give a text that is not empty")
        case .cancelled: say("cancelled")
        }
    }

    private static var formats: String { WeightFormat.allCases.map(\.rawValue).joined(separator: ", ") }

    private static func advice(_ fitting: Int) -> String {
        fitting < 16 ? say("take a smaller model, or allow more") : say("read fewer, some \(fitting.grouped)")
    }
}

import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases
import RopewalkTokenizers

/// Why a needle test cannot be made or read; `description` is the one line a user reads.
package enum NeedleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A name that no task has.
    case unknownTask(String, nearest: [String], known: [String])
    /// Something of a task that it has not, or that cannot be.
    case parameter(task: String, problem: String)
    /// A list of lengths, depths or seeds that is none.
    case series(String, problem: String)
    /// A prompt that does not fit.
    case tooShort(task: String, length: Int, needed: Int)
    /// More words than there are.
    case tooLong(task: String, length: Int)
    /// A text in which nothing can be hidden.
    case emptyText(String)
    /// A file of results that cannot be gone on with.
    case results(file: String, problem: String)
    /// A model whose encoder would read the answer before it is asked for.
    case encoder(model: String)
    /// A method by which tokens of the answer decide about those before them.
    case readsAhead(method: String)
    case tokenizer(TokenizerError)
    case document(DocumentError)
    case model(ModelError)

    package var description: String {
        switch self {
        case .unknownTask(let name, let nearest, _):
            say("there is no task \(name.prefix(60).debugDescription)")
                + (nearest.isEmpty ? "" : say(": did you mean \(nearest.joined(separator: say(" or ")))?"))
        case .parameter(let task, let problem): say("task \(task): \(problem)")
        case .series(let text, let problem): say("'\(String(text.prefix(60)))': \(problem)")
        case .tooShort(let task, let length, let needed):
            say(
                "\(task) takes \(needed.grouped) tokens or more, and the length is \(length.grouped): give a longer one"
            )
        case .tooLong(let task, let length):
            say("\(task) has not words enough for \(length.grouped) tokens: give a shorter length")
        case .emptyText(let name): say("\(name): there is no text in it: give one with at least one character")
        case .results(let file, let problem): "\(file): \(problem)"
        case .encoder(let model):
            say("\(model) has an encoder, which would read the answer with the question: take a decoder")
        case .readsAhead(let method):
            say(
                "under \(method) what a token sees follows from later ones too, the answer among them: take another method"
            )
        case .tokenizer(let error): error.description
        case .document(let error): error.description
        case .model(let error): error.description
        }
    }
}

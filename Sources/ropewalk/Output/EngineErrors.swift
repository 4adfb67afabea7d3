import Foundation
import RopewalkDocuments
import RopewalkEvaluation
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

// Errors of the engine speak of the matter alone. Which option or command helps is added here: the parser of the
// arguments asks an error for its localized description first, wherever it was thrown.

extension MethodError: LocalizedError {
    /// The line that the command prints.
    public var errorDescription: String? {
        switch self {
        case .empty: say("\(description) (ropewalk methods lists them)")
        case .unknownMethod(_, let nearest, let known):
            nearest == nil
                ? say("\(description): ropewalk methods lists all \(known.count)")
                : description + say(" ropewalk methods lists all \(known.count)")
        case .hidesNoKey: say("\(description): ropewalk rope shows it")
        case .needsScores(let spec): say("\(description): ropewalk open TEXT --method \(spec) shows it")
        case .claim: "--expect \(description)"
        default: description
        }
    }
}

extension ModelError: LocalizedError {
    /// The line that the command prints.
    public var errorDescription: String? {
        switch self {
        case .tooLong(let tokens, let limit):
            say("\(tokens) tokens are more than the model has learned positions for: give --tokens \(limit) or fewer")
        case .unknownName(_, _, _, let count) where count > 0:
            say("\(description) (ropewalk models lists all \(count))")
        case .unclearAttention:
            say("\(description) (--attention-name, --attention-tokens and --attention-keys say it)")
        case .adapter(let folder, _, _): say("\(description) (--model FOLDER --adapter \(folder))")
        default: description
        }
    }
}

extension NeedleError: LocalizedError {
    /// The line that the command prints.
    public var errorDescription: String? {
        guard case .unknownTask(_, _, let known) = self else { return description }
        return say("\(description) (ropewalk needle --tasks lists all \(known.count))")
    }
}

extension DocumentError: LocalizedError {
    /// The line that the command prints.
    public var errorDescription: String? {
        guard case .tooLarge = self else { return description }
        return say("\(description); give --tokens N or split the text")
    }
}

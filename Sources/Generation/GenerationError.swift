import RopewalkPhrases

/// Why a text cannot be continued; `description` is the one line a user reads.
public enum GenerationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A setting outside of what it takes.
    case setting(name: String, value: String, takes: String)
    /// Logits that are no numbers.
    case notFinite(token: Int)
    /// A chat template that is missing, or that has something unknown in it.
    case template(source: String, problem: String)

    /// One line: what is wrong, where, what to do.
    public var description: String {
        switch self {
        case .setting(let name, let value, let takes): say("\(name) is '\(value)': it takes \(takes)")
        case .notFinite(let token):
            say(
                "what the model expects after token \(token) is no number: its weights are damaged, or too large for float32"
            )
        case .template(let source, let problem): say("\(source): chat template: \(problem)")
        }
    }
}

import RopewalkPhrases

/// Why something cannot be looked up; `description` is the one line a user reads.
package enum RetrievalError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file of an index cannot be opened, read or written.
    case database(file: String, problem: String)
    /// A file that is no index, or whose parts contradict each other.
    case damaged(file: String, problem: String)
    /// Vectors of different lengths.
    case vectors(found: Int, expected: Int)

    /// One line: what is wrong, where, what to do.
    package var description: String {
        switch self {
        case .database(let file, let problem): say("\(file): the index cannot be used: \(problem)")
        case .damaged(let file, let problem):
            say(
                "\(file): is no index of this program: \(problem); name another file, or delete it, and it is made anew"
            )
        case .vectors(let found, let expected):
            say("a vector has \(found) numbers and \(expected) are expected: make the index anew with this model")
        }
    }
}

import RopewalkPhrases

/// Why an answer gets no score, or a file of a benchmark cannot be used; `description` is the one line a user reads.
package enum ScoringError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Two texts whose comparison would take more steps than there may be.
    case tooLong(metric: String, sizes: [Int], limit: Int)
    /// A reference answer that its metric cannot read.
    case answer(metric: String, answer: String, wanted: String)
    /// A line of a file, counted from 1.
    case line(file: String, line: Int, problem: String)
    /// A file that is of none of the known kinds.
    case kind(file: String, problem: String)
    /// A file in which nothing can be used.
    case empty(file: String, problem: String)

    /// One line: what is wrong, where, what to do.
    package var description: String {
        switch self {
        case .tooLong(let metric, let sizes, let limit):
            say(
                "\(metric): texts of \(sizes.map(String.init).joined(separator: say(" and "))) are too long to compare (\(limit) steps at most)"
            )
        case .answer(let metric, let answer, let wanted):
            say("\(metric): the reference answer '\(Self.shown(answer))' has no \(wanted)")
        case .line(let file, let line, let problem): say("\(file): line \(line): \(problem)")
        case .kind(let file, let problem), .empty(let file, let problem): "\(file): \(problem)"
        }
    }

    /// The beginning of a text from a file, on one line.
    static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(40).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return PythonText.string(scalars)
    }
}

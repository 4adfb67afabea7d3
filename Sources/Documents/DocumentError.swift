import RopewalkPhrases

/// Why a text cannot be shown; `description` is the one line a user reads.
public enum DocumentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be opened or read.
    case unreadable(file: String, reason: String)
    /// The text is not valid UTF-8 from that byte on.
    case notUTF8(file: String, byte: Int)
    /// A zero byte, which no text has.
    case binary(file: String, byte: Int)
    /// More bytes than the limit.
    case tooLarge(file: String, bytes: Int, limit: Int)
    /// What is searched for is no regular expression, from that byte of it on.
    case expression(problem: String, byte: Int)
    /// What is searched for is nowhere but between letters.
    case emptyMatches(expression: String)
    /// A search came to no end.
    case search(problem: String)

    /// One line: the file, and what is wrong with it.
    public var description: String {
        switch self {
        case .unreadable(let file, let reason): say("\(file.isEmpty ? "\"\"" : file): cannot be read: \(reason)")
        case .notUTF8(let file, let byte):
            say("\(file): byte \(byte): not valid UTF-8; convert it, for example with iconv -f latin1 -t utf-8")
        case .binary(let file, let byte): say("\(file): byte \(byte): a zero byte; this is a binary file and no text")
        case .tooLarge(let file, let bytes, let limit):
            say("\(file): \(bytes) bytes are over the limit of \(limit)")
        case .expression(let problem, let byte): say("\(problem), at byte \(byte) of the expression")
        case .emptyMatches(let expression):
            say("'re:\(expression.prefix(40))' matches only empty places: write one that takes a letter")
        case .search(let problem): say("the search came to no end: \(problem)")
        }
    }
}

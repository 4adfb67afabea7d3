import RopewalkFormats
import RopewalkPhrases

/// What is wrong with a tokenizer or a text given to it; `description` is the one line a user reads.
public enum TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be read as JSON.
    case file(FormatError)
    /// A part of the tokenizer that this program does not know.
    case unsupported(file: String, component: String)
    /// A part of the file that is missing or contradicts itself.
    case invalid(file: String, component: String, problem: String)
    /// A regular expression that cannot be compiled; `place` counts bytes of it.
    case pattern(file: String, pattern: String, place: Int, problem: String)
    /// A regular expression that gave up on the text at that byte.
    case matching(pattern: String, byte: Int, problem: String)
    /// Text that is not valid UTF-8 from that byte on.
    case notUTF8(byte: Int)
    /// More text than spans of 32 bits can address.
    case textTooLong(bytes: Int, limit: Int)
    /// A normalizer that would make very much of so many bytes.
    case rewritingTooLong(bytes: Int)
    /// The caller's `isCancelled` said so.
    case cancelled

    /// One line: the file or the place in the text, and what is wrong there.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .unsupported(let file, let component):
            say("\(file): \(component) is not supported")
        case .invalid(let file, let component, let problem): "\(file): \(component): \(problem)"
        case .pattern(let file, let pattern, let place, let problem):
            say("\(file): pattern \(Self.shown(pattern)): \(problem) at its byte \(place)")
        case .matching(let pattern, let byte, let problem):
            say("byte \(byte) of the text: pattern \(Self.shown(pattern)): \(problem)")
        case .notUTF8(let byte): say("byte \(byte) of the text is not valid UTF-8; convert it with iconv")
        case .textTooLong(let bytes, let limit): say("a text of \(bytes) bytes is over \(limit); split it")
        case .rewritingTooLong(let bytes):
            say("the tokenizer's normalizer would make over 32 bytes of each of \(bytes); its file is damaged")
        case .cancelled: say("cancelled")
        }
    }

    private static func shown(_ pattern: String) -> String {
        String(String.UnicodeScalarView(pattern.unicodeScalars.prefix(120))).debugDescription
    }
}

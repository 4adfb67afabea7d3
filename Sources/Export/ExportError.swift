import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// Why something could not be written.
package enum ExportError: Error, Equatable, Sendable {
    case unknownFormat(String)
    case tooManyTokens(Int, MaskFormat)
    /// The system refused: destination, what cannot be done ("cannot write"), its reason.
    case system(path: String, operation: String, reason: String)
    case compression(code: Int32)
    /// A mask file does not hold a mask.
    case mask(file: String, problem: String)
    /// A value of a mask file that is neither 0 nor 1, or in a picture neither black nor white.
    case maskValue(file: String, query: Int, key: Int)
    /// A sentence that names its file.
    case file(String)
}

extension ExportError: CustomStringConvertible {
    /// One line: what is wrong, where, and what to do.
    package var description: String {
        switch self {
        case .unknownFormat(let name):
            let known = MaskFormat.allCases.map(\.rawValue).joined(separator: ", ")
            let shown = String(name.unicodeScalars.prefix(40).map { (" "..."~").contains($0) ? Character($0) : "?" })
            return say("unknown format '\(shown)': the formats are \(known)")
        case .tooManyTokens(let tokens, let format):
            let other = MaskFormat.allCases.filter { $0.largestTokens >= tokens }.map(\.rawValue)
            let advice =
                other.isEmpty ? say("take fewer tokens") : say("take fewer tokens or \(other.joined(separator: ", "))")
            return say(
                """
                a mask of \(tokens) tokens is too large for \(format.rawValue), which holds at most \
                \(format.largestTokens): \(advice)
                """)
        case .system(let path, let operation, let reason):
            return "\(path): \(operation.said): \(reason)"
        case .mask(let file, let problem): return "\(file): \(problem)"
        case .maskValue(let file, let query, let key):
            return say(
                """
                \(file): row \(query.grouped), column \(key.grouped): neither 0 nor 1 (in a picture: neither \
                black nor white)
                """)
        case .file(let sentence): return sentence
        case .compression(let code): return say("PNG: the compressor failed with code \(code): try another format")
        }
    }
}

extension ExportError {
    /// What a reader of files gives, its errors as sentences.
    static func of<Value>(_ read: () throws(FormatError) -> Value) throws(ExportError) -> Value {
        do { return try read() } catch { throw .file(error.description) }
    }
}

import Methods

/// Why something could not be written.
public enum ExportError: Error, Equatable, Sendable {
    case unknownFormat(String)
    case tooManyTokens(Int, MaskFormat)
    /// The system refused: destination, what was tried, its reason.
    case system(path: String, operation: String, reason: String)
    case compression(code: Int32)
}

extension ExportError: CustomStringConvertible {
    /// One line: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .unknownFormat(let name):
            let known = MaskFormat.allCases.map(\.rawValue).joined(separator: ", ")
            return "unknown format '\(name.prefix(40))': the formats are \(known)"
        case .tooManyTokens(let tokens, let format):
            let other = MaskFormat.allCases.filter { $0.largestTokens >= tokens }.map(\.rawValue)
            let advice = other.isEmpty ? "take fewer tokens" : "take fewer tokens or \(other.joined(separator: ", "))"
            return "a mask of \(tokens) tokens is too large for \(format.rawValue), which holds at most "
                + "\(format.largestTokens): \(advice)"
        case .system(let path, let operation, let reason):
            return "\(path): cannot \(operation): \(reason)"
        case .compression(let code): return "PNG: the compressor failed with code \(code): try another format"
        }
    }
}

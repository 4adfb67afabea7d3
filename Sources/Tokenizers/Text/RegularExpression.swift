/// A regular expression that a user typed, over UTF-8; a pattern without capital letters ignores case.
package struct RegularExpression: Sendable {
    private let pattern: Pattern

    /// - Throws: `TokenizerError.pattern` with the place that is wrong, in bytes of `text`.
    package init(_ text: String) throws(TokenizerError) {
        let hasCapitals = text.unicodeScalars.contains { $0.properties.isUppercase }
        let prefix = hasCapitals ? "" : "(?i)"
        do { pattern = try Pattern(prefix + text, file: "search") } catch {
            guard case .pattern(let file, _, let place, let problem) = error else { throw error }
            throw .pattern(file: file, pattern: text, place: max(0, place - prefix.utf8.count), problem: problem)
        }
    }

    /// Where it matches, from left to right, at most `limit` places; empty matches are none.
    package func matches(
        in bytes: [UInt8], limit: Int
    ) throws(TokenizerError) -> (found: [Range<Int>], hasEmpty: Bool) {
        var found: [Range<Int>] = []
        var hasEmpty = false
        do throws(TokenizerError) {
            try find(in: bytes, limit: limit) { if $0.isEmpty { hasEmpty = true } else { found.append($0) } }
        } catch {
            // Asked now and then whether there are enough: then the rest is not looked for.
            guard case .cancelled = error else { throw error }
        }
        return (Array(found.prefix(limit)), hasEmpty)
    }

    private func find(in bytes: [UInt8], limit: Int, _ take: (Range<Int>) -> Void) throws(TokenizerError) {
        let matcher = Pattern.Matcher(pattern)
        var count = 0
        try bytes.withUnsafeBufferPointer { (buffer: UnsafeBufferPointer<UInt8>) throws(TokenizerError) -> Void in
            let subject = UnsafeRawBufferPointer(buffer)
            try matcher.forEachMatch(in: subject, origin: 0, isCancelled: { count >= limit }) { match in
                if !match.isEmpty { count += 1 }
                take(match)
            }
        }
    }
}

import Foundation
import RopewalkTokenizers

/// What is searched for: letters, a regular expression, a whole word, or a token of the vocabulary.
package enum SearchQuery: Equatable, Sendable {
    /// A blank stands for a line break too, so that phrases are found in a text that was wrapped by hand.
    case text(String)
    case expression(String)
    case word(String)
    case token(Int32)

    /// What comes before the rest of what is typed, and what it means.
    package static let prefixes = [
        (prefix: "re:", meaning: "a regular expression"), (prefix: "word:", meaning: "a whole word"),
        (prefix: "id:", meaning: "a token of the vocabulary"),
    ]

    /// `whale`, `re:wh.le`, `word:whale`, `id:1204`; nil for nothing, and where an id is no number.
    package init?(typed: String) {
        func rest(_ prefix: String) -> String? { typed.hasPrefix(prefix) ? String(typed.dropFirst(prefix.count)) : nil }
        if let text = rest("re:") {
            self = .expression(text)
        } else if let text = rest("word:") {
            self = .word(text)
        } else if let text = rest("id:") {
            guard let id = Int32(text) else { return nil }
            self = .token(id)
        } else {
            self = .text(typed)
        }
        switch self {
        case .text(let text), .expression(let text), .word(let text): if text.isEmpty { return nil }
        case .token: break
        }
    }

    /// More places than this are not collected.
    package static let mostHits = 100_000
}

extension SourceText {
    /// All places of what is searched for, in order, none within another; at most `SearchQuery.mostHits`.
    ///
    /// Letters without capitals ignore case. Linear in the text's size, but for regular expressions, whose work has a
    /// bound of its own.
    /// - Parameter tokens: where tokens are searched for.
    /// - Throws: where a regular expression is none, asks for too much, or matches only empty places.
    package func hits(_ query: SearchQuery, tokens: Document? = nil) throws(DocumentError) -> [Range<Int>] {
        switch query {
        case .text(let needle): return places(of: needle) { _ in true }
        case .word(let needle): return places(of: needle) { isWord($0) }
        case .expression(let pattern):
            let (found, hasEmpty): ([Range<Int>], Bool)
            do {
                (found, hasEmpty) = try RegularExpression(pattern).matches(in: bytes, limit: SearchQuery.mostHits)
            } catch {
                throw DocumentError(error)
            }
            if found.isEmpty, hasEmpty { throw .emptyMatches(expression: pattern) }
            return found
        case .token(let id):
            guard let tokens else { return [] }
            let found = tokens.ids.indices.lazy.filter { tokens.ids[$0] == id }.map { tokens.byteRange(ofToken: $0) }
            return Array(found.filter { !$0.isEmpty }.prefix(SearchQuery.mostHits))
        }
    }

    private func places(of needle: String, where isWanted: (Range<Int>) -> Bool) -> [Range<Int>] {
        guard let finder = NeedleFinder(needle) else { return [] }
        var found: [Range<Int>] = []
        bytes.withUnsafeBufferPointer { text in
            finder.forEach(in: text) { place in
                if place.lowerBound >= found.last?.upperBound ?? 0, isWanted(place) { found.append(place) }
                return found.count < SearchQuery.mostHits
            }
        }
        return found
    }

    /// Whether no letter or digit goes on at either end.
    private func isWord(_ place: Range<Int>) -> Bool {
        func isPart(_ at: Int) -> Bool {
            let scalar = UTF8Text.scalar(in: bytes, at: at).scalar
            return scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
        }
        if place.lowerBound > 0, isPart(UTF8Text.start(before: place.lowerBound, in: bytes)) { return false }
        return place.upperBound >= bytes.count || !isPart(place.upperBound)
    }
}

extension DocumentError {
    fileprivate init(_ error: TokenizerError) {
        switch error {
        case .pattern(_, _, let place, let problem): self = .expression(problem: problem, byte: place)
        case .matching(_, _, let problem): self = .search(problem: problem)
        default: self = .search(problem: error.description)
        }
    }
}

/// Looks for a string by the automaton of Knuth, Morris and Pratt over folded characters.
private struct NeedleFinder {
    private let needle: [UInt32]
    /// [length matched]: the longest shorter match that ends there too.
    private let fallbacks: [Int]
    private let ignoresCase: Bool

    init?(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        guard !scalars.isEmpty else { return nil }
        ignoresCase = !scalars.contains { $0.properties.isUppercase }
        needle = scalars.map(\.value)
        var fallbacks = [0, 0]
        for index in scalars.indices.dropFirst() {
            var length = fallbacks[index]
            while length > 0, scalars[index] != scalars[length] { length = fallbacks[length] }
            fallbacks.append(scalars[index] == scalars[length] ? length + 1 : 0)
        }
        self.fallbacks = fallbacks
    }

    /// Calls `body` with every place, until it says that this is enough.
    func forEach(in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Bool) {
        // Characters of the needle may have other lengths in the text where case is ignored: keep their starts.
        var starts = [Int](repeating: 0, count: needle.count)
        var matched = 0
        var at = 0
        var count = 0
        while at < text.count {
            let place = at
            let value = folded(text, &at)
            starts[count % needle.count] = place
            count += 1
            while matched > 0, needle[matched] != value { matched = fallbacks[matched] }
            if needle[matched] == value { matched += 1 }
            guard matched == needle.count else { continue }
            if !body(starts[count % needle.count]..<at) { return }
            matched = fallbacks[matched]
        }
    }

    /// One line break with the blanks around it is one blank; an empty line is none.
    private static func lineBreak(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var end = at
        var breaks = 0
        while end < text.count, isBlank(text[end]) || text[end] == 0x0A {
            if text[end] == 0x0A { breaks += 1 }
            if breaks > 1 || end - at > 256 { return nil }
            end += 1
        }
        return breaks == 1 ? end : nil
    }

    private func folded(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> UInt32 {
        let byte = text[at]
        if byte < 0x80 {
            if byte <= 0x20, let end = Self.lineBreak(text, at) {
                at = end
                return 0x20
            }
            at += 1
            return ignoresCase && byte >= 0x41 && byte <= 0x5A ? UInt32(byte) + 32 : UInt32(byte)
        }
        let count = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
        var code = UInt32(byte) & (0xFF >> UInt32(count + 1))
        let stop = min(at + count, text.count)
        for index in at + 1..<max(at + 1, stop) { code = code << 6 | UInt32(text[index] & 0x3F) }
        at = stop
        guard ignoresCase, let scalar = Unicode.Scalar(code), scalar.properties.isUppercase else { return code }
        return scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? code
    }
}

import RopewalkDocuments
import RopewalkTokenizers

/// The tokens that needles are hidden among, and what cuts other texts into such tokens.
package struct Haystack: Sendable {
    /// Names it in reports.
    package let name: String
    /// Of the text, without what a tokenizer adds.
    package let ids: [Int32]
    package let tokenizer: Tokenizer
    /// What the tokenizer puts before every text.
    let beginning: [Int32]
    /// Those of the text that end a sentence.
    private let ends: Set<Int32>

    /// - Throws: where the text has no token.
    package init(_ document: Document, tokenizer: Tokenizer) throws(NeedleError) {
        name = document.text.name
        ids = (0..<document.tokenCount).filter { !document.byteRange(ofToken: $0).isEmpty }.map { document.ids[$0] }
        guard !ids.isEmpty else { throw .emptyText(document.text.name) }
        self.tokenizer = tokenizer
        beginning = try Self.beginning(of: tokenizer)
        ends = Set(Set(ids).filter { SentenceEnd.isOne(tokenizer.bytes(of: Int($0))) })
    }

    /// Whether a sentence ends with a token.
    func ends(with id: Int32) -> Bool { ends.contains(id) }

    /// The tokens of a text in the middle of others.
    func tokens(of text: String) throws(NeedleError) -> [Int32] {
        do { return try tokenizer.encode(text, addSpecialTokens: false).ids } catch { throw .tokenizer(error) }
    }

    /// The same with the bytes of each.
    func encoding(of text: String) throws(NeedleError) -> Encoding {
        do { return try tokenizer.encode(text, addSpecialTokens: false) } catch { throw .tokenizer(error) }
    }

    private static func beginning(of tokenizer: Tokenizer) throws(NeedleError) -> [Int32] {
        do {
            let encoding = try tokenizer.encode("a", addSpecialTokens: true)
            return Array(encoding.ids.prefix((0..<encoding.count).prefix { encoding.bytes(of: $0).isEmpty }.count))
        } catch { throw .tokenizer(error) }
    }

    /// `count` tokens of the text from a place on that the seed chooses, the same for every length; it begins behind the end
    /// of a sentence where there is one, and at the end of the text goes on at its beginning.
    func tokens(_ count: Int, seed: Int) -> ArraySlice<Int32> {
        var numbers = SeededNumbers(seed: seed, purpose: "haystack")
        // A text that is read more than once begins at its beginning.
        var start = count > ids.count ? 0 : Int(numbers.share() * Double(ids.count))
        let first = start
        while start > 0, start < ids.count, start - first < 512, !ends(with: ids[start - 1]) { start += 1 }
        if start - first == 512 || start == ids.count { start = first }
        guard start + count > ids.count else { return ids[start..<start + count] }
        var tokens = Array(ids[start...])
        while tokens.count < count { tokens += ids.prefix(count - tokens.count) }
        return tokens[...]
    }
}

/// What ends a sentence.
enum SentenceEnd {
    /// Whether a token's bytes end with a full stop, a question mark or the like; closing signs and space may follow.
    static func isOne(_ bytes: [UInt8]) -> Bool {
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
        let end = scalars.last { !$0.properties.isWhitespace && !closing.contains($0) }
        return end.map { ends.contains($0) } ?? false
    }

    private static let ends: Set<Unicode.Scalar> = [".", "!", "?", "…", "。", "！", "？"]
    private static let closing: Set<Unicode.Scalar> = ["\"", "'", "”", "’", ")", "]", "」", "』", "）", "》", "】"]
}

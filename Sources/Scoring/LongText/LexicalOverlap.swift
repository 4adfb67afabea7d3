/// How many of its words the second half of a text has from the first: a measure of our own.
package enum LexicalOverlap {
    /// Words of each half that are looked at: as many as documents of 8,000 characters have, so that long ones can be compared.
    package static let words = 250
    /// Shorter words are left out: they are in every text.
    static let shortest = 5

    /// |A ∩ B| / min(|A|, |B|) with A and B the different words of at least five letters (of Chinese pairs of neighbouring
    /// characters) among the first 250 of each half; nil where a half has none.
    package static func share(_ text: CodePoints, _ language: TextLanguage) -> Double? {
        let all = language == .english ? english(text) : chinese(text)
        let middle = all.count / 2
        let first = Set(all[..<middle].prefix(words))
        let second = Set(all[middle...].prefix(words))
        guard !first.isEmpty, !second.isEmpty else { return nil }
        return Double(first.intersection(second).count) / Double(min(first.count, second.count))
    }

    private static func english(_ text: CodePoints) -> [CodePoints] {
        PythonText.lower(text).split { !PythonText.isWord($0) }.filter { $0.count >= shortest }.map { CodePoints($0) }
    }

    private static func chinese(_ text: CodePoints) -> [CodePoints] {
        zip(text, text.dropFirst()).compactMap { first, second in
            TextLanguage.isIdeograph(first) && TextLanguage.isIdeograph(second) ? [first, second] : nil
        }
    }
}

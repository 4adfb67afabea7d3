/// Collects the tokens of a prepared text.
struct TokenOutput {
    private var ids: [Int32] = []
    /// [token]: the bytes of the prepared text that it stands for.
    private var exact: [Range<Int32>] = []
    /// [token]: what the tokenizers library attributes to it.
    private var covers: [Range<Int32>] = []
    private var spellings: [Int: String] = [:]
    private var writtenTokens: [Int] = []

    /// Appends a token; ranges go from left to right.
    mutating func append(_ id: Int32, _ range: Range<Int32>, cover: Range<Int32>) {
        ids.append(id)
        exact.append(range)
        covers.append(cover)
    }

    /// Appends an added token that was found in the text.
    mutating func appendWritten(_ id: Int32, _ range: Range<Int32>) {
        writtenTokens.append(ids.count)
        append(id, range, cover: range)
    }

    /// Says what the model read as the last token.
    mutating func spellLast(_ text: some Collection<UInt8>) {
        spellings[ids.count - 1] = String(decoding: text, as: UTF8.self)
    }

    /// The tokens with where they are in the text's source.
    func finished(_ prepared: PreparedText) -> Encoding {
        var (exact, covers) = (exact, covers)
        prepared.follow(exact: &exact, covers: &covers)
        let source = prepared.source
        var encoding = Encoding(ids: ids, bytes: exact, spellings: spellings, writtenTokens: writtenTokens)
        var starts = CodePointCounter()
        var ends = CodePointCounter()
        source.withUnsafeBytes { bytes in
            for (index, cover) in covers.enumerated() {
                // A part of a character has the whole character.
                let start = UTF8Text.start(of: Int(cover.lowerBound), in: source)
                let end = UTF8Text.boundary(from: Int(cover.upperBound), in: source)
                let first = starts.codePoints(before: start, in: bytes)
                encoding.offsetStarts[index] = first
                encoding.offsetEnds[index] = max(first, ends.codePoints(before: end, in: bytes))
            }
        }
        return encoding
    }
}

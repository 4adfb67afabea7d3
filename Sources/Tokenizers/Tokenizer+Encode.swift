extension Tokenizer {
    /// The tokens of `text`.
    ///
    /// - Parameters:
    ///   - addSpecialTokens: whether the post-processor puts its special tokens around the text.
    ///   - isCancelled: asked often; true ends the work with `TokenizerError.cancelled`.
    public func encode(
        _ text: String, addSpecialTokens: Bool, isCancelled: () -> Bool = { false }
    ) throws(TokenizerError) -> Encoding {
        try encode(Array(text.utf8), addSpecialTokens: addSpecialTokens, isCancelled: isCancelled)
    }

    /// The tokens of `text`, which must be valid UTF-8.
    public func encode(
        _ text: [UInt8], addSpecialTokens: Bool, isCancelled: () -> Bool = { false }
    ) throws(TokenizerError) -> Encoding {
        // Half of what spans can hold, so that spaces that are put in still fit.
        guard text.count <= Int32.max / 2 else { throw .textTooLong(bytes: text.count) }
        if let byte = text.withUnsafeBytes({ UTF8Text.firstInvalid(in: $0) }) { throw .notUTF8(byte: byte) }
        var prepared = PreparedText(text, added: addedBeforeNormalizing)
        if composes { prepared.normalize() }
        prepared.split(at: addedAfterNormalizing)
        for step in preTokenizer { try prepared.apply(step, isCancelled: isCancelled) }
        var encoding = try tokens(of: prepared, isCancelled: isCancelled)
        for step in postProcessor {
            step.apply(
                to: &encoding, margins: margins, textEnd: Int32(text.count), addSpecialTokens: addSpecialTokens)
        }
        return encoding
    }

    private func tokens(
        of prepared: PreparedText, isCancelled: () -> Bool
    ) throws(TokenizerError) -> Encoding {
        var encoding = Encoding()
        var encoder = WordEncoder(model)
        var starts = CodePointCounter()
        var ends = CodePointCounter()
        func emit(_ id: Int32, _ range: Range<Int32>, _ source: UnsafeRawBufferPointer) {
            let cover = prepared.cover(range)
            let start = UTF8Text.start(of: Int(cover.lowerBound), in: prepared.source)
            let end = UTF8Text.boundary(from: Int(cover.upperBound), in: prepared.source)
            let first = starts.codePoints(before: start, in: source)
            let last = max(first, ends.codePoints(before: end, in: source))
            encoding.append(id, bytes: prepared.exact(range), offsets: first..<last)
        }
        for (index, piece) in prepared.pieces.enumerated() {
            if index & 0x3FF == 0, isCancelled() { throw .cancelled }
            prepared.withBytes { bytes, source in
                guard piece.token < 0 else { return emit(piece.token, piece.start..<piece.end, source) }
                var at = piece.start
                encoder.encode(UnsafeRawBufferPointer(rebasing: bytes[piece.range])) { part in
                    if part.token >= 0 { emit(part.token, at..<at + part.count, source) }
                    at += part.count
                }
            }
        }
        return encoding
    }
}

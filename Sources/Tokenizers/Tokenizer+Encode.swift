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
                to: &encoding, margins: { self.margins($0, text, $1) }, textEnd: Int32(text.count),
                addSpecialTokens: addSpecialTokens)
        }
        return encoding
    }

    /// The token at `index` as the library gives it: as the vocabulary writes it, but an added token that takes the
    /// space beside it has that space.
    public func token(at index: Int, of encoding: Encoding, in text: [UInt8]) -> String {
        let id = encoding.ids[index]
        let bytes = encoding.bytes(of: index)
        guard strippingIDs.contains(id), !bytes.isEmpty, bytes.upperBound <= text.count else {
            return token(Int(id)) ?? ""
        }
        return String(decoding: text[bytes], as: UTF8.self)
    }

    private func margins(_ id: Int32, _ text: [UInt8], _ bytes: Range<Int>) -> TokenMargins {
        guard strippingIDs.contains(id) else { return margins[Int(id)] }
        return TokenMargins(String(decoding: text[bytes], as: UTF8.self))
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

extension Tokenizer {
    /// The tokens of `text`.
    ///
    /// - Parameters:
    ///   - addSpecialTokens: whether the post-processor puts its special tokens around the text.
    ///   - isCancelled: asked often; true ends the work with `TokenizerError.cancelled`.
    package func encode(
        _ text: String, addSpecialTokens: Bool, isCancelled: () -> Bool = { false }
    ) throws(TokenizerError) -> Encoding {
        try encode(Array(text.utf8), addSpecialTokens: addSpecialTokens, isCancelled: isCancelled)
    }

    /// The tokens of `text`, which must be valid UTF-8.
    package func encode(
        _ text: [UInt8], addSpecialTokens: Bool, isCancelled: () -> Bool = { false }
    ) throws(TokenizerError) -> Encoding {
        // A part of what spans can hold, so that what rewriting puts in still fits: at most 18 characters for one.
        guard text.count <= Self.longestText else { throw .textTooLong(bytes: text.count, limit: Self.longestText) }
        if let byte = text.withUnsafeBytes({ UTF8Text.firstInvalid(in: $0) }) { throw .notUTF8(byte: byte) }
        let prepared = try prepare(text, isCancelled)
        var encoding = try tokens(of: prepared, isCancelled: isCancelled)
        for step in parts.postProcessor {
            step.apply(to: &encoding, margins: margins, textEnd: Int32(text.count), addSpecialTokens: addSpecialTokens)
        }
        return encoding
    }

    /// The token at `index` as the library gives it: as the vocabulary writes it, but an added token that takes the
    /// space beside it has that space, and unknown text of a unigram model stands for itself.
    package func token(at index: Int, of encoding: Encoding) -> String {
        encoding.spellings[index] ?? token(Int(encoding.ids[index])) ?? ""
    }

    private static let longestText = Int(Int32.max) / 16

    private func prepare(_ text: [UInt8], _ isCancelled: () -> Bool) throws(TokenizerError) -> PreparedText {
        var prepared = PreparedText(text, added: addedBeforeNormalizing)
        for step in parts.normalizer { try prepared.apply(step, isCancelled: isCancelled) }
        prepared.split(at: addedAfterNormalizing)
        for step in parts.preTokenizer { try prepared.apply(step, isCancelled: isCancelled) }
        return prepared
    }

    private func tokens(of prepared: PreparedText, isCancelled: () -> Bool) throws(TokenizerError) -> Encoding {
        var output = TokenOutput()
        var encoder = WordEncoder(parts.model)
        let spelledUnknown: Int32 = if case .unigram(let model) = parts.model { model.unknown ?? -2 } else { -2 }
        for (index, stretch) in prepared.stretches.enumerated() {
            if index & 0x3FF == 0, isCancelled() { throw .cancelled }
            guard stretch.token < 0 else {
                output.appendWritten(stretch.token, stretch.start..<stretch.end)
                if strippingIDs.contains(stretch.token) { output.spellLast(prepared.bytes[stretch.range]) }
                continue
            }
            try prepared.withBytes { bytes throws(TokenizerError) in
                let bytes = UnsafeRawBufferPointer(rebasing: bytes[stretch.range])
                var start = 0
                var at = stretch.start
                while start < bytes.count {
                    if start & 0xFFF == 0xFFF, isCancelled() { throw .cancelled }
                    let end = parts.cuts.end(of: start, in: bytes)
                    try encoder.encode(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), isCancelled: isCancelled) {
                        let (from, to) = (at - $0.back, at - $0.back + $0.run)
                        if $0.token >= 0 { output.append($0.token, at..<at + $0.count, cover: from..<to) }
                        if $0.token == spelledUnknown {
                            output.spellLast(bytes[Int(at - stretch.start)..<Int(at - stretch.start + $0.count)])
                        }
                        at += $0.count
                    }
                    start = end
                }
            }
        }
        return output.finished(prepared)
    }
}

/// A byte-level BPE model: tokens of single bytes and the merges that make longer ones.
struct BytePairModel: Sendable {
    /// [byte]: its token, or -1.
    let byteTokens: [Int32]
    let merges: MergeTable
    /// Words that are tokens as they stand, whatever the merges say; nil where the model has no such rule.
    let wholeWords: ByteStringTable?
    /// Stands for bytes that are no token; where there is none, they get no token, as in the tokenizers library.
    let unknown: Int32?
    /// Whether a run of unknown bytes gets one token.
    let fusesUnknown: Bool

    /// Appends the tokens of `word` to `parts`.
    func encode(
        _ word: UnsafeRawBufferPointer, _ merger: inout WordMerger, isCancelled: () -> Bool,
        into parts: inout [WordMerger.Part]
    ) throws(TokenizerError) {
        if let token = wholeWords?.find(word) { return parts.append(.init(token: token, count: Int32(word.count))) }
        merger.removeAll()
        var dropped = DroppedBytes()
        var unknownCount: Int32 = 0
        func appendUnknown() {
            if unknownCount > 0, let unknown {
                merger.append(unknown, count: unknownCount)
            } else if unknownCount > 0 {
                dropped.drop(unknownCount, at: merger.symbols.last.map { $0.start + $0.count } ?? 0)
            }
            unknownCount = 0
        }
        for byte in word {
            let token = byteTokens[Int(byte)]
            if token >= 0 || !fusesUnknown { appendUnknown() }
            if token >= 0 { merger.append(token, count: 1) } else { unknownCount += 1 }
        }
        appendUnknown()
        try merger.merge(isCancelled: isCancelled) { merges.find($0.token, $1.token) }
        dropped.collect(merger.symbols, into: &parts)
    }
}

/// A BPE model over characters: with bytes for those that are no token (SentencePiece), or with marks for the inside
/// and the end of words.
struct CharacterPairModel: Sendable {
    /// What makes a token of two.
    enum Joining: Sendable {
        /// A list of merges.
        case merges(MergeTable)
        /// Whatever is a token together; [token]: which come first, or the largest number for those that are never made.
        case ranks([UInt32])
    }

    let ids: ByteStringTable
    let joining: Joining
    var unknown: Int32?
    /// Whether a run of unknown characters gets one token.
    var fusesUnknown = false
    /// [byte]: the token for it where it is part of an unknown character, or -1; empty where the model has none.
    var fallback: [Int32] = []
    /// What stands before every character of a word but the first, and behind the last, in the vocabulary.
    var continuingPrefix: [UInt8] = []
    var endSuffix: [UInt8] = []
    /// Whether words that are tokens as they stand are not made of merges.
    var takesWholeWords = false
    /// In bytes; longer ones are not looked for.
    let longestToken: Int

    func encode(
        _ word: UnsafeRawBufferPointer, _ merger: inout WordMerger, isCancelled: () -> Bool,
        into parts: inout [WordMerger.Part]
    ) throws(TokenizerError) {
        if takesWholeWords, let token = ids.find(word) {
            return parts.append(.init(token: token, count: Int32(word.count)))
        }
        merger.removeAll()
        var dropped = DroppedBytes()
        var unknownRun: Int32 = 0
        var at = 0
        while at < word.count {
            let count = min(UTF8Text.width(from: word[at]), word.count - at)
            let character = UnsafeRawBufferPointer(rebasing: word[at..<at + count])
            let token = token(character, isFirst: at == 0, isLast: at + count == word.count)
            at += count
            let isKnown = token != nil || isRanked || hasFallback(character)
            if unknownRun > 0, isKnown || !fusesUnknown { flush(&unknownRun, &merger, &dropped) }
            if !isKnown {
                unknownRun += Int32(count)
            } else if token != nil || isRanked {
                merger.append(token ?? -1, count: Int32(count))
            } else {
                for byte in character { merger.append(fallback[Int(byte)], count: 1) }
            }
        }
        flush(&unknownRun, &merger, &dropped)
        switch joining {
        case .merges(let merges): try merger.merge(isCancelled: isCancelled) { merges.find($0.token, $1.token) }
        case .ranks(let ranks):
            try merger.merge(isCancelled: isCancelled) { left, right in
                let (start, end) = (Int(left.start), Int(right.start + right.count))
                guard end - start <= longestToken,
                    let token = ids.find(UnsafeRawBufferPointer(rebasing: word[start..<end])), ranks[Int(token)] < .max
                else { return nil }
                return MergeTable.Merge(rank: ranks[Int(token)], token: token)
            }
        }
        if isRanked {
            collect(merger.symbols, word, into: &parts)
        } else {
            dropped.collect(merger.symbols, into: &parts)
        }
    }

    private var isRanked: Bool { if case .ranks = joining { true } else { false } }

    private func token(_ character: UnsafeRawBufferPointer, isFirst: Bool, isLast: Bool) -> Int32? {
        if continuingPrefix.isEmpty && endSuffix.isEmpty { return ids.find(character) }
        return ids.find((isFirst ? [] : continuingPrefix) + character + (isLast ? endSuffix : []))
    }

    private func hasFallback(_ character: UnsafeRawBufferPointer) -> Bool {
        !fallback.isEmpty && character.allSatisfy { fallback[Int($0)] >= 0 }
    }

    private func flush(_ unknownRun: inout Int32, _ merger: inout WordMerger, _ dropped: inout DroppedBytes) {
        if unknownRun > 0, let unknown {
            merger.append(unknown, count: unknownRun)
        } else if unknownRun > 0 {
            dropped.drop(unknownRun, at: merger.symbols.last.map { $0.start + $0.count } ?? 0)
        }
        unknownRun = 0
    }

    /// What is no token after all merges is unknown.
    private func collect(
        _ symbols: [WordMerger.Symbol], _ word: UnsafeRawBufferPointer, into parts: inout [WordMerger.Part]
    ) {
        var lastWasUnknown = false
        for symbol in symbols where symbol.count > 0 {
            guard symbol.token < 0 else {
                parts.append(.init(token: symbol.token, count: symbol.count))
                lastWasUnknown = false
                continue
            }
            let bytes = UnsafeRawBufferPointer(rebasing: word[Int(symbol.start)..<Int(symbol.start + symbol.count)])
            if hasFallback(bytes) {
                for byte in bytes { parts.append(.init(token: fallback[Int(byte)], count: 1)) }
                lastWasUnknown = false
            } else if lastWasUnknown, fusesUnknown {
                parts[parts.count - 1].count += symbol.count
                parts[parts.count - 1].run += symbol.count
            } else {
                parts.append(.init(token: unknown ?? -1, count: symbol.count))
                lastWasUnknown = true
            }
        }
    }
}

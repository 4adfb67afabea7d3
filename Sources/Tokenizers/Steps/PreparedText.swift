/// A text on its way to the model: rewritten, cut into stretches, every byte still tied to its source.
struct PreparedText {
    let source: [UInt8]
    private(set) var stretches: [Stretch] = []
    /// The rewritings that changed something, first to last.
    private(set) var alignments: [Alignment] = []

    /// The text, cut at the added tokens that are looked for in the text as it stands.
    init(_ source: [UInt8], added: AddedTokenFinder) {
        self.source = source
        added.split(source, 0..<source.count, into: &stretches)
    }

    /// The text as it is now.
    var bytes: [UInt8] { alignments.last?.bytes ?? source }

    /// The text as it is now.
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(TokenizerError) -> Result
    ) throws(TokenizerError) -> Result {
        try bytes.withUnsafeBufferPointer { buffer throws(TokenizerError) in try body(UnsafeRawBufferPointer(buffer)) }
    }

    mutating func split(at added: AddedTokenFinder) {
        guard !added.isEmpty else { return }
        var result: [Stretch] = []
        let text = bytes
        for stretch in stretches {
            if stretch.token < 0 { added.split(text, stretch.range, into: &result) } else { result.append(stretch) }
        }
        stretches = result
    }

    mutating func apply(_ step: NormalizerStep, isCancelled: () -> Bool) throws(TokenizerError) {
        if step.keepsASCII, !bytes.contains(where: { $0 >= 0x80 }) { return }
        let tokens = stretches.map(\.token)
        try rewrite(isCancelled) { index, stretch, text, output throws(TokenizerError) in
            let before = index > 0 ? tokens[index - 1] : nil
            try output.apply(step, to: stretch.range, of: text, after: before, isCancelled: isCancelled)
        }
    }

    mutating func apply(_ step: PreTokenizerStep, isCancelled: () -> Bool) throws(TokenizerError) {
        switch step {
        case .prefixSpace: try prefixSpaces(isCancelled)
        case .split(let rule): try split(by: rule, isCancelled)
        case .metaspace(let mark, let prefix): try markSpaces(mark, prefix, isCancelled)
        case .byteLetters: try apply(.byteLetters as NormalizerStep, isCancelled: isCancelled)
        }
    }

    private mutating func split(by rule: SplitRule, _ isCancelled: () -> Bool) throws(TokenizerError) {
        var result: [Stretch] = []
        let matcher = TextMatcher(rule.pattern)
        try withBytes { text throws(TokenizerError) in
            for (index, stretch) in stretches.enumerated() {
                if index & 0x3FF == 0, isCancelled() { throw .cancelled }
                if stretch.token < 0 {
                    try rule.split(text, stretch.range, matcher, isCancelled: isCancelled, into: &result)
                } else {
                    result.append(stretch)
                }
            }
        }
        stretches = result
    }

    private mutating func prefixSpaces(_ isCancelled: () -> Bool) throws(TokenizerError) {
        try rewrite(isCancelled) { _, stretch, text, output throws(TokenizerError) in
            if text[stretch.range.lowerBound] == UInt8(ascii: " ") {
                output.copy(stretch.range.count, of: text)
            } else {
                output.prepend([UInt8(ascii: " ")], text, stretch.range)
            }
        }
    }

    private mutating func markSpaces(
        _ mark: [UInt8], _ prefix: MetaspacePrefix, _ isCancelled: () -> Bool
    ) throws(TokenizerError) {
        let space = TextPattern.literal([UInt8(ascii: " ")])
        try rewrite(isCancelled) { _, stretch, text, output throws(TokenizerError) in
            try output.replace(space, mark, text, stretch.range, isCancelled)
        }
        guard prefix != .never else { return }
        var covers = stretches.map { $0.start..<min($0.start + 1, $0.end) }
        var none: [Range<Int32>] = []
        follow(exact: &none, covers: &covers)
        try rewrite(isCancelled) { index, stretch, text, output throws(TokenizerError) in
            let isMarked = text[stretch.range].starts(with: mark)
            if isMarked || prefix == .first && covers[index].lowerBound > 0 {
                output.copy(stretch.range.count, of: text)
            } else {
                output.prepend(mark, text, stretch.range)
            }
        }
    }

    /// Takes ranges of the text as it is now back to its source.
    func follow(exact: inout [Range<Int32>], covers: inout [Range<Int32>]) {
        for alignment in alignments.reversed() { alignment.follow(exact: &exact, covers: &covers) }
    }

    /// Writes the text anew; `body` appends what a stretch without a token becomes, of which it gets the number. Stretches that become empty vanish.
    private mutating func rewrite(
        _ isCancelled: () -> Bool, _ body: (Int, Stretch, [UInt8], inout Alignment) throws(TokenizerError) -> Void
    ) throws(TokenizerError) {
        let text = bytes
        var output = Alignment(sourceCount: text.count, limit: Alignment.limit(source.count))
        var result: [Stretch] = []
        var end = 0
        for (index, stretch) in stretches.enumerated() where stretch.start < stretch.end || stretch.token >= 0 {
            if index & 0x3FF == 0, isCancelled() { throw .cancelled }
            // What an earlier step took out of the stretches still lies in the text.
            output.copy(stretch.range.lowerBound - end, of: text)
            end = stretch.range.upperBound
            let start = output.bytes.count
            if stretch.token < 0 {
                try body(index, stretch, text, &output)
            } else {
                output.copy(stretch.range.count, of: text)
            }
            if stretch.token >= 0 || start < output.bytes.count {
                result.append(Stretch(start..<output.bytes.count, token: stretch.token))
            }
        }
        output.copy(text.count - end, of: text)
        alignments.append(output)
        // All of them are kept, to find the way back.
        let kept = alignments.reduce(0) { $0 + $1.bytes.count }
        if output.isTooLong || kept > 3 * Alignment.limit(source.count) {
            throw .rewritingTooLong(bytes: source.count)
        }
        stretches = result
    }
}

/// Which bytes of a text the tokens of a comparison's texts stand for, so that models whose tokenizers cut the text into
/// other tokens can be compared byte by byte.
package struct ByteSpans: Equatable, Sendable {
    /// Bytes of the whole text. [text][token]
    let tokens: [[Range<Int>]]
    /// The bytes that every model predicts. [text]
    package let common: [Range<Int>]

    package init(tokens: [[Range<Int>]], common: [Range<Int>]) {
        self.tokens = tokens
        self.common = common
    }

    /// The spans for each of several models of the same excerpts.
    /// - Parameter models: bytes of the whole text [model][text][token]
    package static func of(_ models: [[[Range<Int>]]]) -> [ByteSpans] {
        let texts = models.map(\.count).min() ?? 0
        let common = (0..<texts).map { text in
            let ranges = models.map { predicted($0[text]) }
            let start = ranges.map(\.lowerBound).max() ?? 0
            return start..<max(start, ranges.map(\.upperBound).min() ?? 0)
        }
        return models.map { ByteSpans(tokens: Array($0.prefix(texts)), common: common) }
    }

    /// The bytes of all tokens but the first, which nothing predicts.
    private static func predicted(_ tokens: [Range<Int>]) -> Range<Int> {
        let bytes = tokens.dropFirst().filter { !$0.isEmpty }
        let start = bytes.map(\.lowerBound).min() ?? 0
        return start..<max(start, bytes.map(\.upperBound).max() ?? 0)
    }

    /// Bytes of one text that are counted; of several the shortest.
    package var length: Int { common.map(\.count).min() ?? 0 }

    /// Mean loss of each byte in nats: that of a token is shared evenly by its bytes. [byte]
    /// - Parameter losses: element i of a text is the loss of its token i + 1 [text][token − 1]
    func means(_ losses: [[Float]]) -> [Double] {
        var sums = [Double](repeating: 0, count: length)
        for (text, losses) in losses.enumerated() where tokens.indices.contains(text) {
            let counted = common[text].lowerBound..<common[text].lowerBound + sums.count
            for (loss, span) in zip(losses, tokens[text].dropFirst()) where !span.isEmpty {
                let share = Double(loss) / Double(span.count)
                for byte in span.clamped(to: counted) { sums[byte - counted.lowerBound] += share }
            }
        }
        return sums.map { $0 / Double(max(1, losses.count)) }
    }

    /// Bytes of a token in the mean, over all texts.
    package var bytesPerToken: Double {
        let spans = tokens.joined().filter { !$0.isEmpty }
        return Double(spans.reduce(0) { $0 + $1.count }) / Double(max(1, spans.count))
    }
}

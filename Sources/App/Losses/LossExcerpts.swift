import RopewalkDocuments
import RopewalkLens

/// What a contender reads for the Loss panel.
package struct LossExcerpts: Equatable, Sendable {
    /// Token ids. [text][token]
    package let texts: [[Int32]]
    /// Where they lie in the text; nil where all contenders read the same tokens.
    let bytes: ByteSpans?
}

extension AppState {
    /// The excerpts of the text in a contender's tokens.
    func excerpts(for contender: Contender) -> LossExcerpts {
        guard let document = sources.document.value else { return LossExcerpts(texts: [], bytes: nil) }
        let places = Comparison.excerpts(of: document.tokenCount, length: excerptLength, count: excerptCount)
        guard let own = second?.ownTokens?.value else {
            return LossExcerpts(texts: places.map { Array(document.ids[$0]) }, bytes: nil)
        }
        let others = places.map { own.tokens(ofBytes: document.bytes(ofTokens: $0)) }
        let spans = ByteSpans.of([places.map { document.spans(ofTokens: $0) }, others.map { own.spans(ofTokens: $0) }])
        return contender.isSecond
            ? LossExcerpts(texts: others.map { Array(own.ids[$0]) }, bytes: spans[1])
            : LossExcerpts(texts: places.map { Array(document.ids[$0]) }, bytes: spans[0])
    }

    /// Bytes of a contender's token in the mean; nil where losses are told by tokens.
    func bytesPerToken(of contender: Contender) -> Double? {
        guard let own = second?.ownTokens?.value, let document = sources.document.value else { return nil }
        let read = contender.isSecond ? own : document
        return Double(read.bytes(ofTokens: 0..<read.tokenCount).count) / Double(max(1, read.tokenCount))
    }
}

import RopewalkDocuments
import RopewalkLens
import RopewalkMethods

/// What a contender reads for the Loss panel.
package struct LossExcerpts: Equatable, Sendable {
    /// Token ids. [text][token]
    package let texts: [[Int32]]
    /// Where they lie in the text; nil where all contenders read the same tokens.
    let bytes: ByteSpans?
    /// Of the sentences and paragraphs that the contender's methods ask for. [text]
    var borders: [[TextUnit: PartBorders]] = []
}

extension AppState {
    /// The excerpts of the text in a contender's tokens.
    func excerpts(for contender: Contender) -> LossExcerpts {
        guard let document = sources.document.value else { return LossExcerpts(texts: [], bytes: nil) }
        let places = Comparison.excerpts(of: document.tokenCount, length: excerptLength, count: excerptCount)
        let units = contender.scenario.units
        func borders(_ document: Document, _ places: [Range<Int>]) -> [[TextUnit: PartBorders]] {
            units.isEmpty ? [] : places.map { document.borders(of: units, from: $0.lowerBound) }
        }
        guard let own = second?.ownTokens?.value else {
            return LossExcerpts(
                texts: places.map { Array(document.ids[$0]) }, bytes: nil, borders: borders(document, places))
        }
        let others = places.map { own.tokens(ofBytes: document.bytes(ofTokens: $0)) }
        let spans = ByteSpans.of([places.map { document.spans(ofTokens: $0) }, others.map { own.spans(ofTokens: $0) }])
        return contender.isSecond
            ? LossExcerpts(
                texts: others.map { Array(own.ids[$0]) }, bytes: spans[1], borders: borders(own, others))
            : LossExcerpts(
                texts: places.map { Array(document.ids[$0]) }, bytes: spans[0], borders: borders(document, places))
    }

    /// Bytes of a contender's token in the mean; nil where losses are told by tokens.
    func bytesPerToken(of contender: Contender) -> Double? {
        guard let own = second?.ownTokens?.value, let document = sources.document.value else { return nil }
        let read = contender.isSecond ? own : document
        return Double(read.bytes(ofTokens: 0..<read.tokenCount).count) / Double(max(1, read.tokenCount))
    }
}

import RopewalkDocuments
import RopewalkLens
import RopewalkViews

/// Tokens that are asked about together, in place of the cursor and of the anchor.
package struct Spans: Equatable, Sendable {
    /// Where a selection began that the cursor's moves extend; nil: none is being made.
    package var start: Int?
    /// What asks in place of the cursor, once it is made.
    package var queries: TokenSpan?
    /// What is read in place of the anchor.
    package var keys: TokenSpan?
    /// What the last selection by a part of the text was; nil: by moves.
    var part: SpanPart?
}

/// A part of the text around the cursor, or the marked hits of a search.
package enum SpanPart: String, CaseIterable, Hashable, Sendable {
    case word, sentence, paragraph, hits
}

extension AppState {
    /// The selected queries, as far as they are read; nil without a selection, or where none of it is read.
    var querySpan: TokenSpan? {
        guard let span = selection else { return nil }
        guard let tokens = lens?.recording.tokens else { return nil }
        return span.clamped(below: tokens)
    }

    /// What is selected, read or not.
    var selection: TokenSpan? {
        guard let start = spans.start else { return spans.queries }
        return TokenSpan([min(start, focus.cursor)..<max(start, focus.cursor) + 1])
    }

    /// The keys that are looked at together, as far as they are recorded: as long as their first one is the anchor.
    var keySpan: TokenSpan? {
        guard let tokens = lens?.recording.keyTokens, let keys = spans.keys, focus.anchor == .token(keys.first) else {
            return nil
        }
        return keys.clamped(below: tokens)
    }

    /// The keys whose readers are asked for: those that are selected, else those that stay, else the cursor's token.
    var readSpan: TokenSpan? {
        if let span = querySpan { return focus.kind == .cross ? keyPlaces(of: span) : span }
        return keySpan
    }

    /// Across, the keys are tokens of another text, and stand where the queries do.
    func keyPlaces(of span: TokenSpan) -> TokenSpan? {
        TokenSpan(span.ranges.map { keyPlace(ofQuery: $0.lowerBound)..<keyPlace(ofQuery: $0.upperBound - 1) + 1 })
    }

    /// The tokens of a part of the text at the cursor; nil where it has none.
    func tokens(of part: SpanPart) -> TokenSpan? {
        guard let text = sources.text.value, let document = queryDocument, document.tokenCount > focus.cursor else {
            return nil
        }
        let bytes = document.characterBytes(ofToken: focus.cursor)
        func overlapping(_ parts: [Range<Int>]) -> TokenSpan? {
            TokenSpan(parts.map { document.tokens(in: $0).clamped(to: 0..<tokenCount) })
        }
        func ending(_ start: Int, _ end: Int) -> TokenSpan? {
            TokenSpan([document.tokens(endingIn: start..<max(start, end)).clamped(to: 0..<tokenCount)])
        }
        // A token that begins with the blank before a word or a sentence belongs to what follows.
        let last = max(bytes.lowerBound, bytes.upperBound - 1)
        switch part {
        case .word: return overlapping([text.word(at: last)])
        case .sentence: return ending(text.sentenceStart(before: last + 1), text.sentenceStart(after: last))
        case .paragraph: return ending(text.paragraphStart(before: last + 1), text.paragraphStart(after: last))
        case .hits: return window.showsHits ? overlapping(window.search?.hits ?? []) : nil
        }
    }
}

import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods

/// Which tokens a query reads.
package enum AttentionDirection: Equatable, Sendable {
    /// Those up to its own.
    case before
    /// All of its text.
    case around
    /// All of another text: the cursor stands in that of the decoder.
    case across
}

/// The running text with one row of attention painted on it.
package struct TextView: Sendable {
    package let text: SourceText
    /// Nil while the text is being cut into tokens: it can be read already.
    package let document: Document?
    /// Made for the width of `textRect(in:)`.
    package let layout: TextLayout
    /// The first byte of the first row.
    package let top: Int
    /// Nil where the cursor is not recorded yet: the text is shown unpainted.
    package let row: AttentionRow?
    package let scale: Scale
    package let cursor: Int?
    package let anchor: Int?
    /// The keys that the cursor sees; the others have their own ink, struck spaces and × in the margin. Nil: all.
    package let visible: KeyRanges?
    /// The first token past the model's trained window.
    package let windowEnd: Int?
    /// What stands in the rule there: "token 512: end of the window that books-4m was trained on".
    package let windowLabel: String
    /// One line at the bottom of the panel, where the reader should know something; nil: nothing to say.
    package let hint: String?
    /// Bytes of found matches, in order.
    package let hits: [Range<Int>]
    /// Which tokens the row of attention is about.
    package let direction: AttentionDirection
    /// The tokens that the cursor is one of, where they are not `document`: the decoder's, across.
    package let queries: Document?
    /// A letter under each token for the expert that works on it; nil where none are shown.
    package let experts: ExpertMarks?
    package let look: Look

    package init(
        text: SourceText, document: Document?, layout: TextLayout, top: Int, row: AttentionRow?, scale: Scale,
        cursor: Int?, anchor: Int?, visible: KeyRanges? = nil, windowEnd: Int? = nil, windowLabel: String = "",
        hint: String? = nil, hits: [Range<Int>] = [], direction: AttentionDirection = .before, queries: Document? = nil,
        experts: ExpertMarks? = nil, look: Look
    ) {
        self.text = text
        self.document = document
        self.layout = layout
        self.top = top
        self.row = row
        self.scale = scale
        self.cursor = cursor
        self.anchor = anchor
        self.visible = visible
        self.windowEnd = windowEnd
        self.windowLabel = windowLabel
        self.hint = hint
        self.hits = hits
        self.direction = direction
        self.queries = queries
        self.experts = experts
        self.look = look
    }

    /// Columns left of the text: the bar of the paragraph's mass and a blank.
    static let margin = 2

    /// The cells of the text inside a panel's content: without the margin, and one column at the right in which the
    /// blank or the end of line that ends a full row is shown.
    package static func textRect(in rect: Rect) -> Rect {
        Rect(x: rect.x + margin, y: rect.y, width: rect.width - margin - 1, height: rect.height)
    }
}

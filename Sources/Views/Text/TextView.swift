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
    /// Which part of a text is shown, and by which tokens.
    package struct Page: Sendable {
        let text: SourceText
        /// Nil while the text is being cut into tokens: it can be read already.
        let document: Document?
        /// The tokens that the cursor is one of, where they are not `document`: the decoder's, across.
        let queries: Document?
        /// Made for the width of `textRect(in:)`.
        let layout: TextLayout
        /// The first byte of the first row.
        let top: Int
        /// The first column that is shown, where lines are not wrapped.
        let left: Int

        package init(
            text: SourceText, document: Document?, queries: Document? = nil, layout: TextLayout, top: Int = 0,
            left: Int = 0
        ) {
            self.text = text
            self.document = document
            self.queries = queries
            self.layout = layout
            self.top = top
            self.left = max(0, left)
        }
    }

    /// What stands out in the text.
    package struct Marks: Sendable {
        let cursor: Int?
        let anchor: Int?
        /// Whether the anchor is no longer the key that is looked at by itself.
        let isAnchorChosen: Bool
        /// The keys that the cursor sees; the others have their own ink, struck spaces and × in the margin. Nil: all.
        let visible: KeyRanges?
        /// The first token past the model's trained window, and what stands in the rule there, the longest wording first:
        /// "token 512: end of the window that books-4m was trained on".
        let boundary: (token: Int, labels: [String])?
        /// One line at the bottom of the panel, where the reader should know something; nil: nothing to say.
        let hint: String?
        /// Bytes of found matches, in order.
        let hits: [Range<Int>]
        /// Those of them that are passages, with their ranks: long, so that a line below keeps their paint, and numbered in the margin.
        let passages: [(bytes: Range<Int>, rank: Int)]
        /// A letter under each token for the expert that works on it; nil where none are shown.
        let experts: ExpertMarks?
        /// Whether blanks, tabs and line ends have signs.
        let showsBlanks: Bool
        /// Bytes at which something is noted, in order.
        let notes: [Int]
        /// Tokens that ask in place of the cursor, and those that are read in place of the anchor.
        let selected: TokenSpan?
        let keys: TokenSpan?
        /// Tokens that see all and are seen by all in the mask: bold, with ◆ in the margin.
        let globals: TokenSpan?
        /// Tokens that the text does not hold and that have a line of their own.
        let special: [Int]

        package init(
            cursor: Int?, anchor: Int?, isAnchorChosen: Bool = false, visible: KeyRanges? = nil,
            boundary: (token: Int, labels: [String])? = nil,
            hint: String? = nil, hits: [Range<Int>] = [], passages: [(bytes: Range<Int>, rank: Int)] = [],
            experts: ExpertMarks? = nil, showsBlanks: Bool = false,
            notes: [Int] = [], selected: TokenSpan? = nil, keys: TokenSpan? = nil,
            globals: TokenSpan? = nil, special: [Int] = []
        ) {
            self.cursor = cursor
            self.anchor = anchor
            self.isAnchorChosen = isAnchorChosen
            self.visible = visible
            self.boundary = boundary
            self.hint = hint
            self.hits = hits
            self.passages = passages
            self.experts = experts
            self.showsBlanks = showsBlanks
            self.notes = notes
            self.selected = selected
            self.keys = keys
            self.globals = globals
            self.special = special
        }
    }

    let page: Page
    /// Nil where the cursor is not recorded yet: the text is shown unpainted.
    let row: AttentionRow?
    let scale: Scale
    /// What the words are painted by in place of the row; nil: the row.
    package let paint: TextPaint?
    /// Which tokens the row of attention is about.
    let direction: AttentionDirection
    let marks: Marks
    let look: Look

    package init(
        _ page: Page, row: AttentionRow?, scale: Scale, paint: TextPaint? = nil,
        direction: AttentionDirection = .before, marks: Marks, look: Look
    ) {
        self.page = page
        self.row = row
        self.scale = scale
        self.paint = paint
        self.direction = direction
        self.marks = marks
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

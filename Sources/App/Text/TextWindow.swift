/// Which part of the text is on the screen.
package struct TextWindow: Equatable, Sendable {
    /// The first byte of the first row.
    package var top = 0
    /// The first column on the screen, where lines are not wrapped.
    package var left = 0
    /// The column that moves by lines keep to, where a short line had no such column.
    package var goalColumn: Int?
    package var search: Search?
    /// A byte outside of what is read that is looked at without the cursor; nil where the cursor is.
    var gaze: Int?
    /// Whether its hits are marked; Escape takes the marks away, the search stays.
    var showsHits = false
}

/// The last search.
package struct Search: Equatable, Sendable {
    package var pattern: String
    package var isForwards: Bool
    /// The bytes of all its places, in order.
    var hits: [Range<Int>] = []
    /// Rank and score of places that a question was about, by their first byte; empty for places of letters.
    var names: [Int: String] = [:]
    /// What both rankings say of places that a question was about; nil for places of letters, and before it is known.
    var passages: PassageAnswer?
}

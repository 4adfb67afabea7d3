/// A question about a place of the text that the Answers panel has a page for.
package enum AskPage: String, CaseIterable, Hashable, Sendable {
    /// What the cursor reads, and who reads it.
    case keys, readers
    /// What the model expects after the cursor.
    case next
    /// Where in the text it expected something else most.
    case surprises

    /// On its tab.
    package var title: String {
        switch self {
        case .keys: "Reads"
        case .readers: "Read by"
        case .next: "Expects"
        case .surprises: "Surprises"
        }
    }
}

/// What the lines of an answer are sorted by.
package enum AskOrder: String, CaseIterable, Hashable, Sendable {
    case weight, value, place
}

/// A place of the text, with the key that was looked at there.
package struct Place: Equatable, Sendable {
    var cursor: Int
    var anchor: Anchor
}

/// Where the reader has been, what was marked, and what half a key asks for.
package struct Places: Equatable, Sendable {
    /// Places that back leads to, the last one at the end; and those that it came from.
    var back: [Place] = []
    var forward: [Place] = []
    /// Whether what was done last only went along, or went back: it leaves no place to go back to.
    var isStep = false
    /// Marked places by their letters.
    var marks: [Character: Place] = [:]
    /// What the next key is a letter for.
    var pending: MarkUse?
    /// The digits before a key: how often, or which one.
    var count: Int?

    private static let limit = 200

    mutating func leave(_ place: Place) {
        forward = []
        if back.last != place { back.append(place) }
        if back.count > Self.limit { back.removeFirst() }
    }
}

/// What a letter is typed for.
package enum MarkUse: Equatable, Sendable {
    case set, go
    /// What is copied.
    case copy
}

import RopewalkPhrases

/// A question about a place of the text that the Answers panel has a page for.
package enum AskPage: String, CaseIterable, Hashable, Sendable {
    /// What the cursor reads, and who reads it.
    case keys, readers
    /// What the model expects after the cursor.
    case next
    /// What it would expect if it ended after each of its layers.
    case layers
    /// Which tokens get attention from the whole text.
    case received
    /// Which sentence or paragraph reads which.
    case sentences, paragraphs
    /// Where in the text it expected something else most.
    case surprises

    /// Whether it is about the cursor.
    package var isAboutPlace: Bool {
        switch self {
        case .keys, .readers, .next, .layers: true
        case .received, .sentences, .paragraphs, .surprises: false
        }
    }

    /// Whether it is about what the model expects.
    package var isAboutPredictions: Bool {
        switch self {
        case .next, .layers, .surprises: true
        case .keys, .readers, .received, .sentences, .paragraphs: false
        }
    }

    /// On its tab.
    package var title: String {
        switch self {
        case .keys: say("Reads")
        case .readers: say("Read by")
        case .next: say("Expects")
        case .layers: say("Layers")
        case .received: say("Received")
        case .sentences: say("Sentences")
        case .paragraphs: say("Paragraphs")
        case .surprises: say("Surprises")
        }
    }
}

/// What the lines of an answer are sorted by.
package enum AskOrder: String, CaseIterable, Hashable, Sendable {
    case weight, value, place
}

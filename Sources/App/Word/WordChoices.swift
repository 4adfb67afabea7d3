import RopewalkModels
import RopewalkViews

/// What the Word panel shows.
package struct WordChoices: Equatable, Sendable {
    package var step = WordStep.scores
    package var order = WordOrder.weight
    /// The line that the keys have moved to, and what it is a line of; nil: the anchor's.
    var selection: Selection?

    struct Selection: Equatable, Sendable {
        let subject: WordSubject
        let line: Int
    }
}

/// What the lines are about: those of another word are not selected.
struct WordSubject: Equatable, Sendable {
    let kind: AttentionKind
    let layer: Int
    let head: Int
    let cursor: Int
    let order: WordOrder
    /// Another anchor that was chosen elsewhere takes its line back.
    let anchor: Anchor
}

extension AppState {
    var wordSubject: WordSubject {
        WordSubject(
            kind: focus.kind, layer: focus.layer, head: focus.head, cursor: focus.cursor, order: word.order,
            anchor: focus.anchor)
    }

    /// The line that the keys have moved to; nil where they have not.
    var selectedWordLine: Int? { word.selection?.subject == wordSubject ? word.selection?.line : nil }
}

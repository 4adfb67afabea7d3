import RopewalkModels
import RopewalkViews

/// What the Answers panel shows.
package struct AskChoices: Equatable, Sendable {
    package var page = AskPage.keys
    package var order = AskOrder.weight
    /// The line that the keys have moved to, and what it is a line of.
    var selection: (subject: AskSubject, line: Int)?

    package static func == (a: AskChoices, b: AskChoices) -> Bool {
        a.page == b.page && a.order == b.order && a.selection?.subject == b.selection?.subject
            && a.selection?.line == b.selection?.line
    }
}

/// What an answer is about: lines of another one are not selected.
struct AskSubject: Equatable, Sendable {
    let page: AskPage
    let order: AskOrder
    /// Nil where the answer is about the whole text.
    let place: Place?

    struct Place: Equatable, Sendable {
        let kind: AttentionKind
        let layer: Int
        let head: Int
        let cursor: Int
    }
}

extension AppState {
    var askSubject: AskSubject {
        AskSubject(
            page: ask.page, order: ask.order,
            place: ask.page == .surprises
                ? nil
                : AskSubject.Place(
                    kind: focus.kind, layer: focus.layer, head: focus.head,
                    cursor: ask.page == .received ? 0 : focus.cursor))
    }

    /// The selected line of the answer on the page; the first where the keys have not moved in it.
    var askedLine: Int { selectedAskedLine ?? 0 }

    /// Nil where the keys have not moved in it.
    var selectedAskedLine: Int? {
        guard let selection = ask.selection, selection.subject == askSubject else { return nil }
        return selection.line
    }

    mutating func selectAskedLine(_ line: Int) { ask.selection = (askSubject, max(0, line)) }
}

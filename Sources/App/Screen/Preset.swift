/// A choice of panels for one kind of question.
package enum Preset: String, CaseIterable, Equatable, Sendable {
    case explore, rotation, mask, all, word

    package var panels: Set<Panel> {
        switch self {
        case .explore: [.text, .map, .rotation, .heads]
        case .rotation: [.text, .rotation, .loss, .distance]
        case .mask: [.text, .map, .mask]
        // The path of keys and values through memories, experts that few models have, and the list of all methods are looked
        // at by themselves.
        case .all: Set(Panel.allCases).subtracting([.io, .experts, .methods])
        case .word: [.text, .word]
        }
    }

    /// The panel that the keys go to at first; in small terminals it decides what stands beside the text.
    var focused: Panel {
        switch self {
        case .explore, .all: .text
        case .rotation: .rotation
        case .mask: .mask
        case .word: .word
        }
    }
}

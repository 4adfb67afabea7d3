/// A view's place on the screen.
package enum Panel: Int, CaseIterable, Equatable, Hashable, Sendable {
    case text = 1
    case map, rotation, mask, heads, loss, distance

    /// What stands in the panel's border.
    package var name: String {
        switch self {
        case .text: "Text"
        case .map: "Map"
        case .rotation: "Rotation"
        case .mask: "Mask"
        case .heads: "Heads"
        case .loss: "Loss"
        case .distance: "Distance"
        }
    }

    /// The name with the key that shows and hides the panel: `[1] Text`.
    package var title: String { "[\(rawValue)] \(name)" }
}

/// A choice of panels for one kind of question.
package enum Preset: String, CaseIterable, Equatable, Sendable {
    case explore, rotation, mask, all

    package var panels: Set<Panel> {
        switch self {
        case .explore: [.text, .map, .rotation, .heads]
        case .rotation: [.text, .rotation, .loss, .distance]
        case .mask: [.text, .map, .mask]
        case .all: Set(Panel.allCases)
        }
    }

    /// The panel that the keys go to at first; in small terminals it decides what stands beside the text.
    var focused: Panel {
        switch self {
        case .explore, .all: .text
        case .rotation: .rotation
        case .mask: .mask
        }
    }
}

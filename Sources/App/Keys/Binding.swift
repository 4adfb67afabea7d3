import RopewalkCellGrid

/// A key, what it does, and how the help says it.
package struct Binding: Equatable, Sendable {
    /// Where a binding holds: a focused panel's come before those that hold anywhere; an open overlay's stand alone.
    package enum Context: Equatable, Sendable {
        case anywhere
        case panel(Panel)
        case changes, finder, help, lesson, menu, models, parts, pasted, places, sessions
        /// The page of needles, in the Loss panel with the focus.
        case needles
        /// The page of retrieval, likewise.
        case passages
        /// The page of long texts, likewise.
        case longTexts
        /// The page of benchmarks, likewise.
        case benchmarks
    }

    package enum Group: String, CaseIterable, Sendable {
        case move = "Move in the text"
        case look = "What is looked at"
        case panels = "Panels"
        case map = "Map"
        case methods = "Methods"
        case positions = "Positions"
        case heads = "Heads, Answers, Word, Mask, Rotation (focused)"
        case program = "Program"
        case menu = "Method menu"
        case lessons = "Lessons: ropewalk lesson lists and plays them"
    }

    package let keys: [Key]
    package let action: Action
    package let context: Context
    package let group: Group
    /// What it does; a binding without one is explained together with the one before it.
    package let help: String
    /// In one word, for the status line; nil where it is not shown there.
    package let hint: String?
    /// The keys in the status line, where they are not just the first one: keys that belong together stand together.
    package let hintKeys: String
}

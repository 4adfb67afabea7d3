import RopewalkMethods

/// A line that is being typed.
package struct Prompt: Equatable, Sendable {
    package enum Purpose: Equatable, Sendable {
        case place
        case search(forwards: Bool)
        /// A rule of the user's own, shown while it is typed; with the scenario that Escape goes back to.
        case rule(before: Scenario)
        /// A method to compare the mask with.
        case comparison
        /// What the mask should be.
        case claims
        /// Letters that the listed methods have.
        case catalogue
        /// Methods in place of those that are chosen.
        case methods
        /// Other letters for the cursor's word.
        case word
        /// What is noted at the cursor, and what is written to which file.
        case note, save
        /// What an action takes.
        case action(name: String, takes: String)
    }

    /// What is wrong with the text so far.
    package struct Problem: Equatable, Sendable {
        package let text: String
        /// The character that is wrong, counted from 0; nil where it is no certain one.
        var column: Int?
    }

    package var purpose: Purpose
    package var line: EditedLine
    var problem: Problem?
    /// What a file that is named in the text holds; empty where none is or it is not read yet.
    var remark = ""
    /// How many lines back in the history it is; 0 for a line of its own.
    var age = 0
    /// What was typed before an older line took its place.
    var draft = ""

    package init(purpose: Purpose, text: String = "", isProposal: Bool = false) {
        self.purpose = purpose
        line = EditedLine(text, isProposal: isProposal)
    }

    package var text: String { line.text }
    var isEmpty: Bool { text.allSatisfy(\.isWhitespace) }
}

extension Prompt.Problem {
    init(_ error: MethodError) {
        text = error.description
        if case .expression(let column, _) = error { self.column = max(0, column - 1) }
    }
}

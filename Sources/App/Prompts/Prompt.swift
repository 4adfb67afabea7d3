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
    }
    package var purpose: Purpose
    package var text = ""
    /// What is wrong with the text so far.
    var problem: MethodError?

    package init(purpose: Purpose, text: String = "") {
        self.purpose = purpose
        self.text = text
    }
}

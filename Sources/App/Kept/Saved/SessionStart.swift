import RopewalkMethods

/// Where the reader goes on in a text that is opened.
package struct SessionStart: Equatable, Sendable {
    /// What brought the reader there.
    package enum Origin: Equatable, Sendable {
        /// A session of that file.
        case session(String)
        /// The place where the text was left.
        case lastPlace
    }

    package let origin: Origin
    package let text: SavedText
    /// The methods of the text, read.
    package let scenario: Scenario
    /// What the mask is compared with, read.
    let comparison: Scenario?
    /// The methods of what is kept beside, read.
    let kept: Scenario?
    /// Nil where the screen is not to change.
    package let screen: SavedScreen?

    package init(
        _ text: SavedText, scenario: Scenario = .plain, comparison: Scenario? = nil, kept: Scenario? = nil,
        screen: SavedScreen? = nil,
        origin: Origin
    ) {
        (self.text, self.scenario, self.comparison) = (text, scenario, comparison)
        (self.kept, self.screen, self.origin) = (kept, screen, origin)
    }
}

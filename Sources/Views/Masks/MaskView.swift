import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods

/// What a scenario lets the cursor see, why, and what is lost by it.
package struct MaskView: Sendable {
    package let row: MaskRow?
    package let survey: MaskSurvey?
    /// Why the cursor sees the anchor or does not.
    package let reason: VisibilityReason?
    package let cursor: Int?
    package let anchor: Int?
    package let scenario: Scenario
    /// Which of the worst queries is chosen.
    package let selectedQuery: Int
    /// The first stretch of keys that is shown, where there is no room for all.
    package let firstStretch: Int
    /// Which keys there are without any mask.
    package let direction: AttentionDirection
    /// The specs of the windows that the model itself has in the layer.
    package let ownWindows: [String]
    /// Why there is no row yet, where it is not the reading.
    package let waiting: String?
    package let look: Look

    package init(
        row: MaskRow?, survey: MaskSurvey?, reason: VisibilityReason?, cursor: Int?, anchor: Int?, scenario: Scenario,
        selectedQuery: Int = 0, firstStretch: Int = 0, direction: AttentionDirection = .before,
        ownWindows: [String] = [],
        waiting: String? = nil,
        look: Look
    ) {
        self.row = row
        self.survey = survey
        self.reason = reason
        self.cursor = cursor
        self.anchor = anchor
        self.scenario = scenario
        self.selectedQuery = selectedQuery
        self.firstStretch = firstStretch
        self.direction = direction
        self.ownWindows = ownWindows
        self.waiting = waiting
        self.look = look
    }
}

import CellGrid
import Lens
import Methods

/// What a scenario lets the cursor see, why, and what is lost by it.
public struct MaskView: Sendable {
    public let row: MaskRow?
    public let survey: MaskSurvey?
    /// Why the cursor sees the anchor or does not.
    public let reason: VisibilityReason?
    public let cursor: Int?
    public let anchor: Int?
    public let scenario: Scenario
    /// Which of the worst queries is chosen.
    public let selectedLoss: Int
    /// Which keys there are without any mask.
    public let reading: TextReading
    /// The specs of the windows that the model itself has in the layer.
    public let ownWindows: [String]
    /// Why there is no row yet, where it is not the reading.
    public let waiting: String?
    public let look: Look

    public init(
        row: MaskRow?, survey: MaskSurvey?, reason: VisibilityReason?, cursor: Int?, anchor: Int?, scenario: Scenario,
        selectedLoss: Int = 0, reading: TextReading = .before, ownWindows: [String] = [], waiting: String? = nil,
        look: Look
    ) {
        self.row = row
        self.survey = survey
        self.reason = reason
        self.cursor = cursor
        self.anchor = anchor
        self.scenario = scenario
        self.selectedLoss = selectedLoss
        self.reading = reading
        self.ownWindows = ownWindows
        self.waiting = waiting
        self.look = look
    }
}

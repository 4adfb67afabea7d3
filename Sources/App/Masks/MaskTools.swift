import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// What the user does with masks besides choosing them.
package struct MaskTools: Equatable, Sendable {
    /// What the map shows of masks.
    package enum MapLayer: CaseIterable, Hashable, Sendable { case none, mask, difference }

    package var page = MaskPage.row
    /// The channel or head of a state that is looked at; nil for the mean of all.
    package var mixerUnit: Int? = 0
    /// Side of the blocks that are counted.
    package var block = 128
    /// What the scenario's mask is compared with.
    package var comparison: Scenario?
    /// What the mask is held to on the page Check.
    package var claims = MaskClaims()
    /// A mask that is looked at by itself, with the file that says how large it is; nil for that of the text.
    package var own: Scenario?
    package var mapLayer = MapLayer.none
    /// Which of the page's places is chosen.
    package var selected = 0
    /// Which of the queries that lose most is chosen.
    package var worstQuery = 0
    /// The first stretch of the cursor's keys that is shown.
    var stretches: Stretches?
    /// The last answer.
    var answer: Answer?
    /// The pair that the page about reach is about.
    var reach: Reach?
    /// The question that is being worked on.
    var asked: MaskQuestion?
    /// The scenarios whose files are watched.
    var watched: [Scenario] = []

    /// What a page found out.
    struct Answer: Equatable, Sendable {
        let question: MaskQuestion
        let study: MaskStudy
    }

    /// The key that is looked at, and from where.
    struct Reach: Equatable, Sendable {
        let sight: Sight
        let key: Int?
    }

    /// How far a query's stretches of keys are scrolled.
    struct Stretches: Equatable, Sendable {
        let query: Int
        let first: Int
    }

    /// Of another query the first one.
    func firstStretch(of query: Int) -> Int { stretches.flatMap { $0.query == query ? $0.first : nil } ?? 0 }

    static let blocks = [16, 32, 64, 128, 256, 512, 1024, 2048]
}

import RopewalkMethods

/// What a mask is found to be by a look at all of it, for the pages of the Mask panel.
package enum MaskStudy: Equatable, Sendable {
    case check(MaskCheck)
    case comparison(MaskComparison)
    case reach(MaskReach)
    case explanation([MaskExplained])
    /// It cannot be had; with the line that says why.
    case impossible(String)
}

/// Faults and densities of the mask of one head, and how the heads differ.
package struct MaskCheck: Equatable, Sendable {
    /// Heads that see the same.
    package struct Group: Equatable, Sendable {
        package let title: String
        package let heads: Int
        /// Whether the head on the screen is one of them.
        package let isShown: Bool

        package init(title: String, heads: Int, isShown: Bool) {
            self.title = title
            self.heads = heads
            self.isShown = isShown
        }
    }

    /// A finding, and where.
    package struct Fault: Equatable, Sendable {
        package let finding: Finding
        /// The heads that have it, as "L0 H0–3"; empty where it is all of them, or no certain ones.
        package let heads: String
        /// The first of them; nil where the head on the screen is one.
        package let place: HeadPlace?

        package init(_ finding: Finding, heads: String = "", place: HeadPlace? = nil) {
            self.finding = finding
            self.heads = heads
            self.place = place
        }
    }

    package let tokens: Int
    package let findings: [Fault]
    /// Allowed pairs of all N × N, and of the N·(N + 1)/2 up to the query.
    package let density: Double
    package let causalDensity: Double
    /// Side of the blocks; nil tiles: too many of them.
    package let block: Int
    package let tiles: MaskTiles?
    package let groups: [Group]
    /// What the counts leave out, as a choice by scores.
    package let remark: String?
    /// What it was held to, as it was typed; empty for what its methods promise.
    package var claims = ""
    /// What it spans, where that is not a row for every token.
    package var extent: String?
    /// What was guessed about its files, a line each.
    package var readings: [String] = []
    /// Of a mask that is looked at by itself; nil for that of the text.
    package var own: Own?

    /// What the map shows of the text's masks, and their size.
    package struct Own: Equatable, Sendable {
        package let extent: String
        /// Whether keys can be later than queries.
        package let isOrdered: Bool
        package let picture: MaskPicture

        package init(extent: String, isOrdered: Bool, picture: MaskPicture) {
            self.extent = extent
            self.isOrdered = isOrdered
            self.picture = picture
        }
    }

    package init(
        tokens: Int, findings: [Fault], density: Double, causalDensity: Double, block: Int, tiles: MaskTiles?,
        groups: [Group], remark: String? = nil
    ) {
        self.tokens = tokens
        self.findings = findings
        self.density = density
        self.causalDensity = causalDensity
        self.block = block
        self.tiles = tiles
        self.groups = groups
        self.remark = remark
    }
}

/// Two masks of one head, pair by pair.
package struct MaskComparison: Equatable, Sendable {
    package let name: String
    package let other: String
    package let difference: MaskDiff
    /// The head that the difference is of: "L0 H3"; empty where there is only one.
    package let head: String
    /// What differs in other heads.
    package let elsewhere: [Part]

    /// Heads in which two masks differ in the same pairs.
    package struct Part: Equatable, Sendable {
        package let heads: String
        package let count: Int
        /// The first of them; nil where it is no head of the model.
        package let place: HeadPlace?
    }

    /// The side of the blocks that were compared; nil where pairs were.
    package let block: Int?
    /// What differs before the model hides later keys, where that is more; nil where it is not.
    package var later: MaskDiff?
    /// Whether they are no masks of the text.
    package var isOwn = false

    package init(
        name: String, other: String, difference: MaskDiff, head: String = "", elsewhere: [Part] = [], block: Int? = nil
    ) {
        self.block = block
        self.name = name
        self.other = other
        self.difference = difference
        self.head = head
        self.elsewhere = elsewhere
    }
}

/// The simplest rule that some heads follow, and where they first depart from it.
package struct MaskExplained: Equatable, Sendable {
    /// Empty where it is all of them.
    package let heads: String
    package let sentence: String
    package let isExact: Bool
    package let query: Int?
    package let key: Int?
    /// The first of the heads; nil where it is no head of the model, or there is nothing to go to.
    package let place: HeadPlace?

    init(_ explanation: MaskExplanation, of mask: Mask, heads: String, place: HeadPlace?) {
        self.heads = heads
        sentence = explanation.sentence(of: mask)
        isExact = explanation.isExact
        query = explanation.first?.query
        key = explanation.first?.key
        self.place = explanation.isExact ? nil : place
    }
}

/// After how many layers tokens can know of others.
package struct MaskReach: Equatable, Sendable {
    package let query: Int
    package let key: Int
    package let layers: Int
    /// From the key to the query; nil where nothing leads there.
    package let path: [Reachability.Hop]?
    /// Tokens of the small table, evenly spread, with the layers from each (second index) to each (first index).
    package let tokens: [Int]
    package let depths: [[Int?]]

    package init(
        query: Int, key: Int, layers: Int, path: [Reachability.Hop]?, tokens: [Int], depths: [[Int?]]
    ) {
        self.query = query
        self.key = key
        self.layers = layers
        self.path = path
        self.tokens = tokens
        self.depths = depths
    }
}

import Methods

/// What a mask is found to be by a look at all of it, for the pages of the Mask panel.
public enum MaskStudy: Equatable, Sendable {
    case check(MaskCheck)
    case comparison(MaskComparison)
    case reach(MaskReach)
    /// It cannot be had; with the line that says why.
    case impossible(String)
}

/// Faults and densities of the mask of one head, and how the heads differ.
public struct MaskCheck: Equatable, Sendable {
    /// Heads that see the same.
    public struct Group: Equatable, Sendable {
        public let title: String
        public let heads: Int
        /// Whether the head on the screen is one of them.
        public let isShown: Bool

        public init(title: String, heads: Int, isShown: Bool) {
            self.title = title
            self.heads = heads
            self.isShown = isShown
        }
    }

    public let tokens: Int
    public let findings: [Finding]
    /// Allowed pairs of all N × N, and of the N·(N + 1)/2 up to the query.
    public let density: Double
    public let causalDensity: Double
    /// Side of the blocks; nil tiles: too many of them.
    public let block: Int
    public let tiles: MaskTiles?
    public let groups: [Group]
    /// What the counts leave out, as a choice by scores.
    public let remark: String?

    public init(
        tokens: Int, findings: [Finding], density: Double, causalDensity: Double, block: Int, tiles: MaskTiles?,
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
public struct MaskComparison: Equatable, Sendable {
    public let name: String
    public let other: String
    public let difference: MaskDiff

    public init(name: String, other: String, difference: MaskDiff) {
        self.name = name
        self.other = other
        self.difference = difference
    }
}

/// After how many layers tokens can know of others.
public struct MaskReach: Equatable, Sendable {
    public let query: Int
    public let key: Int
    public let layers: Int
    /// From the key to the query; nil where nothing leads there.
    public let path: [Reachability.Hop]?
    /// Tokens of the small table, evenly spread, with the layers from each (second index) to each (first index).
    public let tokens: [Int]
    public let depths: [[Int?]]

    public init(
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

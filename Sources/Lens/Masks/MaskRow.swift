import Methods

/// What a scenario lets one query see, and what it loses by that.
public struct MaskRow: Equatable, Sendable {
    public let query: Int
    public let tokens: Int
    /// The keys that the query sees.
    public let visible: KeyRanges
    /// Stretches of keys that share a rule, in order, covering 0...query.
    public let stretches: [Stretch]
    /// Share of full attention that falls on visible keys; 1 where nothing is hidden.
    public let massKept: Float
    /// |output − output with all keys| / |output with all keys| of this head.
    public let outputError: Float
    /// For a selection: the lowest score that was still selected (scaled score before softmax).
    public let threshold: Float?

    /// The keys that there are without any mask: those up to the query, or all of them.
    public var keyCount: Int { stretches.last?.keys.upperBound ?? query + 1 }

    public struct Stretch: Equatable, Sendable {
        public let keys: Range<Int>
        public let rule: VisibilityReason.Rule

        public init(keys: Range<Int>, rule: VisibilityReason.Rule) {
            self.keys = keys
            self.rule = rule
        }
    }

    public init(
        query: Int, tokens: Int, visible: KeyRanges, stretches: [Stretch], massKept: Float, outputError: Float,
        threshold: Float? = nil
    ) {
        self.query = query
        self.tokens = tokens
        self.visible = visible
        self.stretches = stretches
        self.massKept = massKept
        self.outputError = outputError
        self.threshold = threshold
    }
}

/// Queries that lose most attention under a scenario, worst first.
public struct MaskSurvey: Equatable, Sendable {
    public struct Loss: Equatable, Sendable {
        public let query: Int
        /// Share of full attention on keys that the scenario hides.
        public let massLost: Float

        public init(query: Int, massLost: Float) {
            self.query = query
            self.massLost = massLost
        }
    }

    public let worst: [Loss]
    /// Over the surveyed queries.
    public let meanMassKept: Float
    /// Visible pairs / pairs k <= q, over the surveyed queries.
    public let density: Double
    /// How many queries were surveyed, of how many.
    public let surveyed: Int
    public let tokens: Int

    public init(worst: [Loss], meanMassKept: Float, density: Double, surveyed: Int, tokens: Int) {
        self.worst = worst
        self.meanMassKept = meanMassKept
        self.density = density
        self.surveyed = surveyed
        self.tokens = tokens
    }
}

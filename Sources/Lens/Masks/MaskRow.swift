import RopewalkMethods

/// What a scenario lets one query see, and what it loses by that.
public struct MaskRow: Equatable, Sendable {
    /// The token that reads, from 0.
    public let query: Int
    /// Keys of the whole text.
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
    /// Keys that a method's authors let enter the softmax several times.
    package let times: KeyTimes

    /// The keys that there are without any mask: those up to the query, or all of them.
    public var keyCount: Int { stretches.last?.keys.upperBound ?? query + 1 }

    /// Keys, one after the other, that one rule decides about.
    public struct Stretch: Equatable, Sendable {
        /// From 0.
        public let keys: Range<Int>
        /// What lets the query see them, or hides them.
        public let rule: VisibilityReason.Rule

        package init(keys: Range<Int>, rule: VisibilityReason.Rule) {
            self.keys = keys
            self.rule = rule
        }
    }

    /// What decides about a key; keys that no stretch covers come after the query.
    package func rule(of key: Int) -> VisibilityReason.Rule {
        stretches.first { $0.keys.contains(key) }?.rule ?? .future
    }

    package init(
        query: Int, tokens: Int, visible: KeyRanges, stretches: [Stretch], massKept: Float, outputError: Float,
        threshold: Float? = nil, times: KeyTimes = KeyTimes()
    ) {
        self.query = query
        self.tokens = tokens
        self.visible = visible
        self.stretches = stretches
        self.massKept = massKept
        self.outputError = outputError
        self.threshold = threshold
        self.times = times
    }
}

/// Queries that lose most attention under a scenario, worst first.
public struct MaskSurvey: Equatable, Sendable {
    /// A query and what it loses.
    public struct Query: Equatable, Sendable {
        /// From 0.
        public let query: Int
        /// Share of full attention on keys that the scenario hides.
        public let massLost: Float

        package init(query: Int, massLost: Float) {
            self.query = query
            self.massLost = massLost
        }
    }

    /// At most 16.
    public let worst: [Query]
    /// Over the surveyed queries.
    public let meanMassKept: Float
    /// Visible pairs / pairs k <= q, over the surveyed queries.
    public let density: Double
    /// How many queries were surveyed, of how many.
    public let surveyed: Int
    /// Queries that are recorded.
    public let tokens: Int

    /// Those of `worst` that lose more than rounding does.
    package var losing: [Query] { worst.filter { $0.massLost > 1e-5 } }

    package init(worst: [Query], meanMassKept: Float, density: Double, surveyed: Int, tokens: Int) {
        self.worst = worst
        self.meanMassKept = meanMassKept
        self.density = density
        self.surveyed = surveyed
        self.tokens = tokens
    }
}

import RopewalkMethods

/// What a scenario lets one query see, and what it loses by that.
package struct MaskRow: Equatable, Sendable {
    package let query: Int
    package let tokens: Int
    /// The keys that the query sees.
    package let visible: KeyRanges
    /// Stretches of keys that share a rule, in order, covering 0...query.
    package let stretches: [Stretch]
    /// Share of full attention that falls on visible keys; 1 where nothing is hidden.
    package let massKept: Float
    /// |output − output with all keys| / |output with all keys| of this head.
    package let outputError: Float
    /// For a selection: the lowest score that was still selected (scaled score before softmax).
    package let threshold: Float?

    /// The keys that there are without any mask: those up to the query, or all of them.
    package var keyCount: Int { stretches.last?.keys.upperBound ?? query + 1 }

    package struct Stretch: Equatable, Sendable {
        package let keys: Range<Int>
        package let rule: VisibilityReason.Rule

        package init(keys: Range<Int>, rule: VisibilityReason.Rule) {
            self.keys = keys
            self.rule = rule
        }
    }

    package init(
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
package struct MaskSurvey: Equatable, Sendable {
    package struct Query: Equatable, Sendable {
        package let query: Int
        /// Share of full attention on keys that the scenario hides.
        package let massLost: Float

        package init(query: Int, massLost: Float) {
            self.query = query
            self.massLost = massLost
        }
    }

    package let worst: [Query]
    /// Over the surveyed queries.
    package let meanMassKept: Float
    /// Visible pairs / pairs k <= q, over the surveyed queries.
    package let density: Double
    /// How many queries were surveyed, of how many.
    package let surveyed: Int
    package let tokens: Int

    package init(worst: [Query], meanMassKept: Float, density: Double, surveyed: Int, tokens: Int) {
        self.worst = worst
        self.meanMassKept = meanMassKept
        self.density = density
        self.surveyed = surveyed
        self.tokens = tokens
    }
}

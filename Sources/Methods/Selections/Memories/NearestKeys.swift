import RopewalkPhrases

/// What a query reads of a memory of single keys: the last keys, and of the earlier ones those that score highest.
struct NearestKeys: Sendable {
    let query: Int
    /// Last keys always read, the query's own included.
    let window: Int
    /// Earlier keys that could be chosen.
    let candidates: Range<Int>
    /// What their number is called: "score".
    let score: String
    /// Ascending.
    let chosen: [Int]
    /// Of the chosen keys. [chosen]
    let scores: [Double]

    /// Chooses the `count` highest.
    ///
    /// - Parameter scores: Of the candidates. [candidates.count]
    init<Score: BinaryFloatingPoint>(
        _ count: Int, query: Int, window: Int, candidates: Range<Int>, scores: [Score], called score: String
    ) {
        let best = HighestScores.indices(count, of: scores)
        self.query = query
        self.window = window
        self.candidates = candidates
        self.score = score
        chosen = best.map { candidates.lowerBound + $0 }
        self.scores = best.map { Double(scores[$0]) }
    }

    var keyChoice: KeyChoice {
        let copy = self
        let near = KeyRanges(from: max(0, query - window + 1), to: query + 1)
        return KeyChoice(query: query, keys: KeyRanges(ascending: chosen).union(near)) { copy.reason($0) }
    }

    private func reason(_ key: Int) -> VisibilityReason {
        if query - key < window { return .inWindow(query: query, key: key, window: window) }
        guard candidates.contains(key) else {
            return VisibilityReason(
                .outside, say("blocked: \(String.distance(query, key, reaching: window)), and not in the memory"))
        }
        if let place = chosen.firstIndex(of: key) {
            let rank = scores.indices.count {
                scores[$0] > scores[place] || (scores[$0] == scores[place] && $0 < place)
            }
            return VisibilityReason(
                .selected,
                say(
                    """
                    selected: \(score.said) \(scores[place].short), rank \((rank + 1).grouped) of \
                    \(candidates.count.grouped)
                    """))
        }
        let least = scores.min().map { say(": the lowest chosen \(score.said) is \($0.short)") } ?? ""
        return VisibilityReason(.notSelected, say("not selected: not among the top \(chosen.count.grouped)\(least)"))
    }
}

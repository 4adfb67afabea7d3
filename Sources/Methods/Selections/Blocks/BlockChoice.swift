/// Blocks of equal size that a query reads, with what decided about them; the last may be cut off at the query.
struct BlockChoice: Sendable {
    /// "page", "block", "chunk".
    let noun: String
    /// What the number is called: "bound", "score".
    let score: String
    let size: Int
    let query: Int
    /// By block; blocks without a score have none. [block]
    let scores: [Double]
    /// Ascending.
    let chosen: [Int]
    /// Blocks that are read whatever their score, with the reason.
    let forced: [Int: String]
    /// Where the first block begins.
    var start = 0

    var ranges: [Range<Int>] { chosen.map(range) }

    /// The tokens of a block up to the query.
    private func range(_ block: Int) -> Range<Int> {
        let lower = min(start + block * size, query + 1)
        return lower..<min(lower + size, query + 1)
    }

    /// The choice where nothing but the blocks is read.
    var keyChoice: KeyChoice {
        let copy = self
        return KeyChoice(query: query, keys: KeyRanges(ranges)) { copy.reason($0) }
    }

    /// Why the block of a key is read or not.
    func reason(_ key: Int) -> VisibilityReason {
        let block = (key - start) / size
        let name = "\(noun) \(block.grouped) (tokens \(range(block).text))"
        let number = scores.indices.contains(block) ? ": \(score) \(scores[block].short)" : ""
        if let why = forced[block] { return VisibilityReason(.block, "kept: \(name) is \(why)") }
        if isChosen(block) {
            return VisibilityReason(.selected, "selected: \(name)\(number), \(rank(block)) of \(scores.count.grouped)")
        }
        let lowest = chosen.filter { forced[$0] == nil && scores.indices.contains($0) }.map { scores[$0] }.min()
        let least = lowest.map { "; the lowest one read has \($0.short)" } ?? ""
        return VisibilityReason(.notSelected, "not selected: \(name)\(number)\(least)")
    }

    private func isChosen(_ block: Int) -> Bool { chosen.ascendingIndex(of: block) != nil }

    /// "rank 3" among all scores, 1 for the highest; of equal ones the first ranks higher.
    private func rank(_ block: Int) -> String {
        guard scores.indices.contains(block) else { return "taken" }
        let own = scores[block]
        let higher = scores.indices.count { scores[$0] > own || (scores[$0] == own && $0 < block) }
        return "rank \((higher + 1).grouped)"
    }
}

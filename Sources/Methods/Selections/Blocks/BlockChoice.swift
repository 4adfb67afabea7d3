import RopewalkPhrases

/// Blocks of equal size that a query reads, with what decided about them; the last may be cut off at the query.
struct BlockChoice: Sendable {
    /// What a block is called.
    enum Noun: Sendable {
        case page, block, chunk, memoryBlock

        /// "page 3 (tokens 48 to 63)".
        func name(_ number: Int, _ tokens: Range<Int>) -> String {
            switch self {
            case .page: say("page \(number.grouped) (tokens \(tokens.text))")
            case .block: say("block \(number.grouped) (tokens \(tokens.text))")
            case .chunk: say("chunk \(number.grouped) (tokens \(tokens.text))")
            case .memoryBlock: say("memory block \(number.grouped) (tokens \(tokens.text))")
            }
        }
    }

    let noun: Noun
    /// What the number is called: "bound", "score".
    let score: String
    let size: Int
    let query: Int
    /// By block; blocks without a score have none. [block]
    let scores: [Double]
    /// Ascending.
    let chosen: [Int]
    /// Blocks that are read whatever their score, with the reason.
    let forced: [Int: @Sendable () -> String]
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
        let name = noun.name(block, range(block))
        let number = scores.indices.contains(block) ? ": \(score.said) \(scores[block].short)" : ""
        if let why = forced[block] { return VisibilityReason(.block, say("kept: \(name) is \(why())")) }
        if isChosen(block) {
            return VisibilityReason(.selected, say("selected: \(name)\(number), \(rank(block))"))
        }
        let lowest = chosen.filter { forced[$0] == nil && scores.indices.contains($0) }.map { scores[$0] }.min()
        let least = lowest.map { say("; the lowest one read has \($0.short)") } ?? ""
        return VisibilityReason(.notSelected, say("not selected: \(name)\(number)\(least)"))
    }

    private func isChosen(_ block: Int) -> Bool { chosen.ascendingIndex(of: block) != nil }

    /// "rank 3 of 12": among all scores, 1 for the highest; of equal ones the first ranks higher.
    private func rank(_ block: Int) -> String {
        guard scores.indices.contains(block) else { return say("taken of \(scores.count.grouped)") }
        let own = scores[block]
        let higher = scores.indices.count { scores[$0] > own || (scores[$0] == own && $0 < block) }
        return say("rank \((higher + 1).grouped) of \(scores.count.grouped)")
    }
}

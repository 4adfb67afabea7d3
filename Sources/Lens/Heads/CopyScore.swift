import RopewalkModels

/// How far a head copies: of what a model writes, how much stands at the key that the head looks at most, within a passage of
/// the text (retrieval heads, Wu et al. 2024, arXiv 2404.15574).
package struct CopyScore: Equatable, Sendable {
    /// The tokens of the passage.
    private let needle: [Int32]
    /// The place of its first token.
    private let first: Int
    /// Steps whose strongest key holds what was written.
    package private(set) var hits = 0
    /// Steps that were looked at.
    package private(set) var steps = 0
    private var copied: Set<Int32> = []

    /// - Parameters:
    ///   - ids: of the whole text
    ///   - needle: places of the passage, within the text
    package init(_ ids: [Int32], needle: Range<Int>) {
        self.needle = Array(ids[needle])
        first = needle.lowerBound
    }

    /// Adds a step.
    /// - Parameters:
    ///   - key: the strongest key; below 0 for none
    ///   - written: the token that follows the query
    package mutating func add(key: Int, written: Int32) {
        steps += 1
        guard needle.indices.contains(key - first), needle[key - first] == written else { return }
        hits += 1
        copied.insert(written)
    }

    /// Hits over the passage's tokens, as the authors' released code counts: a token that is copied twice counts twice.
    package var byStep: Double { needle.isEmpty ? 0 : Double(hits) / Double(needle.count) }

    /// Of the passage's different tokens the share that was copied, as the paper writes: 0 to 1.
    package var byToken: Double { needle.isEmpty ? 0 : Double(copied.count) / Double(Set(needle).count) }
}

extension Lens {
    /// The scores of all heads over what follows a prompt, layer by layer; nil where heads did not measure their strongest
    /// keys, or places are not in the text.
    /// - Parameters:
    ///   - needle: places of the passage
    ///   - start: the first token of what was written; it is the one that the query before it expects
    package func copyScores(needle: Range<Int>, from start: Int) -> [CopyScore?]? {
        let ids = recording.ids
        guard recording.kind == .decoder, !needle.isEmpty, needle.lowerBound >= 0, needle.upperBound <= start,
            start < recording.tokens
        else { return nil }
        return (0..<shape.layers * shape.heads).map { index in
            guard recording.hasPairs(layer: index / shape.heads) else { return nil }
            var score = CopyScore(ids, needle: needle)
            for chunk in recording.chunks where chunk.tokens.upperBound >= start {
                let keys = chunk.layers[index / shape.heads].attention.topKey
                let row = index % shape.heads * chunk.tokens.count
                for query in max(start - 1, chunk.tokens.lowerBound)..<chunk.tokens.upperBound
                where query + 1 < recording.tokens {
                    score.add(key: Int(keys[row + query - chunk.tokens.lowerBound]), written: ids[query + 1])
                }
            }
            return score
        }
    }
}

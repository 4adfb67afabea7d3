import RopewalkModels

/// How far a head copies: of what a model writes, how much stands at the key that the head looks at most, within passages of
/// the text (retrieval heads, Wu et al. 2024, arXiv 2404.15574).
package struct CopyScore: Equatable, Sendable {
    /// The tokens of the passages, by their places.
    private let needle: [Int: Int32]
    /// How often each of them stands there.
    private let counts: [Int32: Int]
    /// Steps whose strongest key holds what was written.
    package private(set) var hits = 0
    /// Steps that were looked at.
    package private(set) var steps = 0
    private var found: Set<Int32> = []
    /// Strongest keys within the passages, by their tokens.
    private var held: [Int32: Int] = [:]
    /// Steps by what was written.
    private var written: [Int32: Int] = [:]
    /// Hits of keys that are drawn from all keys; and by token the chance that none of them is one.
    private var drawn = 0.0
    private var missed: [Int32: Double] = [:]

    /// - Parameters:
    ///   - ids: of the whole text
    ///   - needle: places of the passage, within the text
    package init(_ ids: [Int32], needle: Range<Int>) { self.init(ids, needles: [needle]) }

    /// - Parameters:
    ///   - ids: of the whole text
    ///   - needles: places of the passages, within the text; a place that is in two of them counts once
    package init(_ ids: [Int32], needles: [Range<Int>]) {
        needle = Dictionary(needles.joined().map { ($0, ids[$0]) }, uniquingKeysWith: { first, _ in first })
        counts = Dictionary(needle.values.map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// Adds a step.
    /// - Parameters:
    ///   - key: the strongest key; below 0 for none
    ///   - token: the one that follows the query
    ///   - keys: how many keys stand up to the query, for `drawnHits`; 0: the step is left out of it
    package mutating func add(key: Int, written token: Int32, keys: Int = 0) {
        steps += 1
        written[token, default: 0] += 1
        if keys > 0 {
            let chance = min(1, Double(counts[token] ?? 0) / Double(keys))
            drawn += chance
            missed[token, default: 1] *= 1 - chance
        }
        guard let holds = needle[key] else { return }
        held[holds, default: 0] += 1
        guard holds == token else { return }
        hits += 1
        found.insert(token)
    }

    /// Tokens of the passages, and different ones among them.
    package var needleTokens: Int { needle.count }
    package var differentTokens: Int { counts.count }
    /// Different tokens that were copied.
    package var copied: Int { found.count }

    /// Hits over the passages' tokens, as the authors' released code counts: a token that is copied twice counts twice.
    package var byStep: Double { needle.isEmpty ? 0 : Double(hits) / Double(needle.count) }

    /// Of the passages' different tokens the share that was copied, as the paper writes: 0 to 1.
    package var byToken: Double { needle.isEmpty ? 0 : Double(copied) / Double(counts.count) }

    // MARK: By chance

    /// Both scores if the same strongest keys met the same written tokens in another order.
    package var byStepChance: Double { needle.isEmpty ? 0 : shuffledHits / Double(needle.count) }
    package var byTokenChance: Double { needle.isEmpty ? 0 : shuffledCopied / Double(counts.count) }

    /// Hits that there would be if every strongest key were drawn from all keys up to its query.
    package var drawnHits: Double { drawn }

    /// Different tokens that would be copied then.
    package var drawnCopied: Double {
        // In order, so that the sum is the same every time.
        missed.sorted { $0.key < $1.key }.reduce(0) { $0 + 1 - $1.value }
    }

    /// Hits that there would be if the same strongest keys met the same written tokens in another order: the mean over all
    /// orders, Σ over tokens t of (strongest keys in the passages that hold t) · (steps that write t) / steps.
    package var shuffledHits: Double {
        guard steps > 0 else { return 0 }
        return Double(held.reduce(0) { $0 + $1.value * (written[$1.key] ?? 0) }) / Double(steps)
    }

    /// Different tokens that would be copied then, the mean over all orders: of a keys that hold t and b steps that write it,
    /// among n steps, none meets with the chance Π over i < b of (n − a − i) / (n − i).
    package var shuffledCopied: Double {
        held.sorted { $0.key < $1.key }.reduce(0) { sum, entry in
            let (keys, times) = (entry.value, written[entry.key] ?? 0)
            guard times > 0 else { return sum }
            let none = (0..<times).reduce(1.0) { product, index in
                product * Double(max(0, steps - keys - index)) / Double(steps - index)
            }
            return sum + 1 - none
        }
    }
}

extension Lens {
    /// The scores of all heads over what follows a prompt, layer by layer; nil where heads did not measure their strongest
    /// keys, or places are not in the text.
    /// - Parameters:
    ///   - needle: places of the passage
    ///   - start: the first token of what was written; it is the one that the query before it expects
    package func copyScores(needle: Range<Int>, from start: Int) -> [CopyScore?]? {
        copyScores(needles: [needle], from: start)
    }

    /// The same of several passages that count as one.
    package func copyScores(needles: [Range<Int>], from start: Int) -> [CopyScore?]? {
        let ids = recording.ids
        guard recording.kind == .decoder, !needles.isEmpty, start < recording.tokens,
            needles.allSatisfy({ !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= start })
        else { return nil }
        let empty = CopyScore(ids, needles: needles)
        return (0..<shape.layers * shape.heads).map { index in
            guard recording.hasPairs(layer: index / shape.heads) else { return nil }
            var score = empty
            for chunk in recording.chunks where chunk.tokens.upperBound >= start {
                let keys = chunk.layers[index / shape.heads].attention.topKey
                let row = index % shape.heads * chunk.tokens.count
                for query in max(start - 1, chunk.tokens.lowerBound)..<chunk.tokens.upperBound
                where query + 1 < recording.tokens {
                    score.add(
                        key: Int(keys[row + query - chunk.tokens.lowerBound]), written: ids[query + 1], keys: query + 1)
                }
            }
            return score
        }
    }
}

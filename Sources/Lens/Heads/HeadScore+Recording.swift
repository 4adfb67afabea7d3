import RopewalkKernels
import RopewalkModels

extension Lens {
    /// The scores of all heads, layer by layer, as means over the recorded queries.
    public func headScores() -> [HeadScore] {
        let hasEarlier = Self.earlierOccurrences(recording)
        return workers.map(shape.layers * shape.heads) { index in
            var sums = HeadSums()
            for chunk in recording.chunks {
                sums.add(
                    chunk.layers[index / shape.heads].attention, head: index % shape.heads, tokens: chunk.tokens,
                    ids: recording.ids, keyIDs: recording.keyIDs, hasEarlier: hasEarlier, from: 0)
            }
            return sums.score(layer: index / shape.heads, head: index % shape.heads)
        }
    }

    /// Whether the token of each recorded place stood earlier in the text.
    static func earlierOccurrences(_ recording: Recording) -> [Bool] {
        var seen = Set<Int32>()
        return recording.ids.prefix(recording.tokens).map { !seen.insert($0).inserted }
    }
}

/// Sums of what runs measured of one head.
struct HeadSums {
    private var entropy = 0.0
    private var distance = 0.0
    private var sink = 0.0
    private var previous = 0.0
    private var induction = 0.0
    private var queries = 0
    private var inductionQueries = 0
    private var hits = 0
    private var predicted = 0

    /// Adds the queries of a chunk from token `from` on.
    mutating func add(
        _ summary: AttentionSummary, head: Int, tokens: Range<Int>, ids: [Int32], keyIDs: [Int32],
        hasEarlier: [Bool], from: Int
    ) {
        for query in max(tokens.lowerBound, from)..<max(tokens.upperBound, from) {
            let place = head * tokens.count + query - tokens.lowerBound
            entropy += Double(summary.entropy[place])
            distance += Double(summary.distance[place])
            sink += Double(summary.sink[place])
            previous += Double(summary.previous[place])
            queries += 1
            if hasEarlier[query] {
                induction += Double(summary.induction[place])
                inductionQueries += 1
            }
            let top = Int(summary.topKey[place])
            if query + 1 < ids.count, top >= 0 {
                predicted += 1
                if keyIDs[top] == ids[query + 1] { hits += 1 }
            }
        }
    }

    func score(layer: Int, head: Int) -> HeadScore {
        func mean(_ sum: Double, _ count: Int) -> Float { count > 0 ? Float(sum / Double(count)) : 0 }
        return HeadScore(
            layer: layer, head: head, entropy: mean(entropy, queries), meanDistance: mean(distance, queries),
            sink: mean(sink, queries), previousToken: mean(previous, queries),
            induction: mean(induction, inductionQueries), retrieval: mean(Double(hits), predicted))
    }
}

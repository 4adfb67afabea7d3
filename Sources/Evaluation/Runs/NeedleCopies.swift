import RopewalkLens

/// How far the heads of a model copy an answer from the needles of a prompt, as the answer is written token by token: counts
/// of one prompt, for both scores of retrieval heads (see `CopyScore`), and what there would be by chance.
package struct NeedleCopies: Equatable, Sendable {
    /// Tokens of the answer.
    package let steps: Int
    /// Tokens of the needles that are asked for, and different ones among them.
    package let needleTokens: Int
    package let differentTokens: Int
    /// Hits, and different tokens copied, of keys that are drawn from all keys up to each query.
    package let drawnHits: Double
    package let drawnCopied: Double
    /// Of every head; nil where it did not measure its strongest keys. [layer · head]
    package let heads: [Head?]

    package struct Head: Equatable, Sendable {
        /// Tokens of the answer that stand at the head's strongest key, within the needles.
        package let hits: Int
        /// Different tokens among them.
        package let copied: Int
        /// Both if the same keys met the same tokens in another order, the mean over all orders.
        package let shuffledHits: Double
        package let shuffledCopied: Double

        package init(hits: Int, copied: Int, shuffledHits: Double, shuffledCopied: Double) {
            (self.hits, self.copied) = (hits, copied)
            (self.shuffledHits, self.shuffledCopied) = (shuffledHits, shuffledCopied)
        }
    }

    package init(
        steps: Int, needleTokens: Int, differentTokens: Int, drawnHits: Double, drawnCopied: Double, heads: [Head?]
    ) {
        (self.steps, self.needleTokens, self.differentTokens) = (steps, needleTokens, differentTokens)
        (self.drawnHits, self.drawnCopied, self.heads) = (drawnHits, drawnCopied, heads)
    }

    /// Of the scores of all heads; nil where no head has one.
    init?(_ scores: [CopyScore?]) {
        guard let any = scores.lazy.compactMap({ $0 }).first else { return nil }
        self.init(
            steps: any.steps, needleTokens: any.needleTokens, differentTokens: any.differentTokens,
            drawnHits: any.drawnHits, drawnCopied: any.drawnCopied,
            heads: scores.map { score in
                score.map {
                    Head(
                        hits: $0.hits, copied: $0.copied, shuffledHits: $0.shuffledHits,
                        shuffledCopied: $0.shuffledCopied)
                }
            })
    }

    /// A score of a head, and what it would be by chance; nil where that is not known, or there is nothing to copy.
    package func value(_ measure: HeadMeasure, head: Int) -> (score: Double, shuffled: Double, drawn: Double)? {
        guard heads.indices.contains(head), let counts = heads[head], steps > 0, needleTokens > 0 else { return nil }
        func of(_ hits: Double, _ shuffled: Double, _ drawn: Double, _ whole: Int) -> (Double, Double, Double) {
            (hits / Double(whole), shuffled / Double(whole), drawn / Double(whole))
        }
        switch measure {
        case .byStep: return of(Double(counts.hits), counts.shuffledHits, drawnHits, needleTokens)
        case .byToken: return of(Double(counts.copied), counts.shuffledCopied, drawnCopied, max(1, differentTokens))
        case .ofAnswer: return of(Double(counts.hits), counts.shuffledHits, drawnHits, steps)
        case .next, .streaming, .sink, .previous, .duplicate, .induction: return nil
        }
    }
}

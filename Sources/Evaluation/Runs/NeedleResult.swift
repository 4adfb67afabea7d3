/// What a model has made of one prompt.
package struct NeedleResult: Equatable, Sendable {
    /// Tokens of prompt and answer.
    package let tokens: Int
    /// Where the first needle of the answer lies, per cent of the haystack.
    package let depth: Double
    /// Whether greedy generation behind the prompt begins with the whole answer; exact, see `NeedleReader`.
    package let isFound: Bool
    /// The share of what had to be named that is most likely token by token, given the right answer so far; of questions 1
    /// where one of it is. Where all but the first is wrong it is not what generation would give.
    package let share: Double
    /// Whether what is most likely behind the answer does not go on with it, as a digit goes on with a number.
    package let isEnded: Bool
    /// The most likely token at each place of the answer, given the right answer so far.
    package let reading: String
    /// The place in the answer, in tokens, of the first that is not the most likely one; nil where the answer is found.
    package let firstWrong: Int?
    /// −ln p of the whole answer, nats, and its tokens.
    package let loss: Double
    package let answerTokens: Int
    /// The worst rank that one of its tokens has in the vocabulary, from 1.
    package let rank: Int
    /// The rank of the right one among so many first answers by their probability; nil where there is no choice.
    package let choice: Choice?
    /// What every head gives the needles of the answer where the first token of it is predicted; NaN where that is not known.
    /// [layer · head]
    package let mass: [Float]
    /// The share of their tokens that the query sees there. [layer · head]
    package let seen: [Float]
    package let heads: Int
    /// How far every head copies the answer from the needles; nil where that is not known.
    package let copies: NeedleCopies?

    package struct Choice: Equatable, Sendable {
        package let rank: Int
        package let count: Int

        package init(rank: Int, count: Int) { (self.rank, self.count) = (rank, count) }
    }

    package init(
        tokens: Int, depth: Double, isFound: Bool, share: Double, isEnded: Bool, reading: String, firstWrong: Int?,
        loss: Double, answerTokens: Int, rank: Int, choice: Choice?, mass: [Float], seen: [Float], heads: Int,
        copies: NeedleCopies? = nil
    ) {
        (self.tokens, self.depth, self.isFound, self.share, self.isEnded) = (tokens, depth, isFound, share, isEnded)
        (self.reading, self.firstWrong, self.loss, self.answerTokens) = (reading, firstWrong, loss, answerTokens)
        (self.rank, self.choice, self.mass, self.seen, self.heads) = (rank, choice, mass, seen, heads)
        self.copies = copies
    }

    /// The head that gives the needles most, with what it gives; nil where none is known.
    package var strongest: (layer: Int, head: Int, mass: Float)? {
        guard heads > 0, let best = mass.indices.filter({ mass[$0].isFinite }).max(by: { mass[$0] < mass[$1] }) else {
            return nil
        }
        return (best / heads, best % heads, mass[best])
    }

    /// The mean over all heads of the share that is seen; nil where it is not known.
    package var meanSeen: Double? {
        let known = seen.filter(\.isFinite)
        return known.isEmpty ? nil : known.reduce(0) { $0 + Double($1) } / Double(known.count)
    }
}

/// Two programs that took turns at the same work.
package struct PeerTrial: Codable, Equatable, Sendable {
    /// Seconds of each turn.
    package let ours: [Double]
    package let theirs: [Double]
    /// What both gave out in the last turn.
    package let ourAnswer: PeerAnswer
    package let theirAnswer: PeerAnswer
    /// Of the turn in which they differed most; nil where there is nothing to compare.
    package let agreement: Agreement?

    /// Ours, theirs, ours, theirs ...; before that each once, which does not count.
    /// - Parameter tolerance: nats by which outputs may differ.
    package static func alternating(
        rounds: Int, tolerance: Double, ours: () throws -> PeerAnswer, theirs: () throws -> PeerAnswer
    ) throws -> PeerTrial {
        var last = (ours: try ours(), theirs: try theirs())
        var worst = Agreement(ours: last.ours, theirs: last.theirs, tolerance: tolerance)
        var (mine, others): ([Double], [Double]) = ([], [])
        for _ in 0..<max(1, rounds) {
            last = (try ours(), try theirs())
            mine.append(last.ours.seconds)
            others.append(last.theirs.seconds)
            let agreement = Agreement(ours: last.ours, theirs: last.theirs, tolerance: tolerance)
            if let now = agreement, worst.map({ now.difference > $0.difference }) ?? true { worst = now }
        }
        return PeerTrial(
            ours: mine, theirs: others, ourAnswer: last.ours, theirAnswer: last.theirs, agreement: worst)
    }

    /// How many times as long as ours theirs took, turn by turn: what slows the machine down for a while slows both.
    package var ratios: [Double] { zip(ours, theirs).map { $1 / $0 } }
}

/// Whether two programs have done the same.
package struct Agreement: Codable, Equatable, Sendable {
    package enum Subject: String, Codable, Sendable {
        /// The mean −ln p of all tokens, nats.
        case losses
        /// ln p of the most probable token after the text, nats.
        case next
        /// Tokens of a continuation, up to the first that differs.
        case tokens
    }

    package let subject: Subject
    package let ours: Double
    package let theirs: Double
    /// By which the two may differ.
    package let tolerance: Double
    /// Whether it is of the same tokens, as many of them, and as near as asked for.
    package let isSame: Bool

    /// How far apart they are.
    package var difference: Double {
        if !isSame, abs(ours - theirs) <= tolerance { return .infinity }
        return abs(ours - theirs)
    }

    /// Compares the most telling thing that both have; nil where there is none.
    package init?(ours: PeerAnswer, theirs: PeerAnswer, tolerance: Double) {
        self.tolerance = tolerance
        if let mine = ours.losses, let other = theirs.losses {
            (subject, self.ours, self.theirs) = (.losses, mine.mean, other.mean)
            isSame = mine.count == other.count && abs(mine.mean - other.mean) <= tolerance
        } else if let mine = ours.next, let other = theirs.next {
            (subject, self.ours, self.theirs) = (.next, mine.logProbability, other.logProbability)
            isSame = mine.id == other.id && abs(mine.logProbability - other.logProbability) <= tolerance
        } else if let mine = ours.tokens, let other = theirs.tokens {
            (subject, self.ours) = (.tokens, Double(mine.count))
            self.theirs = Double(zip(mine, other).prefix { $0 == $1 }.count)
            isSame = mine == other
        } else {
            return nil
        }
    }
}

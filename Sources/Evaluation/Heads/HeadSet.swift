import RopewalkMethods

/// Heads that are left out together.
package struct HeadSet: Hashable, Sendable {
    package enum Choice: Hashable, Sendable {
        /// Nothing is left out.
        case none
        /// The heads of the highest score.
        case strongest
        /// As many others; the draw, from 0.
        case random(Int)
    }

    package let choice: Choice
    /// Ascending.
    package let heads: [FoundHead]

    package init(_ choice: Choice, _ heads: [FoundHead] = []) { (self.choice, self.heads) = (choice, heads.sorted()) }

    /// What leaves them out, layer by layer.
    package var ablations: [Ablation] {
        Dictionary(grouping: heads, by: \.layer).sorted { $0.key < $1.key }
            .map { Ablation(layers: [$0.key], heads: $0.value.map(\.head)) }
    }

    /// Nothing, then for every count the strongest heads, and as many others that are drawn: none of the strongest of the
    /// highest count is among these, as far as there are others.
    /// - Parameters:
    ///   - ranking: all heads that have a score, the strongest first
    ///   - all: how many heads the model has
    ///   - counts: how many are left out; what is more than there are is all of them
    package static func sets(
        ranking: [FoundHead], of all: [FoundHead], counts: [Int], draws: Int, seed: Int
    ) -> [HeadSet] {
        let counts = Set(counts.map { min($0, ranking.count) }).filter { $0 > 0 }.sorted()
        let strongest = Set(ranking.prefix(counts.last ?? 0))
        let others = all.filter { !strongest.contains($0) }
        var sets = [HeadSet(.none)]
        for count in counts {
            sets.append(HeadSet(.strongest, Array(ranking.prefix(count))))
            // Fewer others would be no fair comparison.
            guard count <= others.count else { continue }
            for draw in 0..<draws {
                // Of one draw the fewer heads are among the more.
                var numbers = SeededNumbers(seed: seed &+ draw, purpose: "heads left out")
                sets.append(HeadSet(.random(draw), Array(numbers.shuffled(others).prefix(count))))
            }
        }
        return sets
    }
}

/// One measure of all heads, over several seeds.
package struct HeadFinding: Equatable, Sendable {
    package let measure: HeadMeasure
    package let test: HeadTest
    /// What every seed came to, in the order of the seeds; seeds without a number are left out.
    private var rounds: [Round] = []

    /// What one seed came to, of all heads; NaN where it is not known. [layer · head]
    package struct Round: Equatable, Sendable {
        package let values: [Double]
        /// What each would be by chance: of retrieval if the head's strongest keys met the answer in another order, of weights if
        /// they were equal.
        package let chances: [Double]
        /// The same of a head that has no preference at all. Of weights it is the chance.
        package let drawn: [Double]

        package init(values: [Double], chances: [Double], drawn: [Double]) {
            (self.values, self.chances, self.drawn) = (values, chances, drawn)
        }
    }

    package init(_ measure: HeadMeasure, on test: HeadTest) { (self.measure, self.test) = (measure, test) }

    package mutating func add(_ round: Round) {
        if round.values.contains(where: \.isFinite) { rounds.append(round) }
    }

    /// Seeds that have numbers.
    package var seeds: Int { rounds.count }

    /// The mean over the seeds; NaN where it is not known.
    package func mean(_ head: Int) -> Double { Self.mean(values(head)) }

    /// Of all heads. [layer · head]
    package var means: [Double] { (0..<(rounds.first?.values.count ?? 0)).map { mean($0) } }

    /// The standard deviation between the seeds, of a sample (n − 1); NaN with fewer than two.
    package func spread(_ head: Int) -> Double { Self.spread(values(head)) }

    /// The mean of what the seeds would come to by chance.
    package func chance(_ head: Int) -> Double { Self.mean(numbers(head, \.chances)) }

    /// The same without any preference.
    package func drawn(_ head: Int) -> Double { Self.mean(numbers(head, \.drawn)) }

    /// Whether the mean reaches a threshold and every seed is above its chance.
    package func isFound(_ head: Int, threshold: Double? = nil) -> Bool {
        let known = rounds.filter { $0.values.indices.contains(head) && $0.values[head].isFinite }
        return !known.isEmpty && mean(head) >= threshold ?? measure.threshold
            && known.allSatisfy { $0.values[head] > $0.chances[head] }
    }

    /// Heads with a number, the highest mean first; of equal ones the first in the model.
    package var ranking: [Int] {
        (0..<(rounds.first?.values.count ?? 0)).map { (head: $0, mean: mean($0)) }.filter { $0.mean.isFinite }
            .sorted { ($1.mean, $0.head) < ($0.mean, $1.head) }.map(\.head)
    }

    private func values(_ head: Int) -> [Double] { numbers(head, \.values) }

    private func numbers(_ head: Int, _ part: KeyPath<Round, [Double]>) -> [Double] {
        rounds.compactMap { $0[keyPath: part].indices.contains(head) ? $0[keyPath: part][head] : nil }
            .filter(\.isFinite)
    }

    /// NaN of none.
    static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    /// NaN of fewer than two.
    static func spread(_ values: [Double]) -> Double {
        guard values.count > 1 else { return .nan }
        let mean = mean(values)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }
}

/// All measures of all heads of a model.
package struct HeadFindings: Equatable, Sendable {
    package let layers: Int
    /// Of a layer.
    package let heads: Int
    package let seeds: [Int]
    /// By measure, and of each what decides first.
    package let findings: [HeadFinding]
    /// Prompts with needles that were read, those that count, and why others could not be; nil where all could.
    package let prompts: Int
    package let counted: Int
    package let problem: String?

    package func finding(_ measure: HeadMeasure, on test: HeadTest? = nil) -> HeadFinding? {
        findings.first { $0.measure == measure && (test == nil || $0.test == test) }
    }

    package func head(_ index: Int) -> FoundHead {
        FoundHead(layer: index / max(1, heads), head: index % max(1, heads))
    }
}

/// A head of a model, from 0.
package struct FoundHead: Hashable, Comparable, Sendable {
    package let layer: Int
    package let head: Int

    package init(layer: Int, head: Int) { (self.layer, self.head) = (layer, head) }

    package var name: String { "L\(layer)H\(head)" }

    package static func < (a: Self, b: Self) -> Bool { (a.layer, a.head) < (b.layer, b.head) }
}

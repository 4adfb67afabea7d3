/// What kind of long text a document is (LongWanjuan).
package enum LongTextKind: String, Sendable, CaseIterable {
    /// One coherent work.
    case holistic
    /// Several short texts that were joined.
    case aggregated
    /// Broken, or made by a machine.
    case chaotic

    package var meaning: String {
        switch self {
        case .holistic: "one coherent work"
        case .aggregated: "several texts joined"
        case .chaotic: "broken or made by a machine"
        }
    }
}

/// What a rule of our own says of a document, and which of its tests decided.
///
/// LongWanjuan's thresholds are in no file that we could read: none here is theirs. Each metric is looked at beside a reference
/// corpus, which can be replaced.
package struct LongTextVerdict: Equatable, Sendable {
    /// One test of the rule.
    package struct Test: Equatable, Sendable {
        package let metric: LongTextMetric
        /// Nil where it is not known, so that the test says nothing.
        package let value: Double?
        /// What is asked of the value: `low`, `high` or both.
        package let low: Double?
        package let high: Double?
        /// Where the threshold comes from.
        let bound: LongTextBound
        /// Of the metric in the reference; nil where there is none.
        let spread: LongTextReference.Spread?
        /// Whether the document is so much longer than those of the reference that a low value says little.
        package var isFar = false
        /// Whether the value is within; nil where it is not known, or there is no reference.
        package var holds: Bool? {
            guard let value else { return nil }
            return (low.map { value >= $0 } ?? true) && (high.map { value <= $0 } ?? true)
        }
    }

    package let kind: LongTextKind
    /// All tests in the order in which they were made: first those of chaotic, then those of holistic.
    package let tests: [Test]
    /// The test that decided: the first that failed, or one that nothing is known for; nil for a holistic document.
    package let fired: Test?
    /// Tests of holistic that nothing is known for: the others decided.
    package var unknown: [LongTextMetric] { tests.filter { $0.holds == nil }.map(\.metric) }

    /// A text whose compressed size is outside of this is chaotic.
    package static let compression = 0.1...0.8
    private static let rates: [LongTextMetric] = [.pieceTypeTokenRatio, .lineEnds, .commas, .blanks, .bars]
    private static let medians: [LongTextMetric] = [.accuracyDelta, .overlap]

    /// - Parameters:
    ///   - reference: what documents of that language are like; nil where there is none: then the size alone is looked at
    ///   - characters: how long they are; nil where that is not known
    package init(_ metrics: LongTextMetrics, _ reference: LongTextReference.Table?, characters: Int? = nil) {
        let isFar = characters.map { metrics.characters / Self.muchLonger >= $0 } ?? false
        func value(_ metric: LongTextMetric) -> Double? {
            metrics.values[metric].flatMap { $0.isFinite ? $0 : nil }
        }
        let bands = Self.rates.compactMap { metric in
            reference?[metric].map {
                Test(
                    metric: metric, value: value(metric), low: $0.first, high: $0.ninetyNinth, bound: .band, spread: $0)
            }
        }
        let size = Test(
            metric: .compression, value: value(.compression), low: Self.compression.lowerBound,
            high: Self.compression.upperBound, bound: .fixed, spread: reference?[.compression])
        let medians = Self.medians.map { metric in
            let spread = reference?[metric]
            return Test(
                metric: metric, value: spread == nil ? nil : value(metric), low: spread?.median, high: nil,
                bound: .median, spread: spread, isFar: isFar && metric == .overlap)
        }
        tests = bands + [size] + medians
        if let broken = (bands + [size]).first(where: { $0.holds == false }) {
            (kind, fired) = (.chaotic, broken)
        } else if let low = medians.first(where: { $0.holds == false }) {
            (kind, fired) = (.aggregated, low)
        } else if medians.allSatisfy({ $0.holds == nil }) {
            // Nothing says that it is one work.
            (kind, fired) = (.aggregated, medians.first)
        } else {
            (kind, fired) = (.holistic, nil)
        }
    }
}

/// Where a threshold of the rule comes from.
enum LongTextBound: Equatable, Sendable {
    /// The 1st and the 99th percentile of the reference.
    case band
    /// The median of the reference.
    case median
    /// A number of our own.
    case fixed
}

/// How near a document is to another kind.
///
/// The rule has sharp thresholds, while a metric is measured on some pieces and the reference is small: a document of the 47th
/// percentile is hardly another one than that of the 53rd. What is near is therefore said to lie between two kinds; its kind
/// remains that of the rule. What counts as near is our own, as the thresholds are.
extension LongTextVerdict.Test {
    /// Percentiles to both sides of a median that are near it.
    package static let nearMedian = 10
    /// The share of a fixed threshold that is near it to both sides.
    package static let nearFixed = 0.05

    /// The percentile of the reference that the value reaches, 0 to 100; nil where it or the reference is not known.
    package var percentile: Int? { value.flatMap { spread?.percentile($0) } }

    /// The percentiles that are asked: one for at least that, two for between them; empty where none are.
    package var askedPercentiles: [Int] {
        guard spread != nil else { return [] }
        switch bound {
        case .band: return [1, 99]
        case .median: return [50]
        case .fixed: return []
        }
    }

    /// Whether the value is so near to a threshold that it could as well be on its other side. A median: within ten percentiles. The
    /// ends of a band: beyond them but within the reference, or inside by no more than a percentile. A fixed one: within 5 %.
    package var isNear: Bool {
        guard let value else { return false }
        switch bound {
        case .fixed:
            return [low, high].contains { threshold in
                threshold.map { abs(value - $0) <= Self.nearFixed * abs($0) } ?? false
            }
        case .median:
            guard let percentiles = spread?.percentiles else { return false }
            return value >= percentiles[50 - Self.nearMedian] && value < percentiles[50 + Self.nearMedian]
        case .band:
            guard let percentiles = spread?.percentiles else { return false }
            return value >= percentiles[0] && value < percentiles[2]
                || value > percentiles[98] && value <= percentiles[100]
        }
    }
}

extension LongTextVerdict {
    /// A document so many times as long as those of the reference has halves that lie far apart: their words differ, whatever it is.
    static let muchLonger = 4

    /// The other kind that a document may as well be of, and the tests that leave it open.
    package struct Between: Equatable, Sendable {
        package let kind: LongTextKind
        /// They are near their thresholds, of a document that is too long for them, or nothing is known for them; at least one.
        package let tests: [Test]
    }

    /// Nil where the tests tell the kind clearly.
    package var between: Between? {
        let medians = tests.filter { $0.bound == .median }
        let chaotic = tests.filter { $0.bound != .median }
        func open(_ kind: LongTextKind, _ tests: [Test]) -> Between? {
            tests.isEmpty ? nil : Between(kind: kind, tests: tests)
        }
        // What would have to fall the other way for another kind; all of it has to be open.
        switch kind {
        case .chaotic:
            let failed = chaotic.filter { $0.holds == false }
            guard failed.allSatisfy(\.isNear) else { return nil }
            return open(medians.contains { $0.holds == false } ? .aggregated : .holistic, failed)
        case .aggregated:
            let missing = medians.filter { $0.holds != true }
            if missing.allSatisfy({ $0.holds == nil || $0.isNear || $0.isFar }), let found = open(.holistic, missing) {
                return found
            }
        case .holistic:
            if let found = open(.aggregated, medians.filter { $0.holds == nil || $0.isNear }) { return found }
        }
        return open(.chaotic, chaotic.filter { $0.holds == true && $0.isNear })
    }
}

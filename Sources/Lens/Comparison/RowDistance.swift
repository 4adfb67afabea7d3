import Foundation

/// How far two rows of weights over the same keys lie apart.
package struct RowDistance: Equatable, Sendable {
    /// Σ p · ln(p / q), nats; q is taken as 1e−12 where it is less, for it would be infinite.
    package let divergence: Double
    /// ½ KL(p‖m) + ½ KL(q‖m) with m = (p + q) / 2, as a share of its highest value ln 2.
    package let jensenShannon: Double
    /// ½ Σ |p − q|: the weight that has moved.
    package let variation: Double
    /// Of the strongest keys of p, the share that are among those of q; of equal ones the first count.
    package let recall: Double
    /// The weight of p on the strongest keys of q.
    package let massKept: Double

    /// Keys that recall and mass kept are about.
    package static let strongest = 8
    /// What a divergence takes for a weight of 0.
    static let least = 1e-12

    /// - Parameters:
    ///   - p: weights of what is compared with, a key each
    ///   - q: weights of the changed row, of the same keys
    ///   - rest: of both, the share of the weight that no key has (a learned sink)
    package init(_ p: [Float], _ q: [Float], rest: (Double, Double) = (0, 0), strongest: Int = strongest) {
        let keys = min(p.count, q.count)
        var (divergence, toMiddle, moved) = (0.0, 0.0, 0.0)
        func add(_ p: Double, _ q: Double) {
            let middle = (p + q) / 2
            if p > 0 {
                divergence += p * log(p / max(q, Self.least))
                toMiddle += p * log(p / middle) / 2
            }
            if q > 0 { toMiddle += q * log(q / middle) / 2 }
            moved += abs(p - q) / 2
        }
        for key in 0..<keys { add(Double(p[key]), Double(q[key])) }
        add(rest.0, rest.1)
        self.divergence = max(0, divergence)
        jensenShannon = min(1, max(0, toMiddle / log(2)))
        variation = min(1, moved)
        let (first, second) = (Self.highest(p, strongest), Self.highest(q, strongest))
        recall = first.isEmpty ? 1 : Double(Set(first).intersection(second).count) / Double(first.count)
        massKept = second.reduce(0) { $1 < keys ? $0 + Double(p[$1]) : $0 }
    }

    /// The places of the highest numbers, of equal ones the first.
    static func highest(_ row: [Float], _ count: Int) -> [Int] {
        var best: [Int] = []
        for (place, value) in row.enumerated() {
            if best.count == count, let last = best.last, value <= row[last] { continue }
            let rank = best.firstIndex { row[$0] < value } ?? best.count
            best.insert(place, at: rank)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}

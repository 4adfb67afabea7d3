import Foundation

/// The highest of many weights without sorting them all.
package enum TopTokens {
    /// The `count` highest weights above 0, or what else is least, highest first; of equal ones the lower index first.
    package static func highest(
        _ count: Int, in weights: [Float], firstIndex: Int = 0, above least: Float = 0
    ) -> [WeightedToken] {
        guard count > 0 else { return [] }
        var best: [WeightedToken] = []
        best.reserveCapacity(min(count, weights.count) + 1)
        for (index, weight) in weights.enumerated() where weight > least {
            if best.count == count, weight <= best[count - 1].weight { continue }
            let place = best.firstIndex { $0.weight < weight } ?? best.count
            best.insert(WeightedToken(token: firstIndex + index, weight: weight), at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}

extension Float {
    var logBase2: Float { log2f(self) }
}

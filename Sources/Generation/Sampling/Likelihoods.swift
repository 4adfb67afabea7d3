import Foundation

/// Probabilities of single tokens under logits.
package enum Likelihoods {
    /// ln Σ exp of all.
    static func logSum(_ logits: [Float]) -> Double {
        let highest = Double(logits.max() ?? -.infinity)
        guard highest.isFinite else { return highest }
        return highest + log(logits.reduce(0) { $0 + exp(Double($1) - highest) })
    }

    /// The tokens with the highest logits, the highest first, of equal ones the first, and ln p of each.
    package static func highest(_ count: Int, of logits: [Float]) -> [(id: Int32, logProbability: Float)] {
        let sum = logSum(logits)
        var best: [(id: Int32, logit: Float)] = []
        for (id, logit) in logits.enumerated() where !logit.isNaN {
            guard best.count < count || logit > best[best.count - 1].logit else { continue }
            let place = best.firstIndex { $0.logit < logit } ?? best.count
            best.insert((Int32(id), logit), at: place)
            if best.count > count { best.removeLast() }
        }
        return best.map { ($0.id, Float(Double($0.logit) - sum)) }
    }
}

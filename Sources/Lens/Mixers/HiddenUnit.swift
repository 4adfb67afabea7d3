import Foundation
import RopewalkKernels
import RopewalkModels

/// One channel or head of a recurrent mixer, whose hidden map is known in closed form:
///
/// - Mamba (Ali et al. 2024): α(i, j) = Σₙ Cᵢ[n] · exp(A[n] · Σ Δ over (j, i]) · Δⱼ · Bⱼ[n];
/// - Mamba-2 (Dao and Gu 2024): α(i, j) = exp(A · Σ Δ over (j, i]) · Δⱼ · Cᵢ·Bⱼ;
/// - RWKV-4: the share of e^(kⱼ − decay · (i − 1 − j)) among those of all j < i and of e^(bonus + kᵢ).
struct HiddenUnit {
    let kind: MixerTraits.Kind
    /// Numbers of B and C.
    let states: Int
    /// Δ, or the keys of RWKV. [token]
    let steps: [Float]
    /// A; one for each state of Mamba, else one alone.
    let rates: [Float]
    /// What RWKV adds to a token's own key.
    let bonus: Float
    /// Σ Δ up to a token, itself included; of RWKV the tokens. [token]
    let sums: [Double]
    /// ln of what RWKV's weights are divided by. [token]
    private let totals: [Double]

    /// Below that the float32 number is none that is not 0.
    static let lowest = -103.0

    init(kind: MixerTraits.Kind, states: Int, steps: [Float], rates: [Float], bonus: Float = 0) {
        self.kind = kind
        self.states = states
        self.steps = steps
        self.rates = rates
        self.bonus = bonus
        var sum = 0.0
        sums = steps.map { step in
            sum += kind == .rwkv ? 1 : Double(step)
            return sum
        }
        totals = kind == .rwkv ? Self.totals(steps, decay: Double(rates[0]), bonus: Double(bonus)) : []
    }

    init(_ source: MixerSource, unit: Int) {
        let kind = source.traits.kind
        self.init(
            kind: kind, states: kind == .rwkv ? 0 : source.traits.states, steps: source.steps(unit),
            rates: source.rates(unit), bonus: kind == .rwkv ? source.constants.through[unit] : 0)
    }

    /// ln of the sum of all weights of a token's row, from token to token.
    private static func totals(_ keys: [Float], decay: Double, bonus: Double) -> [Double] {
        var earlier = -Double.infinity
        return keys.map { key in
            let total = joined(earlier, bonus + Double(key))
            earlier = joined(earlier + decay, Double(key))
            return total
        }
    }

    /// ln(eᵃ + eᵇ).
    private static func joined(_ a: Double, _ b: Double) -> Double {
        let (high, low) = (max(a, b), min(a, b))
        return low == -.infinity ? high : high + log1p(exp(low - high))
    }

    /// How a state fades from a key to a query, in one rate.
    func left(_ query: Int, _ key: Int, rate: Int = 0) -> Float {
        if kind == .rwkv, query == key { return 1 }
        let passed = kind == .rwkv ? Double(query - 1 - key) : sums[query] - sums[key]
        return Float(exp(Double(rates[rate]) * passed))
    }

    /// α of a query and a key of RWKV.
    private func mean(_ query: Int, _ key: Int) -> Float {
        let score =
            query == key
            ? Double(bonus) + Double(steps[key])
            : Double(steps[key]) + Double(rates[0]) * Double(query - 1 - key)
        return Float(exp(score - totals[query]))
    }

    /// The number of a pair.
    /// - Parameters:
    ///   - reads: C of the query
    ///   - writes: B of the key; both with `states` numbers from a place on
    func value(
        _ matrix: MixerMatrix, query: Int, key: Int, reads: [Float], from read: Int, writes: [Float], from write: Int
    ) -> Float {
        switch kind {
        case .rwkv: return matrix == .fading ? left(query, key) : mean(query, key)
        case .mamba:
            var sum: Float = 0
            let passed = sums[query] - sums[key]
            for n in rates.indices {
                sum += reads[read + n] * Float(exp(Double(rates[n]) * passed)) * writes[write + n]
            }
            return sum * steps[key]
        case .mamba2:
            if matrix == .fading { return left(query, key) }
            var sum: Float = 0
            for n in 0..<states { sum += reads[read + n] * writes[write + n] }
            return sum * steps[key] * (matrix == .products ? 1 : left(query, key))
        }
    }

    /// The first key that a query's state may still hold anything of, in float32.
    func firstKey(_ query: Int) -> Int {
        guard kind != .rwkv, let slowest = rates.max(), slowest < 0 else { return 0 }
        let limit = sums[query] - Self.lowest / Double(slowest)
        guard limit > 0 else { return 0 }
        // The sums rise: the first key whose sum is not below the limit.
        var (low, high) = (0, query)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] < limit { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// α of a query over all tokens up to it, and what is left of each. [query + 1]
    /// - Parameters:
    ///   - reads: C of the query. [state]
    ///   - writes: B of the keys from `firstKey` on. [key, state]
    func row(_ query: Int, reads: [Float], writes: [Float]) -> (weights: [Float], fading: [Float]) {
        let first = firstKey(query)
        var weights = [Float](repeating: 0, count: query + 1)
        for key in first...query {
            weights[key] = value(
                .map, query: query, key: key, reads: reads, from: 0, writes: writes, from: (key - first) * states)
        }
        return (weights, kind == .mamba ? [] : (0...query).map { left(query, $0) })
    }

    func row(_ query: Int, _ source: MixerSource, unit: Int) -> (weights: [Float], fading: [Float]) {
        row(
            query, reads: source.vectors(\.reads, unit: unit, tokens: [query]),
            writes: source.vectors(\.writes, unit: unit, tokens: firstKey(query)..<query + 1))
    }

    func fading(layer: Int, unit: Int) -> MixerFading {
        // All states fade; the slowest has the rate next to 0.
        let rate = Double(rates.max() ?? 0)
        let isMean = kind == .rwkv
        return MixerFading(
            layer: layer, unit: unit,
            halfLives: steps.map { step in
                let logarithm = rate * (isMean ? 1 : Double(step))
                return logarithm < 0 ? Float(log(0.5) / logarithm) : .infinity
            }, logarithms: sums.map { Float(rate * $0) })
    }
}

import Foundation

/// What a query reads whose sums are too small to be trusted: features in logarithms, keys of its block one by one.
struct FeaturePairs {
    private let state: FeatureState
    private let keys: FeatureBlock
    /// e^(ln φ(q) + ln φ of the state − `highest`). [count]
    private let features: [Double]
    /// The same of each key of the block up to the query's own.
    private let pairs: [Double]
    private let highest: Double
    private let total: Double

    /// - Parameters:
    ///   - features: of the query, as the map gives them
    ///   - row: of the query in the block
    init(state: FeatureState, keys: FeatureBlock, features: UnsafePointer<Float>, row: Int) {
        self.state = state
        self.keys = keys
        let map = state.map
        let size = FeatureState.block
        let ofState = (0..<map.count).map { feature -> Double in
            let own = Double(features[feature])
            return (map.form == .exponential ? own : log(own)) + Double(state.before.highest.base[feature])
        }
        let ofPairs = (0...row).map {
            Double(map.score(query: features, shared: -map.offset, key: keys.keys.base + $0, stride: size))
        }
        let top = max(ofState.max() ?? -.infinity, ofPairs.max() ?? -.infinity)
        highest = top.isFinite ? top : 0
        let highest = highest
        let features = ofState.map { exp($0 - highest) }
        let pairs = ofPairs.map { exp($0 - highest) }
        let sums = state.before.sums
        total =
            pairs.reduce(0, +) + features.indices.reduce(0) { $0 + features[$1] * Double(sums.row($1)[0]) }
        (self.features, self.pairs) = (features, pairs)
    }

    /// ln of the sum, without what the query's features share.
    var logarithm: Double { log(total) + highest }

    /// The features divided by the sum, each still times what the state's were divided by. [count]
    var weights: [Float] { features.map { Float($0 / total) } }

    /// One number of what the query reads.
    func output(_ i: Int) -> Double {
        let before = features.indices.reduce(0) { $0 + features[$1] * Double(state.before.values.row($1)[i]) }
        let own = pairs.indices.reduce(0) { $0 + pairs[$1] * Double(keys.values[$1 * state.valueWidth + i]) }
        return (before + own) / total
    }

    func measures(place: Int, logSumExp: Float) -> FeatureMeasures {
        func sum(_ column: FeatureState.Sum) -> Double {
            let before = features.indices.reduce(0) {
                $0 + features[$1] * Double(state.before.sums.row($1)[column.rawValue])
            }
            guard column != .last else { return pairs.count > 1 ? pairs[pairs.count - 2] : before }
            return pairs.indices.reduce(before) { $0 + pairs[$1] * Double(keys.places.row($1)[column.rawValue]) }
        }
        return FeatureMeasures(
            logSumExp: logSumExp, distance: Float(Double(place) - sum(.places) / total),
            first: Float(sum(.first) / total),
            previous: Float(sum(.last) / total))
    }
}

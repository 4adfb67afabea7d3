import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// One head of one layer written out in float64: the recorded states, turned and masked by plain formulas.
struct LayerReference {
    let recording: Recording
    let layer: Int
    let head: Int
    let specs: [String]
    private let keys: [[Double]]

    init(_ recording: Recording, _ specs: [String], layer: Int, head: Int) {
        self.recording = recording
        self.layer = layer
        self.head = head
        self.specs = specs
        let group = recording.shape.heads / recording.shape.keyValueHeads
        keys = (0..<recording.tokens).map { token in
            let key = recording.key(layer: layer, keyValueHead: head / group, token: token) ?? []
            return Self.turned(key.map(Double.init), position: token, specs, recording.shape)
        }
    }

    static func parameters(_ name: String, _ specs: [String]) -> [String: Double]? {
        guard let spec = specs.first(where: { $0 == name || $0.hasPrefix(name + ":") }) else { return nil }
        let pairs = spec.dropFirst(name.count + 1).split(separator: ",").map { $0.split(separator: "=") }
        return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), Double($0[1]) ?? .nan) })
    }

    /// Radians a token.
    static func frequency(_ i: Int, _ specs: [String], _ shape: ModelShape) -> Double {
        let d = Double(shape.headDimension)
        var base = shape.ropeBase
        if let factor = parameters("ntk", specs)?["factor"] { base *= pow(factor, d / (d - 2)) }
        return pow(base, -2 * Double(i) / d) / (parameters("pi", specs)?["factor"] ?? 1)
    }

    static func turned(_ x: [Double], position: Int, _ specs: [String], _ shape: ModelShape) -> [Double] {
        let half = x.count / 2
        var result = x
        for i in 0..<half {
            // Angles are float32 products, as the models were trained with.
            let angle = Double(Float(frequency(i, specs, shape)) * Float(position))
            result[i] = x[i] * cos(angle) - x[i + half] * sin(angle)
            result[i + half] = x[i + half] * cos(angle) + x[i] * sin(angle)
        }
        return result
    }

    /// Of keys 0...query.
    func scores(_ query: Int) -> [Double] {
        let state = recording.query(layer: layer, head: head, token: query) ?? []
        let q = Self.turned(state.map(Double.init), position: query, specs, recording.shape)
        return (0...query).map { key in
            zip(q, keys[key]).reduce(0) { $0 + $1.0 * $1.1 } / Double(q.count).squareRoot()
        }
    }

    /// Whether places let the query see the key.
    func isPlaced(_ query: Int, _ key: Int) -> Bool {
        let distance = Double(query - key)
        if distance < 0 { return false }
        if let size = Self.parameters("window", specs)?["size"], distance >= size { return false }
        if let p = Self.parameters("lambda", specs), distance >= p["window", default: 0],
            Double(key) >= p["sink", default: 0]
        {
            return false
        }
        return true
    }

    /// The keys that the query sees, from all scores.
    func visible(_ query: Int, _ scores: [Double]) -> Set<Int> {
        let placed = (0...query).filter { isPlaced(query, $0) }
        guard let p = Self.parameters("topk", specs) else { return Set(placed) }
        func isFixed(_ key: Int) -> Bool {
            Double(key) < p["sink", default: 0] || Double(query - key) < p["window", default: 0]
        }
        let others = placed.filter { !isFixed($0) }.sorted { (scores[$0], $1) > (scores[$1], $0) }
        return Set(placed.filter(isFixed)).union(others.prefix(Int(p["k", default: 0])))
    }

    /// Weights of keys 0...query and ln Σ exp.
    func row(_ query: Int) -> (weights: [Double], logSumExp: Double, visible: Set<Int>) {
        let scores = scores(query)
        let visible = visible(query, scores)
        let masked = scores.indices.map { visible.contains($0) ? scores[$0] : -.infinity }
        let highest = masked.max() ?? 0
        let sum = masked.reduce(0) { $0 + exp($1 - highest) }
        return (masked.map { exp($0 - highest) / sum }, highest + log(sum), visible)
    }
}

/// Scenarios of every kind and together.
let scenarios: [[String]] = [
    [], ["window:size=40"], ["lambda:sink=4,window=64"], ["topk:k=7,window=16,sink=2"], ["pi:factor=4"],
    ["ntk:factor=4"], ["pi:factor=4", "lambda:sink=4,window=64"],
    ["ntk:factor=4", "topk:k=7,window=16,sink=2", "window:size=200"],
    ["lambda:sink=9,window=120", "topk:k=5,window=16,sink=2"],
]

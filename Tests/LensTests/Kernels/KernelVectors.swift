import Foundation
import RopewalkMethods
import TestSupport

/// Worked examples of kernel attention, and its features by their formulas.
struct KernelVectors {
    private let entries: [[String: Any]]

    struct Missing: Error { let what: String }

    init() throws {
        let root = try JSONSerialization.jsonObject(with: try Fixture.data("vectors/kernel-attention.json"))
        guard let entries = (root as? [String: Any])?["numeric"] as? [[String: Any]] else {
            throw Missing(what: "numeric")
        }
        self.entries = entries
    }

    private func value(_ id: String, _ side: String, _ name: String) throws -> Any {
        guard let entry = entries.first(where: { $0["id"] as? String == id }),
            let value = (entry[side] as? [String: Any])?[name]
        else { throw Missing(what: "\(id) \(side) \(name)") }
        return value
    }

    func rows(_ id: String, _ side: String, _ name: String) throws -> [[Double]] {
        guard let rows = try value(id, side, name) as? [[Double]] else { throw Missing(what: name) }
        return rows
    }

    func floats(_ id: String, _ side: String, _ name: String) throws -> [[Float]] {
        try rows(id, side, name).map { $0.map { Float($0) } }
    }

    func row(_ id: String, _ side: String, _ name: String) throws -> [Double] {
        guard let row = try value(id, side, name) as? [Double] else { throw Missing(what: name) }
        return row
    }

    func number(_ id: String, _ name: String) throws -> Double {
        guard let number = try value(id, "outputs", name) as? Double else { throw Missing(what: name) }
        return number
    }

    /// φ by its formula in float64, without the factor that all features share.
    static func features(_ x: [Float], _ form: KernelForm, _ directions: [[Double]], scale: Double) -> [Double] {
        if form == .scores { return x.map { Double($0) * scale.squareRoot() } }
        if form == .linear { return x.map { $0 > 0 ? Double($0) + 1 : exp(Double($0)) } }
        let x = x.map { Double($0) * scale.squareRoot() }
        let products = directions.map { zip($0, x).reduce(0) { $0 + $1.0 * $1.1 } }
        let square = x.reduce(0) { $0 + $1 * $1 }
        switch form {
        case .linear, .scores: return []
        case .rectified: return products.map { max($0, 0) + 1e-3 }
        case .positive: return products.map { exp($0 - square / 2) }
        case .hyperbolic: return (products + products.map { -$0 }).map { exp($0 - square / 2) }
        case .trigonometric: return (products.map { cos($0) } + products.map { sin($0) }).map { $0 * exp(square / 2) }
        }
    }

    /// Numbers about 0, the same every time.
    struct Noise {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func row(_ count: Int, times factor: Float) -> [Float] {
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return (Float(state >> 40) / Float(1 << 23) - 1) * factor
            }
        }
    }
}

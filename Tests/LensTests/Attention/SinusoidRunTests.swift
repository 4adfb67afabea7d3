import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// Runs with Transformer-XL's positions against the formula of a pair: nothing turns, and a query meets a sinusoid of
/// the distance, which a clamp ends.
struct SinusoidRunTests {
    /// q·k + q·[sin(t·ω), cos(t·ω)], over √d. [query + 1]
    static func scores(_ recording: Recording, layer: Int, head: Int, query: Int, clamp: Int?) -> [Double] {
        let q = (recording.query(layer: layer, head: head, token: query) ?? []).map(Double.init)
        let half = q.count / 2
        return (0...query).map { token in
            let k = recording.key(layer: layer, keyValueHead: head / recording.shape.groupSize, token: token) ?? []
            var sum = zip(q, k).reduce(0) { $0 + $1.0 * Double($1.1) }
            let distance = min(query - token, clamp ?? query)
            for i in 0..<half {
                let angle = Double(distance) * pow(10_000, -2 * Double(i) / Double(q.count))
                sum += q[i] * sin(angle) + q[half + i] * cos(angle)
            }
            return sum / Double(q.count).squareRoot()
        }
    }

    @Test(arguments: [nil, 1, 3, 255, 256, 400], ["llama_default", "llama_mqa"]) func rowsFollowTheFormula(
        clamp: Int?, model: String
    ) throws {
        let recording = try Sample.recording(
            300, ["transformer-xl-relative:base=10000,clamp=\(clamp ?? 0)"], model: model, chunkSize: 256)
        let lens = Lens(recording: recording, threads: 2)
        for (layer, head) in [(0, 0), (1, recording.shape.heads - 1)] {
            for query in stride(from: 299, through: 0, by: -23) {
                let scores = Self.scores(recording, layer: layer, head: head, query: query, clamp: clamp)
                let highest = scores.max() ?? 0
                let logSumExp = highest + log(scores.reduce(0) { $0 + exp($1 - highest) })
                let row = try #require(lens.row(layer: layer, head: head, query: query))
                // float32 angles of some hundred radians are off by 1e-5, and scores by as much.
                let recorded = recording.measure(\.logSumExp, layer: layer, head: head, query: query)
                #expect(agree(try #require(recorded), Float(logSumExp), 3e-5), "\(layer).\(head): \(query)")
                #expect(agree(row.logSumExp, Float(logSumExp), 3e-5), "\(layer).\(head): \(query)")
                let wrong = row.weights.indices.filter {
                    !agree(row.weights[$0], Float(exp(scores[$0] - logSumExp)), 3e-5)
                }
                #expect(wrong.isEmpty, "\(layer).\(head): \(query)")
            }
        }
    }
}

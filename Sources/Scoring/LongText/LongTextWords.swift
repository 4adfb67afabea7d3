import Foundation
import RopewalkPhrases

extension LongTextVerdict {
    /// "bar_rate 0.04 > 0.01": the test that decided.
    package var reason: String {
        guard let test = fired else { return say("all tests hold") }
        guard let value = test.value else { return say("nothing is known of \(test.metric.rawValue)") }
        let name = "\(test.metric.rawValue) \(LongTextMetric.text(value))"
        if let low = test.low, value < low { return "\(name) < \(LongTextMetric.text(low))" }
        return "\(name) > \(LongTextMetric.text(test.high))"
    }
}

extension Coherence {
    private static let blocks = Array("▁▂▃▄▅▆▇█")

    /// A block a piece, the higher the more context helps there; a dot where it does not.
    /// - Parameter highest: gain of the highest block
    package static func strip(_ coherence: Coherence?, highest: Double) -> String {
        guard let coherence, highest > 0 else { return coherence == nil ? "—" : "·" }
        return String(
            coherence.pieces.map { piece -> Character in
                guard piece.accuracyDelta > 0 else { return "·" }
                let level = piece.accuracyDelta / highest * Double(blocks.count)
                return blocks[level < Double(blocks.count) ? Int(level) : blocks.count - 1]
            })
    }
}

extension LongTextMetric {
    /// Four digits that count, without zeros behind.
    package static func text(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "—" }
        return String(format: "%.4g", value)
    }
}

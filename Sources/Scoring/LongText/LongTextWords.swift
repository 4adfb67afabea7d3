import Foundation
import RopewalkPhrases

extension LongTextVerdict {
    /// "aggregated: several texts joined", or the two kinds that a document lies between and why that is open.
    package var words: String {
        guard let between else { return say("\(kind.rawValue.said): \(kind.meaning.said)") }
        let kinds = say("between \(kind.rawValue.said) and \(between.kind.rawValue.said)")
        let near = between.tests.filter(\.isNear)
        let far = between.tests.filter { $0.isFar && !$0.isNear }
        let unknown = between.tests.filter { $0.holds == nil }
        let why = [
            near.isEmpty ? nil : say("near the threshold of \(Self.names(near))"),
            far.isEmpty ? nil : say("too long for \(Self.names(far))"),
            unknown.isEmpty ? nil : say("nothing is known of \(Self.names(unknown))"),
        ]
        let reasons = why.compactMap { $0 }.joined(separator: ", ")
        return say("\(kinds): \(reasons)")
    }

    /// The kind alone, or both that a document lies between, that of the rule first.
    package var shortWords: String {
        guard let between else { return kind.rawValue.said }
        return say("\(kind.rawValue.said) or \(between.kind.rawValue.said)")
    }

    /// "bar_rate 0.04 > 0.01 · percentile 100, asked 1–99": the test that decided and how far from its threshold the value is.
    package var reason: String {
        if let test = fired {
            return test.value == nil ? say("nothing is known of \(test.metric.rawValue)") : test.words
        }
        let known = tests.filter { $0.bound == .median && $0.value != nil }
        let closest = known.min { ($0.percentile ?? 100) < ($1.percentile ?? 100) }
        guard unknown.isEmpty else {
            let names = unknown.map(\.rawValue).joined(separator: ", ")
            return say("all known tests hold, nothing is known of \(names)")
        }
        return closest.map { say("all tests hold, closest \($0.words)") } ?? say("all tests hold")
    }

    private static func names(_ tests: [Test]) -> String { tests.map(\.metric.rawValue).joined(separator: ", ") }
}

extension LongTextVerdict.Test {
    /// "acc_delta 0.0088 < 0.0098 · percentile 47 < 50".
    package var words: String {
        guard let value else { return metric.rawValue }
        let sides: (sign: String, threshold: Double?) =
            if let low, value < low { ("<", low) } else if let high, value > high { (">", high) } else { ("≥", low) }
        let text =
            "\(metric.rawValue) \(LongTextMetric.text(value)) \(sides.sign) \(LongTextMetric.text(sides.threshold))"
        guard let percentile, let first = askedPercentiles.first else { return text }
        if askedPercentiles.count == 1 { return text + " · " + say("percentile \(percentile) \(sides.sign) \(first)") }
        return text + " · " + say("percentile \(percentile), asked \(first)–\(askedPercentiles[1])")
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

    /// Deviations from a mean, with two decimals so that they stand below each other: −0.10.
    package static func deviations(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "—" }
        let text = String(format: "%.2f", abs(value))
        return value < 0 && text != "0.00" ? "−" + text : text
    }
}

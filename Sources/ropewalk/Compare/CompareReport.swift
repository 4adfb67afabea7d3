import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// One line of `ropewalk compare`.
struct CompareReport: Encodable {
    let compared: ComparedMethod
    /// The methods in short.
    let title: String

    private enum CodingKeys: String, CodingKey {
        case method, model, trainedWindow, tokens, texts
        case perplexity, perplexityInside, perplexityPast, perplexityPerThousand
        case density, massKept, massKeptFifthPercentile, massKeptWorst, outputErrors, divergence, measuredQueries
        case kvBytes, flops, bitsPerByte, bytes
    }

    private struct Stretch: Encodable {
        let from: Int
        /// Exclusive.
        let to: Int
        let perplexity: Double
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(compared.method, forKey: .method)
        try object.encode(compared.model, forKey: .model)
        try object.encode(compared.window, forKey: .trainedWindow)
        try object.encode(compared.tokens, forKey: .tokens)
        try object.encode(compared.texts, forKey: .texts)
        // null where there is nothing to measure, so that every object has every key.
        try object.encode(compared.perplexity, forKey: .perplexity)
        try object.encode(compared.perplexityInside, forKey: .perplexityInside)
        try object.encode(compared.perplexityPast, forKey: .perplexityPast)
        let stretches = compared.perplexityPerThousand?.map {
            Stretch(from: $0.positions.lowerBound, to: $0.positions.upperBound, perplexity: $0.perplexity)
        }
        try object.encode(stretches, forKey: .perplexityPerThousand)
        let measures = compared.measures
        try object.encode(measures?.density, forKey: .density)
        try object.encode(measures?.massKept.mean, forKey: .massKept)
        try object.encode(measures?.massKept.fifthPercentile, forKey: .massKeptFifthPercentile)
        try object.encode(measures?.massKept.worst, forKey: .massKeptWorst)
        try object.encode(measures?.outputErrors, forKey: .outputErrors)
        try object.encode(measures?.divergence, forKey: .divergence)
        try object.encode(measures?.queries, forKey: .measuredQueries)
        try object.encode(compared.cost?.kvBytes, forKey: .kvBytes)
        try object.encode(compared.cost?.flops, forKey: .flops)
        try object.encode(compared.bitsPerByte, forKey: .bitsPerByte)
        try object.encode(compared.bytes, forKey: .bytes)
    }

    /// A line a method, then a line for every thousand positions where there are several.
    static func text(_ reports: [CompareReport]) -> String {
        var text = methodTable(reports)
        if let first = reports.first?.compared {
            let read =
                first.texts == 1
                ? say("\(first.tokens.grouped) tokens") : say("\(first.texts) x \(first.tokens.grouped) tokens")
            if let bytes = first.bytes {
                text +=
                    say(
                        """
                        the models cut the text into different tokens: compare bits per byte, over the \
                        \(bytes.grouped) bytes that all of them predict; perplexity is by tokens of each model\n
                        """)
            } else {
                text += say("perplexity over \(read), within the trained window and past it\n")
            }
            // Positions of different tokens are not the same places.
            if first.bytes != nil { return text + measureTable(reports) }
        }
        return text + measureTable(reports) + positionTable(reports)
    }

    /// What attention keeps and costs, a line a method.
    private static func measureTable(_ reports: [CompareReport]) -> String {
        guard let measured = reports.lazy.compactMap(\.compared.measures).first else { return "" }
        let hides = reports.contains { hidesKeys($0) }
        let kept = hides ? [say("density"), say("kept"), say("5th %"), say("worst"), say("output error")] : []
        let table = AlignedTable(
            header: [""] + kept + ["KL", "KV MB", "GFLOP"],
            rows: reports.enumerated().map { index, report in
                let (measures, cost) = (report.compared.measures, report.compared.cost)
                return [String(index + 1)]
                    + ((hides ? keptShares(measures) : []) + [measures?.divergence])
                    .map { $0.map { String(format: "%.4f", $0) } ?? "-" }
                    + [cost.map { $0.kvBytes / 1e6 }, cost.map { $0.flops / 1e9 }].map(number)
            }, sides: Array(repeating: .right, count: kept.count + 4))
        let how = hides ? say("; output error: mean over layers") : say(", which see all keys with each method")
        return "\n" + table.text + say("attention at \(measured.queries) queries in all heads\(how); KL in nats\n")
    }

    /// What a mask leaves of the attention: density, mass kept, output error.
    private static func keptShares(_ measures: ScenarioMeasures?) -> [Double?] {
        [
            measures?.density, measures?.massKept.mean, measures?.massKept.fifthPercentile, measures?.massKept.worst,
            measures.map(outputError),
        ]
    }

    private static func outputError(_ measures: ScenarioMeasures) -> Double {
        measures.outputErrors.reduce(0, +) / Double(max(1, measures.outputErrors.count))
    }

    /// Whether there is anything to say of what is kept: methods for positions keep all of it.
    private static func hidesKeys(_ report: CompareReport) -> Bool {
        guard let measures = report.compared.measures else { return false }
        return measures.density < 1 || measures.massKept.worst < 0.99995 || outputError(measures) >= 0.00005
    }

    private static func methodTable(_ reports: [CompareReport]) -> String {
        let isByBytes = reports.contains { $0.compared.bytes != nil }
        return AlignedTable(
            header: ["", say("method"), say("model"), say("window")] + (isByBytes ? [say("bits/byte")] : [])
                + [say("perplexity"), say("inside"), say("past")],
            rows: reports.enumerated().map { index, report in
                let compared = report.compared
                let bits = compared.bitsPerByte.map { String(format: "%.3f", $0) } ?? "-"
                return [String(index + 1), report.title, compared.model, compared.window.grouped]
                    + (isByBytes ? [bits] : [])
                    + [compared.perplexity, compared.perplexityInside, compared.perplexityPast].map(number)
            }, sides: [.right, .left, .left] + Array(repeating: .right, count: isByBytes ? 5 : 4)
        ).text
    }

    private static func positionTable(_ reports: [CompareReport]) -> String {
        let columns = reports.map { $0.compared.perplexityPerThousand ?? [] }
        guard let first = columns.first, first.count > 1 else { return "" }
        let rows = first.enumerated().map { row, stretch in
            ["\(stretch.positions.lowerBound.grouped)-\((stretch.positions.upperBound - 1).grouped)"]
                + columns.map { number($0.indices.contains(row) ? $0[row].perplexity : nil) }
        }
        let table = AlignedTable(
            header: [say("positions")] + reports.indices.map { String($0 + 1) }, rows: rows,
            sides: Array(repeating: .right, count: 1 + reports.count))
        return "\n" + table.text
    }

    private static func number(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "-" }
}

import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// One line of `ropewalk compare --recordings`: means over texts, with their sample standard deviations.
struct RecordedReport: Encodable {
    /// What is known of one text.
    struct Text {
        let folder: String
        let tokens: Int
        let measures: ScenarioMeasures
        let cost: MethodCost
        /// −ln p of the next token, mean over the text, nats; of what was run only.
        var loss = Double.nan
        /// And how much more that is than the first reader's.
        var lossDifference = Double.nan
        /// Weight that has moved between keys, mean over heads, 0 to 1.
        var moved = Double.nan
    }

    let contender: RecordedComparison.Contender
    let texts: [Text]

    private var loss: OverTexts { OverTexts(texts.map(\.loss)) }
    private var difference: OverTexts { OverTexts(texts.map(\.lossDifference)) }
    private var moved: OverTexts { OverTexts(texts.map(\.moved)) }
    private var density: OverTexts { OverTexts(texts.map(\.measures.density)) }
    private var massKept: OverTexts { OverTexts(texts.map(\.measures.massKept.mean)) }
    private var outputError: OverTexts {
        OverTexts(
            texts.map { text in
                let known = text.measures.outputErrors.filter { !$0.isNaN }
                return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
            })
    }

    private enum CodingKeys: String, CodingKey {
        case method, model, precision, basis, recordings, texts, tokens, measuredQueries
        case loss, lossDeviation, perplexity, lossDifference, lossDifferenceDeviation, moved, movedDeviation
        case density, densityDeviation, massKept, massKeptDeviation, outputError, outputErrorDeviation
        case kvBytes, flops
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(contender.scenario.line, forKey: .method)
        try object.encode(contender.reader.model, forKey: .model)
        try object.encode(contender.reader.precision ?? StoredPrecision.single.rawValue, forKey: .precision)
        try object.encode(contender.method == nil ? "recorded" : "preview", forKey: .basis)
        try object.encode(texts.map(\.folder), forKey: .recordings)
        try object.encode(texts.count, forKey: .texts)
        try object.encode(texts.reduce(0) { $0 + $1.tokens }, forKey: .tokens)
        try object.encode(texts.first?.measures.queries, forKey: .measuredQueries)
        func encode(_ value: OverTexts, _ mean: CodingKeys, _ deviation: CodingKeys) throws {
            // null where nothing is known, so that every object has every key.
            try object.encode(value.mean, forKey: mean)
            try object.encode(value.deviation, forKey: deviation)
        }
        try encode(loss, .loss, .lossDeviation)
        try object.encode(loss.mean.map { exp($0) }, forKey: .perplexity)
        try encode(difference, .lossDifference, .lossDifferenceDeviation)
        try encode(moved, .moved, .movedDeviation)
        try encode(density, .density, .densityDeviation)
        try encode(massKept, .massKept, .massKeptDeviation)
        try encode(outputError, .outputError, .outputErrorDeviation)
        try object.encode(OverTexts(texts.map(\.cost.kvBytes)).mean, forKey: .kvBytes)
        try object.encode(OverTexts(texts.map(\.cost.flops)).mean, forKey: .flops)
    }

    /// What is lost, and then what is kept and moved.
    static func text(_ reports: [RecordedReport]) -> String {
        func perplexity(_ report: RecordedReport) -> String {
            report.loss.mean.map { String(format: "%.2f", exp($0)) } ?? "—"
        }
        let losses = AlignedTable(
            header: [
                "", say("method"), say("model"), say("texts"), say("loss, nats"), say("perplexity"), say("more than 1"),
            ],
            rows: reports.enumerated().map { place, report in
                [
                    String(place + 1), report.contender.title, report.contender.model, String(report.texts.count),
                    report.loss.text(digits: 3), perplexity(report), report.difference.text(digits: 3),
                ]
            }, sides: [.right, .left, .left, .right, .right, .right, .right])
        let attention = AlignedTable(
            header: ["", say("weight moved"), say("density"), say("mass kept"), say("output error")],
            rows: reports.enumerated().map { place, report in
                [
                    String(place + 1), report.moved.text(digits: 4), report.density.text(digits: 4),
                    report.massKept.text(digits: 4), report.outputError.text(digits: 4),
                ]
            }, sides: Array(repeating: .right, count: 5))
        let count = reports.reduce(into: Set<String>()) { $0.formUnion($1.texts.map(\.folder)) }.count
        let queries = reports.first?.texts.first?.measures.queries ?? 0
        return losses.text + "\n" + attention.text + "\n"
            + say(
                "means over texts of \(count) \(count, one: "recording", many: "recordings"), ± standard deviation; attention at \(queries.grouped) queries a text, in the heads that are recorded\n"
            )
            + say(
                "weight moved: total variation, from recordings of the same text by the first model and method, by a preview from its own recording\n"
            )
    }
}

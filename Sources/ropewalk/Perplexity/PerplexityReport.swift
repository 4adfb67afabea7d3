import Foundation
import RopewalkEvaluation
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// What one contender loses.
struct PerplexityReport: Encodable {
    let contender: Comparison.Contender
    let texts: Int
    /// Of all texts together.
    let tokens: Int
    let window: Int?
    let stride: Int?
    let buckets: LossBuckets
    let curve: ContextCurve

    private enum CodingKeys: String, CodingKey {
        case method, model, texts, tokens, window, stride, predictions, loss, perplexity, buckets, contexts, enough
        case isEnoughKnown = "enough_is_known"
    }

    private struct Bucket: Encodable {
        let from: Int
        /// Exclusive.
        let to: Int
        let count: Int
        let loss: Double?
        let perplexity: Double?

        private enum CodingKeys: String, CodingKey { case from, to, count, loss, perplexity }

        func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: CodingKeys.self)
            try object.encode(from, forKey: .from)
            try object.encode(to, forKey: .to)
            try object.encode(count, forKey: .count)
            try object.encode(loss, forKey: .loss)
            try object.encode(perplexity, forKey: .perplexity)
        }
    }

    private struct Context: Encodable {
        let context: Int
        let count: Int
        let loss: Double?
        /// Less that with the longest.
        let change: Double?
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(contender.scenario.line, forKey: .method)
        try object.encode(contender.model.name, forKey: .model)
        try object.encode(texts, forKey: .texts)
        try object.encode(tokens, forKey: .tokens)
        // null where there is nothing, so that every object has every key.
        try object.encode(window, forKey: .window)
        try object.encode(stride, forKey: .stride)
        try object.encode(buckets.all.count, forKey: .predictions)
        try object.encode(buckets.all.mean, forKey: .loss)
        try object.encode(buckets.all.perplexity, forKey: .perplexity)
        try object.encode(
            buckets.sums.enumerated().map { index, sum in
                Bucket(
                    from: buckets.positions(index).lowerBound, to: buckets.positions(index).upperBound,
                    count: sum.count, loss: sum.mean, perplexity: sum.perplexity)
            }, forKey: .buckets)
        try object.encode(
            zip(curve.points, curve.changes).map {
                Context(context: $0.context, count: $0.loss.count, loss: $0.loss.mean, change: $1)
            }, forKey: .contexts)
        try object.encode(curve.enough(), forKey: .enough)
        try object.encode(curve.isEnoughKnown(), forKey: .isEnoughKnown)
    }

    // MARK: For people

    static func text(_ reports: [PerplexityReport], _ run: PerplexityRun) -> String {
        var text = AlignedTable(
            header: ["", say("method"), say("loss"), say("perplexity"), say("tokens")],
            rows: reports.enumerated().map { index, report in
                let all = report.buckets.all
                return [
                    String(index + 1), report.contender.scenario.shortLine, number(all.mean, 4),
                    number(all.perplexity, 2), all.count.grouped,
                ]
            }, sides: [.right, .left, .right, .right, .right]
        ).text
        text += say("loss in nats a token that another one predicts; \(run.words)\n")
        return text + positions(reports) + contexts(reports)
    }

    /// A line a bucket with its count, a column a method.
    private static func positions(_ reports: [PerplexityReport]) -> String {
        guard let first = reports.first?.buckets, first.sums.count > 1 else { return "" }
        let rows = first.sums.indices.map { index -> [String] in
            let places = first.positions(index)
            return ["\(places.lowerBound.grouped)-\((places.upperBound - 1).grouped)", first.sums[index].count.grouped]
                + reports.map { number($0.buckets.sums[index].mean, 3) }
        }
        return "\n"
            + AlignedTable(
                header: [say("positions"), say("tokens")] + reports.indices.map { String($0 + 1) }, rows: rows,
                sides: Array(repeating: .right, count: 2 + reports.count)
            ).text
    }

    private static func contexts(_ reports: [PerplexityReport]) -> String {
        guard let first = reports.first?.curve, !first.points.isEmpty else { return "" }
        let rows = first.points.indices.map { index in
            [first.points[index].context.grouped]
                + reports.flatMap { report -> [String] in
                    [number(report.curve.points[index].loss.mean, 3), signed(report.curve.changes[index])]
                }
        }
        let last =
            [say("enough")] + reports.flatMap { [$0.curve.enoughWords { $0.grouped } ?? "-", ""] }
        return "\n"
            + AlignedTable(
                header: [say("context")] + reports.indices.flatMap { [String($0 + 1), say("change")] },
                rows: rows + [last],
                sides: Array(repeating: .right, count: 1 + 2 * reports.count)
            ).text
            + say(
                "the same \(first.points[0].loss.count.grouped) tokens, read in windows of so many tokens, half a window apart\n"
            )
            + (reports.map(\.curve).contains { $0.enough() != nil && !$0.isEnoughKnown() }
                ? say("≥: the longest that was asked for; nobody knows whether it is enough.") + "\n" : "")
    }

    private static func number(_ value: Double?, _ decimals: Int) -> String {
        value.map { String(format: "%.\(decimals)f", $0) } ?? "-"
    }

    private static func signed(_ value: Double) -> String { String(format: "%+.3f", value) }

    static func figures(_ reports: [PerplexityReport], _ run: PerplexityRun) -> [Figure] {
        let view = BucketLossView(
            lines: reports.map {
                .init(title: $0.contender.scenario.shortLine, buckets: $0.buckets, curve: $0.curve)
            }, reading: run.words, look: Look(depth: .direct, ground: .light))
        let names = run.documents.map(\.text.name).prefix(3).joined(separator: ", ")
        return [view.positions, view.contexts].compactMap { figure in
            var figure = figure
            figure?.facts = [names, reports.first?.contender.model.name ?? "", say("exact runs")]
            return figure
        }
    }

    // MARK: For programs

    static func table(_ reports: [PerplexityReport]) -> AnswerTable {
        struct Row {
            let method: String
            let kind: String
            let from: Int
            let to: Int
            let sum: LossSum
        }
        let rows = reports.flatMap { report in
            report.buckets.sums.indices.map { index in
                let places = report.buckets.positions(index)
                return Row(
                    method: report.contender.scenario.line, kind: "position", from: places.lowerBound,
                    to: places.upperBound, sum: report.buckets.sums[index])
            }
                + report.curve.points.map {
                    Row(
                        method: report.contender.scenario.line, kind: "context", from: 0, to: $0.context, sum: $0.loss)
                }
        }
        return AnswerTable([
            .init("method", .words(rows.map(\.method))), .init("kind", .words(rows.map(\.kind))),
            .init("from", .integers(rows.map(\.from))), .init("to", .integers(rows.map(\.to))),
            .init("count", .integers(rows.map(\.sum.count))),
            .init("loss", .numbers(rows.map { Float($0.sum.mean ?? .nan) })),
            .init("perplexity", .numbers(rows.map { Float($0.sum.perplexity ?? .nan) })),
        ])
    }
}

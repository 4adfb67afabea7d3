import Foundation
import RopewalkMethods
import RopewalkPhrases
import RopewalkScoring

extension DataReport {
    /// Tables: documents with the strip of their coherence, the mixture, the plan.
    func text(metrics: Bool) -> String {
        var parts: [String] = []
        if !rows.isEmpty {
            parts += [documents, basis]
            if metrics { parts += rows.map(values) }
            parts.append(mixtureTable)
        }
        if let plan { parts.append(Self.text(of: plan)) }
        return parts.joined(separator: "\n")
    }

    private var documents: String {
        let highest = rows.flatMap { $0.entry.metrics.coherence?.pieces ?? [] }.map(\.accuracyDelta).max() ?? 0
        return AlignedTable(
            header: [
                say("document"), say("domain"), say("language"), say("tokens"), say("kind"), say("decided by"),
                "acc_delta", "half_overlap", say("coherence"),
            ],
            rows: rows.map { row in
                let measured = row.entry.metrics
                return [
                    Self.name(row.entry), row.entry.domain, measured.language.rawValue, measured.tokens.grouped,
                    row.verdict.shortWords, row.verdict.reason,
                    Self.number(measured.values[.accuracyDelta]),
                    Self.number(measured.values[.overlap]), Coherence.strip(measured.coherence, highest: highest),
                ]
            }, sides: [.left, .left, .left, .right, .left, .left, .right, .right, .left]
        ).text
    }

    private static func name(_ entry: DataStudy.Entry) -> String {
        let file = (entry.file as NSString).lastPathComponent
        return entry.line > 0 ? "\(file):\(entry.line)" : file
    }

    /// What the figures rest on, and that the thresholds are ours.
    private var basis: String {
        let counts = TextLanguage.allCases.map { "\(referenceCounts[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
        var text = say(
            "thresholds are our own, from a reference corpus of documents (\(counts)); LongWanjuan's are not published\n"
        )
        if rows.contains(where: { $0.verdict.between != nil }) {
            text += say(
                "A or B: A by the rule, but near a threshold, too long for the reference or without what would tell; counted as A\n"
            )
        }
        if let piece {
            text += say(
                "coherence: of pieces of \(piece.grouped) tokens the last quarter, after all of the piece and after a quarter; a block a piece\n"
            )
        } else {
            text += say("coherence was not measured: no model was run, and tokens are words\n")
        }
        if problems > 0 {
            text += say("\(problems.grouped) \(problems, one: "document was", many: "documents were") left out\n")
        }
        return text
    }

    private func values(_ row: Row) -> String {
        let known = LongTextMetric.allCases.filter { row.entry.metrics.values[$0] != nil }
        let table = AlignedTable(
            header: [say("metric"), say("value"), "z", say("percentile"), ""],
            rows: known.map { metric in
                let value = row.entry.metrics.values[metric] ?? .nan
                let spread = row.table?[metric]
                return [
                    metric.rawValue, Self.number(value), LongTextMetric.deviations(spread?.z(value)),
                    spread.map { String($0.percentile(value)) } ?? "—", metric.meaning.said,
                ]
            }, sides: [.left, .right, .right, .right, .left])
        return Self.name(row.entry) + "\n" + table.text
    }

    private var mixtureTable: String {
        let table = AlignedTable(
            header: [
                say("domain"), say("kind"), say("length"), say("documents"), say("tokens"), say("kept with"),
                say("share of tokens"),
            ],
            rows: mixture.map { cell in
                [
                    cell.domain, cell.kind.rawValue.said, cell.isLong ? say("long") : say("short"),
                    cell.documents.grouped, cell.tokens.grouped, Self.number(cell.probability),
                    String(format: "%.1f %%", 100 * cell.share),
                ]
            }, sides: [.left, .left, .left, .right, .right, .right, .right])
        return table.text
            + say("domains keep their share; within each, short documents are kept with ρ = s(1 − t) / (t(1 − s))\n")
    }

    private static func text(of plan: ExtensionPlan) -> String {
        func steps(_ tokens: ClosedRange<Double>) -> String {
            "\(plan.steps(tokens: tokens.lowerBound).grouped)–\(plan.steps(tokens: tokens.upperBound).grouped)"
        }
        func billions(_ tokens: ClosedRange<Double>) -> String {
            "\(number(tokens.lowerBound / 1e9))–\(number(tokens.upperBound / 1e9))"
        }
        let rows = [
            [say("window"), say("\(plan.from.grouped) → \(plan.to.grouped) tokens (x \(number(plan.factor)))")],
            [
                say("training length"),
                say("\(plan.shortestTraining.grouped) tokens (80K for 128K, Fu et al.) to \(plan.to.grouped)"),
            ],
            [say("tokens of a step"), Int(plan.batch).grouped],
            [
                say("texts of a step"),
                "\(number(plan.texts(length: plan.shortestTraining)))–\(number(plan.texts(length: plan.to)))",
            ],
            [
                say("within that length"),
                say("\(billions(ExtensionPlan.tokensInside))B tokens, \(steps(ExtensionPlan.tokensInside)) steps"),
            ],
            [
                say("for all of it"),
                say("\(billions(ExtensionPlan.tokensBeyond))B tokens, \(steps(ExtensionPlan.tokensBeyond)) steps"),
            ],
        ]
        let accuracy = ExtensionPlan.accuracy.map { "\(number($0.tokens / 1e9))B \(number($0.percent)) %" }
        func notes(_ points: [ExtensionPlan.Point]) -> String {
            points.map { "  \($0.source): \($0.what.said)\n" }.joined()
        }
        return AlignedTable(rows: rows, sides: [.left, .left]).text
            + say(
                "needles found by LLaMA 7B at 80K after so many tokens (Fu et al.): \(accuracy.joined(separator: ", "))\n"
            )
            + say("published:\n") + notes(ExtensionPlan.points)
            + say("contradictions:\n") + notes(ExtensionPlan.contradictions)
    }

    private static func number(_ value: Double?) -> String { LongTextMetric.text(value) }
}

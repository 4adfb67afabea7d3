import Foundation
import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkExport
import RopewalkMethods
import RopewalkPhrases

/// What was found of all heads, as `ropewalk circuits` prints it.
struct CircuitsReport {
    let findings: HeadFindings
    let run: NeedleRun
    /// What the grid shows.
    let measure: HeadMeasure
    /// In place of that measure's own.
    let threshold: Double?

    private func isFound(_ head: Int, _ finding: HeadFinding) -> Bool {
        finding.isFound(head, threshold: finding.measure == measure ? threshold : nil)
    }

    // MARK: For people

    /// The grid of the measure, then the strongest heads by every measure.
    var text: String {
        let grids = findings.findings.filter { $0.measure == measure }.map(grid)
        return grids.joined(separator: "\n") + "\n" + summary + Printable.lines(notes)
    }

    private func grid(_ finding: HeadFinding) -> String {
        let rows = (0..<findings.layers).map { layer in
            [String(layer)]
                + (0..<findings.heads).map { cell(layer * findings.heads + $0, finding) }
        }
        let table = AlignedTable(
            header: [say("layer")] + (0..<findings.heads).map { "H\($0)" }, rows: rows,
            sides: Array(repeating: .right, count: findings.heads + 1))
        let seeds = finding.seeds
        return
            say(
                "\(finding.measure.title), \(finding.test.title): per cent, mean ± spread of \(seeds) \(seeds, one: "seed", many: "seeds"); * found\n"
            )
            + table.text + chance(finding)
    }

    /// "84±5*".
    private func cell(_ head: Int, _ finding: HeadFinding) -> String {
        Self.percent(finding, head) + (isFound(head, finding) ? "*" : " ")
    }

    private static func percent(_ finding: HeadFinding, _ head: Int) -> String {
        let (mean, spread) = (finding.mean(head), finding.spread(head))
        guard mean.isFinite else { return "—" }
        return rounded(mean) + (spread.isFinite ? "±" + rounded(spread) : "")
    }

    /// Per cent, without a minus before nothing.
    private static func rounded(_ share: Double) -> String {
        let text = String(format: "%.0f", 100 * share)
        return text == "-0" ? "0" : text
    }

    private func chance(_ finding: HeadFinding) -> String {
        let heads = finding.ranking
        guard let lowest = heads.map({ finding.chance($0) }).min(),
            let highest = heads.map({ finding.chance($0) }).max(),
            let first = heads.first
        else { return "" }
        func tenth(_ share: Double) -> String { String(format: "%.1f", 100 * share) }
        guard finding.measure.isRetrieval else {
            return finding.measure == .next
                ? "" : say("by chance, of equal weights: \(tenth(lowest)) to \(tenth(highest)) %\n")
        }
        return say(
            """
            by chance, the same keys in any other order: \(tenth(lowest)) to \(tenth(highest)) %; keys drawn from all: \
            \(tenth(finding.drawn(first))) %\n
            """)
    }

    private var summary: String {
        let rows = findings.findings.map { finding in
            let ranking = finding.ranking
            let found = ranking.filter { isFound($0, finding) }
            let own = finding.measure == measure ? threshold : nil
            return [
                finding.measure.rawValue, finding.test.rawValue,
                ranking.first.map { "\(findings.head($0).name) \(Self.percent(finding, $0))" } ?? "—",
                ranking.first.map { Self.rounded(finding.chance($0)) } ?? "—",
                Self.rounded(own ?? finding.measure.threshold),
                found.isEmpty
                    ? say("none")
                    : found.prefix(Self.mostNamed).map { "\(findings.head($0).name) \(Self.percent(finding, $0))" }
                        .joined(separator: ", ") + (found.count > Self.mostNamed ? " ..." : ""),
            ]
        }
        return AlignedTable(
            header: [say("measure"), say("on"), say("strongest"), say("chance"), say("found from"), say("found")],
            rows: rows, sides: [.left, .left, .left, .right, .right, .left]
        ).text
    }

    /// Heads of one kind that a line names.
    private static let mostNamed = 12

    private var notes: String {
        var text = "\n" + findings.counts(in: Printable.text(run.haystack.name)) + "\n"
        if let problem = findings.problem { text += say("– not read: \(Printable.text(problem))") + "\n" }
        return text
    }

    // MARK: For programs

    /// A line a head and measure.
    var table: AnswerTable {
        let rows = findings.findings.flatMap { finding in
            (0..<findings.layers * findings.heads).map { (finding: finding, head: $0) }
        }
        func numbers(_ value: (HeadFinding, Int) -> Double) -> AnswerTable.Column.Values {
            .numbers(rows.map { Float(value($0.finding, $0.head)) })
        }
        return AnswerTable([
            .init("layer", .integers(rows.map { findings.head($0.head).layer })),
            .init("head", .integers(rows.map { findings.head($0.head).head })),
            .init("measure", .words(rows.map(\.finding.measure.rawValue))),
            .init("test", .words(rows.map(\.finding.test.rawValue))), .init("mean", numbers { $0.mean($1) }),
            .init("spread", numbers { $0.spread($1) }), .init("chance", numbers { $0.chance($1) }),
            .init("drawn", numbers { $0.drawn($1) }), .init("seeds", .integers(rows.map(\.finding.seeds))),
            .init("found", .integers(rows.map { isFound($0.head, $0.finding) ? 1 : 0 })),
        ])
    }
}

extension HeadFindings {
    /// How many prompts the scores of retrieval are of.
    func counts(in text: String) -> String {
        say(
            """
            \(counted.grouped) of \(prompts.grouped) \(prompts, one: "prompt counts", many: "prompts count") for retrieval, in \
            \(text): those whose answer the model finds, or with --all every one
            """)
    }

    /// Why there is no score.
    var missing: String {
        problem ?? say("of \(prompts.grouped) prompts none counts; --all counts those too whose answer is not found")
    }
}

import ArgumentParser
import Foundation
import RopewalkKernels
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

extension HeadGrid.Measure: ExpressibleByArgument {}

/// `ropewalk compare --grid`: how far every head's attention moves, in its own layer and in the whole run.
struct CompareGrid {
    let measure: HeadGrid.Measure
    let queries: Int
    let threads: Int

    /// - Parameters:
    ///   - base: what the others are compared with
    ///   - others: of the same tokens
    func reports(_ base: Comparison.Contender, _ others: [Comparison.Contender], ids: [Int32]) throws -> [GridReport] {
        for other in others { try check(other, beside: base, tokens: ids.count) }
        let recorded = try Run(model: base.model, scenario: base.scenario, threads: threads, keepsStates: true)
            .record(ids)
        return try others.map { other in
            GridReport(
                base: base, changed: other, measure: measure, tokens: ids.count,
                local: try grid(base, recorded, other, ids, inputs: recorded),
                cumulative: try grid(base, recorded, other, ids, inputs: nil))
        }
    }

    private func grid(
        _ base: Comparison.Contender, _ recorded: Recording, _ other: Comparison.Contender, _ ids: [Int32],
        inputs: Recording?
    ) throws -> HeadGrid {
        let changed = try Run(model: other.model, scenario: other.scenario, threads: threads, inputsOf: inputs)
            .record(ids)
        let progress = ProgressLine(say("comparing heads"))
        defer { progress.clear() }
        let heads = recorded.shape.layers * recorded.shape.heads
        let grid = HeadGrid(
            HeadGrid.Side(model: base.model, recording: recorded, threads: threads),
            HeadGrid.Side(model: other.model, recording: changed, threads: threads), queries: queries
        ) { done in
            progress.show(done, of: heads)
            return true
        }
        guard let grid else { throw CommandError.combination(Self.otherHeads(base, other)) }
        return grid
    }

    private func check(
        _ other: Comparison.Contender, beside base: Comparison.Contender, tokens: Int
    ) throws {
        for model in [base.model, other.model] where model.kinds.count > 1 {
            throw CommandError.combination(
                say(
                    "\(model.name) has \(model.kinds.count) kinds of attention over two texts: this question is about models with one"
                ))
        }
        let (a, b) = (base.model.shape, other.model.shape)
        guard a.layers == b.layers, a.heads == b.heads, a.hidden == b.hidden, base.model.kinds == other.model.kinds
        else { throw CommandError.combination(Self.otherHeads(base, other)) }
        try other.model.check(other.scenario, tokens: tokens)
    }

    private static func otherHeads(_ base: Comparison.Contender, _ other: Comparison.Contender) -> String {
        say(
            "--grid compares head by head: \(other.model.name) has not the layers, heads and width of \(base.model.name)"
        )
    }
}

/// The grids of one contender.
struct GridReport: Encodable {
    let base: Comparison.Contender
    let changed: Comparison.Contender
    let measure: HeadGrid.Measure
    let tokens: Int
    let local: HeadGrid
    let cumulative: HeadGrid

    private enum CodingKeys: String, CodingKey {
        case method, model, beside, measure, tokens, measuredQueries, strongest, local, cumulative
    }

    private struct Numbers: Encodable {
        /// [layer][head]
        let mean: [[Double?]]
        let tail: [[Double?]]

        init(_ grid: HeadGrid, _ measure: HeadGrid.Measure) {
            mean = Self.rows(grid.means(measure), heads: grid.heads)
            tail = Self.rows(grid.tails(measure), heads: grid.heads)
        }

        private static func rows(_ values: [Double], heads: Int) -> [[Double?]] {
            stride(from: 0, to: values.count, by: max(1, heads)).map { start in
                values[start..<start + heads].map { $0.isFinite ? $0 : nil }
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(changed.scenario.line, forKey: .method)
        try object.encode(changed.model.name, forKey: .model)
        try object.encode(base.model.name, forKey: .beside)
        try object.encode(measure.rawValue, forKey: .measure)
        try object.encode(tokens, forKey: .tokens)
        try object.encode(local.queries, forKey: .measuredQueries)
        try object.encode(RowDistance.strongest, forKey: .strongest)
        try object.encode(Numbers(local, measure), forKey: .local)
        try object.encode(Numbers(cumulative, measure), forKey: .cumulative)
    }

    /// Four tables a contender: means and tails, in its own layer and in the whole run.
    static func text(_ reports: [GridReport]) -> String { reports.map(\.text).joined(separator: "\n") }

    private var text: String {
        let title = say(
            """
            \(changed.scenario.shortLine) in \(changed.model.name), beside \(base.model.name): \(measure.meaning.said), at \
            \(local.queries.grouped) of \(tokens.grouped) queries\n
            """)
        let isLow = measure.isOfSameness
        let parts = [
            (say("local, mean: every layer reads what it reads in the other run"), local.means(measure)),
            (
                isLow ? say("local, 5th percentile of the queries") : say("local, 95th percentile of the queries"),
                local.tails(measure)
            ),
            (say("cumulative, mean: every layer reads what the changed ones below it give"), cumulative.means(measure)),
            (
                isLow
                    ? say("cumulative, 5th percentile of the queries")
                    : say("cumulative, 95th percentile of the queries"), cumulative.tails(measure)
            ),
        ]
        return title + parts.map { "\n\($0.0)\n" + table($0.1) }.joined()
    }

    private func table(_ values: [Double]) -> String {
        let heads = max(1, local.heads)
        let names = (0..<heads).map { "H\($0)" }
        let rows: [[String]] = (0..<local.layers).map { layer in
            let row = Array(values[layer * heads..<(layer + 1) * heads])
            let mean = row.reduce(0, +) / Double(heads)
            return [String(layer)] + (row + [mean]).map(Self.number)
        }
        return AlignedTable(
            header: [say("layer")] + names + [say("mean")], rows: rows,
            sides: Array(repeating: .right, count: heads + 2)
        ).text
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "—" }
        return value.isFinite ? String(format: "%.4f", value) : "∞"
    }
}

import Foundation
import TestSupport
import Testing

@testable import RopewalkKernels

/// What a run measures on its way, of maps that are given: queries that are the logarithms of a row, keys that are unit
/// vectors, so that the softmax of their products is the map.
struct MapMeasureTests {
    /// A map of the worked examples through the tiles.
    private struct Measured {
        let rows: [[Double]]
        let summary: AttentionSummary

        init(_ id: String, inductionKeys: [Int32]? = nil) throws {
            let rows: [[Double]] = try WorkedExamples("heads").value(id, "inputs", "A")
            self.rows = rows
            let (count, dimension) = (rows.count, 8)
            let (queries, keys) = (Matrix(rows: count, columns: dimension), Matrix(rows: count, columns: dimension))
            for (query, row) in rows.enumerated() {
                // Keys after the query are hidden whatever their score.
                let logs = row.map { $0 > 0 ? Float(log($0)) : 0 } + Array(repeating: 0, count: dimension - count)
                queries.setRow(query, to: logs[...])
                keys.setRow(query, to: (0..<dimension).map { $0 == query ? Float(1) : 0 }[...])
            }
            let workers = Workers(count: 1)
            let tables = PositionTables.unturned(tokens: count)
            let cache = KeyValueCache(heads: 1, dimension: dimension, tokens: count, slots: tables.keys.count)
            cache.store(
                keys: HeadPacking.tiles(keys, count: count, heads: 1, workers: workers),
                values: HeadPacking.rows(keys, count: count, heads: 1, width: cache.width, workers: workers),
                firstToken: 0, count: count, tables: tables.keys, workers: workers)
            summary = Attention(
                plans: [VisibilityPlan(.causal, positions: tables, firstQuery: 0, count: count)], cache: cache,
                heads: 1, scale: 1, poolBlock: 64,
                inductionKeys: inductionKeys ?? Array(repeating: -1, count: count)
            ).run(queries: queries, context: Matrix(rows: count, columns: dimension), workers: workers)
        }
    }

    /// float32 sums of five weights, entropies up to 2 bits.
    private static func agree(_ found: [Float], _ expected: [Double]) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs(Double($0) - $1) < 2e-6 }
    }

    @Test func measuresOfARow() throws {
        let (id, examples) = ("head_measures_5", try WorkedExamples("heads"))
        let map = try Measured(id)
        let summary = map.summary
        let entropies: [Double] = try examples.value(id, "outputs", "entropy_nats")
        #expect(Self.agree(summary.entropy.map { $0 * logf(2) }, entropies))
        let distances: [Double] = try examples.value(id, "outputs", "mean_distance")
        // A tile's sum of places is a difference of numbers as large as its 256 keys: two roundings of those are 3e-5.
        let worst = zip(summary.distance, distances).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
        #expect(worst < 6e-5, "\(worst)")
        func mean(_ values: some Collection<Float>) -> Float { values.reduce(0, +) / Float(values.count) }
        #expect(Self.agree([mean(summary.sink.dropFirst())], [try examples.value(id, "outputs", "sink_mass_first1")]))
        #expect(Self.agree([mean(summary.previous.dropFirst())], [try examples.value(id, "outputs", "previous_token")]))
        #expect(summary.topKey.array == map.rows.map { row in Int32(row.firstIndex(of: row.max() ?? 0) ?? -1) })
    }

    /// Three tokens and the same again: what followed each of them the first time.
    @Test func inductionIsTheWeightOfWhatFollowed() throws {
        let id = "induction_scores_7"
        let map = try Measured(id, inductionKeys: [-1, -1, -1, -1, 2, 3, 4])
        let second = map.summary.induction[4...]
        #expect(map.summary.induction[..<4].allSatisfy { $0 == 0 })
        let expected: Double = try WorkedExamples("heads").value(id, "outputs", "induction")
        #expect(Self.agree([second.reduce(0, +) / 3], [expected]))
    }
}

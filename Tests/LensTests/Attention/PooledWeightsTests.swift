import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// Sums over heads against the rows of each.
struct PooledWeightsTests {
    @Test func rowsOfAllHeadsAreAddedAndCompared() throws {
        let lens = Lens(recording: try Sample.recording(300, []), threads: 2)
        let heads = lens.recording.shape.heads
        let pooled = try #require(lens.pooledRow(layer: 1, query: 250))
        let rows = try (0..<heads).map { try #require(lens.row(layer: 1, head: $0, query: 250)).weights }
        #expect(pooled.heads == heads && pooled.first == 0 && pooled.sum.count == 251)
        for key in stride(from: 0, through: 250, by: 7) {
            #expect(abs(pooled.sum[key] - rows.map { $0[key] }.reduce(0, +)) < 1e-5)
            #expect(pooled.highest[key] == rows.map { $0[key] }.max())
        }
        #expect(abs(pooled.mean.reduce(0, +) - 1) < 1e-4)
        var both = pooled
        both.add(try #require(lens.pooledRow(layer: 0, query: 250)))
        #expect(both.heads == 2 * heads && abs(both.mean.reduce(0, +) - 1) < 1e-4)
    }

    @Test func columnsOfAllHeadsAreThoseOfTheRows() throws {
        let lens = Lens(recording: try Sample.recording(300, []), threads: 2)
        let heads = lens.recording.shape.heads
        let pooled = try #require(lens.pooledColumn(layer: 1, key: 40))
        for query in [40, 41, 100, 299] {
            let weights = try (0..<heads).map { try #require(lens.row(layer: 1, head: $0, query: query)).weights[40] }
            #expect(abs(pooled.sum[query - pooled.first] - weights.reduce(0, +)) < 1e-4)
            #expect(abs(pooled.highest[query - pooled.first] - (weights.max() ?? 0)) < 1e-5)
        }
    }

    /// What a head rests on does not count in that head, and counts in the others.
    @Test func sinksAreLeftOutOfTheirHeads() throws {
        let lens = Lens(recording: try Sample.recording(300, []), threads: 2)
        let heads = lens.recording.shape.heads
        var sinks = [Set<Int>](repeating: [], count: heads)
        sinks[1] = [0, 9_999]
        let pooled = try #require(lens.pooledRow(layer: 1, query: 250, leavingOut: sinks))
        let rows = try (0..<heads).map { try #require(lens.row(layer: 1, head: $0, query: 250)).weights }
        let expected = rows.enumerated().map { $0.offset == 1 ? 0 : $0.element[0] }.reduce(0, +)
        #expect(abs(pooled.sum[0] - expected) < 1e-5)
        let column = try #require(lens.pooledColumn(layer: 1, key: 0, leavingOut: sinks))
        #expect(abs(column.sum[250] - expected) < 1e-4)
    }

    @Test func aPreviewHasRowsAndNoColumns() throws {
        let recording = try Sample.recording(300, [])
        let preview = Lens(recording: recording, scenario: try Scenario(parsing: ["window:size=16"]), threads: 2)
        #expect(preview.pooledRow(layer: 0, query: 250) != nil && preview.pooledColumn(layer: 0, key: 3) == nil)
        #expect(Lens(recording: recording).pooledRow(layer: 0, query: 300) == nil)
    }
}

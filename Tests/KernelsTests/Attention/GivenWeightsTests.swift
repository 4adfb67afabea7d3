import Foundation
import TestSupport
import Testing

@testable import RopewalkKernels

/// What is measured of maps that are given, against the worked examples and sums in float64.
struct GivenWeightsTests {
    private static func weights(_ heads: [[[Double]]], _ format: FileTensor.Format = .f32) throws -> GivenWeights {
        let numbers = heads.joined().joined()
        let bytes: [UInt8] = numbers.flatMap { number -> [UInt8] in
            switch format {
            case .f64: withUnsafeBytes(of: number) { Array($0) }
            case .f16: withUnsafeBytes(of: UInt16(Self.half(number))) { Array($0) }
            default: withUnsafeBytes(of: Float(number)) { Array($0) }
            }
        }
        let stored = bytes.withUnsafeBytes { StoredBytes(copying: $0) }
        let tensor = FileTensor(
            stored, name: "maps", offset: 0, format: format,
            heads: 0..<heads.count, rows: heads[0].count, width: heads[0][0].count)
        return try #require(GivenWeights([tensor]))
    }

    /// The bits of 0, 0.25, 0.5 and 1, which are exact in half precision.
    private static func half(_ number: Double) -> UInt16 { [0: 0, 0.25: 0x3400, 0.5: 0x3800, 1: 0x3C00][number] ?? 0 }

    @Test func measuresOfARow() throws {
        let (id, examples) = ("head_measures_5", try WorkedExamples("heads"))
        let rows: [[Double]] = try examples.value(id, "inputs", "A")
        let weights = try Self.weights([rows])
        let measures = weights.measures(
            layer: 0, inductionKeys: [-1, -1, 0, 1, 2], poolBlock: 2, tolerance: 1e-3, workers: Workers(count: 1))
        let summary = measures.summary
        let entropies: [Double] = try examples.value(id, "outputs", "entropy_nats")
        let distances: [Double] = try examples.value(id, "outputs", "mean_distance")
        // Sums are float64; the weights were rounded to float32.
        #expect(zip(summary.entropy, entropies).allSatisfy { abs(Double($0) * log(2) - $1) < 5e-7 })
        #expect(zip(summary.distance, distances).allSatisfy { abs(Double($0) - $1) < 5e-7 })
        #expect(summary.sink.array == rows.map { Float($0[0]) })
        #expect(summary.previous.array == rows.indices.map { $0 > 0 ? Float(rows[$0][$0 - 1]) : 0 })
        #expect(summary.induction.array == [0, 0, Float(rows[2][0]), Float(rows[3][1]), Float(rows[4][2])])
        #expect(summary.topKey.array == rows.map { row in Int32(row.firstIndex(of: row.max() ?? 0) ?? -1) })
        #expect(summary.logSumExp.allSatisfy { $0 == 0 } && summary.hasPairs)
        #expect(summary.poolRows == 3 && summary.poolColumns == 3)
        for row in 0..<3 {
            for column in 0..<3 {
                let block = (2 * row..<min(5, 2 * row + 2)).flatMap { rows[$0][2 * column..<min(5, 2 * column + 2)] }
                #expect(summary.pooledMaximum[3 * row + column] == Float(block.max() ?? 0))
                #expect(abs(Double(summary.pooledMass[3 * row + column]) - block.reduce(0, +)) < 5e-7)
            }
        }
        let findings = try #require(measures.findings.first)
        #expect(!findings.readsLater && findings.empty == 0 && findings.unequal == 0 && findings.impossible == nil)
    }

    @Test(arguments: [FileTensor.Format.f64, .f32, .f16]) func rowsAreAsTheyAreGiven(format: FileTensor.Format) throws {
        let rows: [[Double]] = [[1, 0, 0], [0.5, 0.25, 0.25], [0, 0, 0]]
        let weights = try Self.weights([rows, rows.reversed()], format)
        for head in 0..<2 {
            let expected = head == 0 ? rows : rows.reversed()
            let matrix = weights.rows(layer: 0, head: head, queries: [2, 0], keys: 2, workers: Workers(count: 1))
            #expect(matrix.columns == tileSize)
            #expect(matrix.copy(row: 0, columns: 0..<3) == [Float(expected[2][0]), Float(expected[2][1]), 0])
            #expect(weights.weights(layer: 0, head: head, query: 1, keys: 1..<3) == [0.25, 0.25])
            let logs = ScoreRows(weights, layer: 0, head: head, places: [1]).scores(
                with: [KeyTile(keys: [], offset: 0, index: 0)])
            #expect(logs.copy(row: 0, columns: 0..<4) == [logf(0.5), logf(0.25), logf(0.25), -.infinity])
        }
        let measures = weights.measures(
            layer: 0, inductionKeys: [-1, -1, -1], poolBlock: 64, tolerance: 1e-3, workers: Workers(count: 2))
        #expect(measures.findings.map(\.empty) == [1, 1] && measures.findings.map(\.readsLater) == [true, true])
        #expect(measures.summary.topKey.array == [0, 0, -1, -1, 0, 0])
        #expect(measures.summary.logSumExp.array.map(\.isFinite) == [true, true, false, false, true, true])
    }

    @Test(arguments: [-0.25, Double.nan, .infinity]) func whatIsNoWeightIsFound(bad: Double) throws {
        let weights = try Self.weights([[[1, 0], [0.5, 0.5]], [[1, 0], [0.5, bad]]])
        let findings = weights.measures(
            layer: 0, inductionKeys: [-1, -1], poolBlock: 64, tolerance: 1e-3, workers: Workers(count: 1)
        ).findings
        #expect(findings[0].impossible == nil)
        let found = try #require(findings[1].impossible)
        #expect(found.query == 1 && found.key == 1)
    }

    @Test func rowsThatDoNotSumToOneAreCounted() throws {
        let weights = try Self.weights([[[0.9, 0], [0.5, 0.5]], [[1, 0], [0.5, 0.8]]])
        let findings = weights.measures(
            layer: 0, inductionKeys: [-1, -1], poolBlock: 64, tolerance: 1e-3, workers: Workers(count: 1)
        ).findings
        #expect(findings.map(\.unequal) == [1, 1])
        let worst = try #require(findings[1].worst)
        #expect(worst.query == 1 && abs(worst.sum - 1.3) < 1e-6)
    }

    @Test func memoryIsCountedBeforeItIsTaken() {
        #expect(
            GivenWeights.measureBytes(layers: 1, heads: 12, queries: 4096, keys: 4096, poolBlock: 64) ?? .max < 4 << 20)
        #expect(GivenWeights.measureBytes(layers: .max, heads: 2, queries: 2, keys: 2, poolBlock: 64) == nil)
    }
}

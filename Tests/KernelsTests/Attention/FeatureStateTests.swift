import Foundation
import TestSupport
import Testing

@testable import RopewalkKernels

/// What linear attention keeps in place of keys and values, key after key, against the worked example.
struct FeatureStateTests {
    @Test func statesAreThoseOfTheExample() throws {
        let (id, examples) = ("linear_elu1_4", try WorkedExamples("kernel-attention"))
        func matrix(_ name: String) throws -> Matrix {
            let rows: [[Double]] = try examples.value(id, "inputs", name)
            let matrix = Matrix(rows: rows.count, columns: 2)
            for (row, values) in rows.enumerated() { matrix.setRow(row, to: values.map { Float($0) }[...]) }
            return matrix
        }
        let workers = Workers(count: 1)
        let tables = PositionTables.unturned(tokens: 4)
        let cache = KeyValueCache(heads: 1, dimension: 2, tokens: 4, slots: tables.keys.count)
        cache.store(
            keys: HeadPacking.tiles(try matrix("k"), count: 4, heads: 1, workers: workers),
            values: HeadPacking.rows(try matrix("v"), count: 4, heads: 1, width: cache.width, workers: workers),
            firstToken: 0, count: 4, tables: tables.keys, workers: workers)
        let map = FeatureMap(form: .linear, directions: [], dimension: 2, scale: 0.7)
        let state = FeatureState(map: map, valueWidth: cache.width)
        let keys = FeatureBlock(map: map, valueWidth: cache.width)
        let expected: [[String: Any]] = try examples.value(id, "outputs", "states")
        for (token, after) in expected.enumerated() {
            keys.take(
                cache.keyTile(head: 0, tile: 0), first: token, count: 1,
                values: cache.valueTile(head: 0, tile: 0) + token * cache.width)
            state.raise(for: keys)
            state.add(keys)
            let sums = try #require(after["S"] as? [[Double]])
            let features = try #require(after["z"] as? [Double])
            for feature in 0..<2 {
                // What is kept is divided by the highest feature so far. Sums up to 6 of float32.
                let divisor = Double(expf(state.highest.base[feature]))
                let z = Double(state.sums.row(feature)[FeatureState.Sum.features.rawValue]) * divisor
                #expect(abs(z - features[feature]) < 2e-6, "token \(token)")
                for i in 0..<2 {
                    let found = Double(state.values.row(feature)[i]) * divisor
                    #expect(abs(found - sums[feature][i]) < 2e-6, "token \(token)")
                }
            }
        }
    }
}

import Synchronization
import Testing

@testable import Kernels

/// Work that is shared among threads.
struct WorkersTests {
    @Test(arguments: [1, 2, 5, 64]) func resultsComeInOrder(count: Int) {
        let workers = Workers(count: count)
        #expect(workers.map(0) { $0 }.isEmpty)
        #expect(workers.map(1) { "\($0)" } == ["0"])
        for _ in 0..<20 { #expect(workers.map(1000) { "task \($0)" } == (0..<1000).map { "task \($0)" }) }
    }

    @Test(arguments: [0, 1, 15, 16, 33, 1000]) func slabsCoverEveryRowOnce(rows: Int) {
        let sums = Mutex([Int](repeating: 0, count: rows))
        Workers(count: 3).forEachSlab(of: rows) { slab in sums.withLock { sums in for row in slab { sums[row] += 1 } } }
        #expect(sums.withLock { $0 }.allSatisfy { $0 == 1 })
    }

    /// Matrix products of a row are the same to the bit however the rows are shared.
    @Test(arguments: [33, 188, 512, 700]) func productsDoNotDependOnTheWorkers(rows: Int) {
        var random = Random(seed: 8)
        let input = ElementwiseTests.matrix((0..<rows).map { _ in random.floats(64) })
        let weights = WeightMatrix(outputs: 96, inputs: 64, values: random.floats(96 * 64))
        let results = [1, 2, 3, 5, 16].map { count in
            let output = Matrix(rows: rows, columns: 96)
            weights.apply(to: input, rows: rows, output: output, workers: Workers(count: count))
            return output.copy(rows: 0..<rows)
        }
        #expect(results.dropFirst().allSatisfy { $0 == results[0] })
    }

    @Test func theCountIsBounded() {
        #expect(Workers(count: 100_000).count == 256)
        #expect(Workers(count: 0).count >= 1 && Workers(count: -3).count >= 1)
    }
}

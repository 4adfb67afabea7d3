import Synchronization
import Testing

@testable import RopewalkKernels

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

    @Test func theCountIsBounded() {
        #expect(Workers(count: 100_000).count == 256)
        #expect(Workers(count: 0).count >= 1 && Workers(count: -3).count >= 1)
    }
}

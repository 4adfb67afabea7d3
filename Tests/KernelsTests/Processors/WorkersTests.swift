import Foundation
import Synchronization
import TestSupport
import Testing

@testable import RopewalkKernels

/// Work that is shared among threads.
struct WorkersTests {
    @Test(arguments: [1, 2, 5, 64]) func resultsComeInOrder(count: Int) {
        let workers = Workers(count: count)
        #expect(workers.map(0) { $0 }.isEmpty)
        #expect(workers.map(1) { "\($0)" } == ["0"])
        for _ in 0..<20 {
            #expect(firstDifference(workers.map(1000) { "task \($0)" }, (0..<1000).map { "task \($0)" }) == nil)
        }
    }

    /// A handler can run on every thread that works, whatever its stack has come to.
    @Test func handlersHaveAStackOnEveryThread() {
        func hasNone() -> Bool {
            var stack = stack_t()
            sigaltstack(nil, &stack)
            return stack.ss_flags & Int32(SS_DISABLE) != 0
        }
        let own = pthread_self()
        let missing = Workers(count: 4).map(200) { _ -> Bool in
            usleep(100)
            return pthread_self() != own && hasNone()
        }
        #expect(!missing.contains(true))
        let before = hasNone()
        HandlerStack.run { #expect(!hasNone()) }
        #expect(hasNone() == before)
    }

    /// Threads are kept and lent again: by several callers at once, and by work that is itself shared.
    @Test func threadsAreLentToEveryCaller() async {
        await withTaskGroup(of: Bool.self) { group in
            for caller in 0..<6 {
                group.addTask {
                    (0..<300).allSatisfy { round in
                        let workers = Workers(count: 2 + (caller + round) % 4)
                        let sums = workers.map(5) { task in workers.map(3) { task * 10 + $0 }.reduce(0, +) }
                        return sums == (0..<5).map { 30 * $0 + 3 }
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test(arguments: [0, 1, 15, 16, 33, 1000]) func slabsCoverEveryRowOnce(rows: Int) {
        let sums = Mutex([Int](repeating: 0, count: rows))
        Workers(count: 3).forEachSlab(of: rows) { slab in sums.withLock { sums in for row in slab { sums[row] += 1 } } }
        #expect(sums.withLock { $0 }.allSatisfy { $0 == 1 })
    }

    /// Kernels take 12 rows at a time at most; parts that begin elsewhere would give other numbers.
    @Test(arguments: [1, 12, 47, 96, 97, 700, 1024, 1_000_003], [0, 48, 500]) func slabsBeginWhereBlocksDo(
        rows: Int, smallest: Int
    ) {
        for count in [1, 2, 3, 5, 7, 64] {
            let found = Mutex<[Range<Int>]>([])
            Workers(count: count).forEachSlab(of: rows, smallest: smallest) { slab in
                found.withLock { $0.append(slab) }
            }
            let slabs = found.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
            #expect(slabs.count <= count && slabs.first?.lowerBound == 0 && slabs.last?.upperBound == rows)
            #expect(slabs.allSatisfy { $0.lowerBound % 12 == 0 && $0.upperBound > $0.lowerBound })
            let even = rows / slabs.count
            #expect(slabs.allSatisfy { abs($0.count - even) <= 12 })
            #expect(slabs.count == 1 || even >= smallest)
        }
    }

    @Test func theCountIsBounded() {
        #expect(Workers(count: 100_000).count == 256)
        #expect(Workers(count: 0).count >= 1 && Workers(count: -3).count >= 1)
    }
}

import CRopewalkKernels
import Synchronization

/// Working memory of one group on its way through the tiles. One task has it at a time: it goes from hand to hand under the
/// lock of `kept`.
final class AttentionScratch: @unchecked Sendable {
    /// Rows of the group: running maximum, sum, score sum, key sum, rescale. [5, group]
    let running: Matrix
    let scores = Matrix(rows: VisibilityPlan.groupSize, columns: tileSize, filling: nil)
    /// Scores of another piece of the positions.
    let others = Matrix(rows: VisibilityPlan.groupSize, columns: tileSize, filling: nil)
    let ones = Matrix(rows: 1, columns: VisibilityPlan.groupSize, filling: 1)
    let output: Matrix
    /// Highest score and sum of exponentials of every block of keys. [group, block]
    let blockMaximum: Matrix
    let blockSum: Matrix
    /// The highest score of each row so far and its key, where they are noted on the way. [1, group]
    let strongest: Matrix
    var strongestKeys: [Int]
    /// The running maximum that the sums of a tile refer to. [group, tile]
    let reference: Matrix

    init(tiles: Int, width: Int, blocksPerTile: Int) {
        let rows = VisibilityPlan.groupSize
        running = Matrix(rows: 5, columns: rows, filling: nil)
        output = Matrix(rows: rows, columns: width, filling: nil)
        blockMaximum = Matrix(rows: rows, columns: tiles * blocksPerTile, filling: nil)
        blockSum = Matrix(rows: rows, columns: tiles * blocksPerTile, filling: nil)
        strongest = Matrix(rows: 1, columns: rows, filling: nil)
        strongestKeys = []
        reference = Matrix(rows: rows, columns: tiles, filling: nil)
        begin()
    }

    /// As if nothing had been done yet.
    private func begin() {
        running.fill(0)
        running.row(0).update(repeating: -1e30, count: running.columns)
        output.fill(0)
        // Tiles that nobody sees are skipped: only their maxima are looked at.
        blockMaximum.fill(-.infinity)
        strongest.fill(-.infinity)
        strongestKeys = Array(repeating: -1, count: VisibilityPlan.groupSize)
    }

    // MARK: Keeping

    /// What was given back. A run token by token takes hundreds for every token, of ten blocks of memory each.
    private static let kept = Mutex<[AttentionScratch]>([])
    private static let keptAtMost = 32
    /// Of longer texts a piece of work takes longer than its memory to find, and would keep much.
    private static let keptTiles = 64

    /// Working memory of that size, as new.
    static func take(tiles: Int, width: Int, blocksPerTile: Int) -> AttentionScratch {
        let old = kept.withLock { kept in
            kept.lastIndex {
                $0.reference.columns == tiles && $0.output.columns == width
                    && $0.blockSum.columns == tiles * blocksPerTile
            }
            .map { kept.remove(at: $0) }
        }
        guard let old else { return AttentionScratch(tiles: tiles, width: width, blocksPerTile: blocksPerTile) }
        old.begin()
        return old
    }

    /// Gives it to whoever takes such next; nobody else uses it.
    func give() {
        guard reference.columns <= Self.keptTiles else { return }
        Self.kept.withLock { kept in
            if kept.count >= Self.keptAtMost { kept.removeFirst() }
            kept.append(self)
        }
    }

    var state: ck_running {
        ck_running(
            maximum: running.row(0), sum: running.row(1), score_sum: running.row(2), key_sum: running.row(3),
            rescale: running.row(4))
    }
}

import CRopewalkKernels
import Synchronization

// Weights that are not float32 in memory are widened for every product: small ones as a whole, others a tile of output
// rows at a time.

extension WeightMatrix {
    /// Output rows that make the product with a tile cost much more than to set it up (measured: 64 are slower by a fifth,
    /// 256 are no faster).
    private static let usualRows = 128
    /// Numbers of a tile: enough to be worth a task, and no more than 16 MB for each worker.
    private static let numbers = 1 << 17...1 << 22

    /// Output rows of a tile. It depends on the shape alone, so that results do not depend on the workers.
    var tileRows: Int {
        let inputs = max(1, inputs)
        let rows = max(Self.usualRows, Self.numbers.lowerBound / inputs)
        return min(outputs, max(1, min(rows, Self.numbers.upperBound / inputs)))
    }

    /// Whether the numbers lie row after row as float32, so that none has to be widened.
    package var isWidened: Bool { withFloats { $0 != nil } }

    /// Calls `body` with the numbers where they lie row after row as float32, and with nil where they must be widened.
    func withFloats<Result>(_ body: (UnsafePointer<Float>?) -> Result) -> Result {
        guard case .range(let range) = order else { return body(nil) }
        switch storage {
        case .floats(let values):
            return values.withUnsafeBufferPointer { body($0.baseAddress.map { $0 + range.lowerBound * inputs }) }
        case .stored(let bytes, .f32):
            return bytes.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress, Int(bitPattern: base) % MemoryLayout<Float>.alignment == 0 else {
                    return body(nil)
                }
                return body(base.assumingMemoryBound(to: Float.self) + range.lowerBound * inputs)
            }
        case .stored, .packed, .adapted, .nothing: return body(nil)
        }
    }

    /// Writes some rows as float32.   target: [rows.count, inputs]
    func widen(_ rows: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        switch storage {
        // Placeholders are made only where weights are checked and no model comes of it (Weights(checking:)).
        case .nothing: preconditionFailure("a placeholder has no numbers")
        case .floats(let values):
            values.withUnsafeBufferPointer { source in
                guard let base = source.baseAddress else { return }
                for (place, row) in rows.enumerated() {
                    (target + place * inputs).update(from: base + order[row] * inputs, count: inputs)
                }
            }
        case .packed(let packed): packed.widen(rows.lazy.map { order[$0] }, into: target)
        case .adapted(let base, let update):
            for (place, row) in rows.map({ order[$0] }).enumerated() {
                base.widen(row..<row + 1, into: target + place * inputs)
                update.add(row: row, to: target + place * inputs)
            }
        case .stored(let bytes, let format):
            let blocks = inputs / format.blockLength
            let rowBytes = blocks * format.blockBytes
            bytes.withUnsafeBytes { source in
                guard let base = source.baseAddress else { return }
                if case .range(let range) = order {
                    let first = range.lowerBound + rows.lowerBound
                    ck_widen(format.code, base + first * rowBytes, rows.count * blocks, target)
                } else {
                    for (place, row) in rows.enumerated() {
                        ck_widen(format.code, base + order[row] * rowBytes, blocks, target + place * inputs)
                    }
                }
            }
        }
    }

    /// Calls `body` with all numbers as float32 where they are few enough to be widened together; false where they are not.
    ///
    /// The rows of input can then be shared among any number of workers, and a product is to the bit that with float32 in
    /// memory.
    func withWidened(workers: Workers, _ body: (UnsafePointer<Float>) -> Void) -> Bool {
        guard outputs * inputs <= CK_SCRATCH, let whole = ck_scratch_take() else { return false }
        defer { ck_scratch_give(whole) }
        let side = tileRows
        workers.forEach((outputs + side - 1) / side) { task in
            let first = task * side
            widen(first..<min(outputs, first + side), into: whole + first * inputs)
        }
        body(whole)
        return true
    }

    /// Calls `body` with every tile of output rows and its numbers as float32, shared among the workers; with none any more
    /// once it is cancelled.
    func forEachTile(
        workers: Workers, isCancelled: () -> Bool = { false }, _ body: (Range<Int>, UnsafePointer<Float>) -> Void
    ) {
        let side = tileRows
        guard side > 0 else { return }
        let tiles = (outputs + side - 1) / side
        let next = Atomic(0)
        withFloats { weights in
            workers.forEach(min(workers.count, tiles)) { _ in
                let scratch = weights == nil ? Matrix(rows: side, columns: inputs, filling: nil) : nil
                while true {
                    let first = next.add(1, ordering: .relaxed).oldValue * side
                    guard first < outputs, !isCancelled() else { return }
                    let tile = first..<min(outputs, first + side)
                    if let weights {
                        body(tile, weights + first * inputs)
                    } else if let scratch {
                        widen(tile, into: scratch.base)
                        body(tile, scratch.base)
                    }
                }
            }
        }
    }
}

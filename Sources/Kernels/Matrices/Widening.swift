import CRopewalkKernels
import Foundation

/// Weights as a file keeps them, as float32. All but F64 are kept exactly; the scales of blocks are multiplied in
/// float32.
package enum Widening {
    /// Bytes that one worker looks through at a time.
    private static let piece = 1 << 20

    /// The numbers of whole blocks, little-endian, at any alignment.
    package static func values(_ bytes: UnsafeRawBufferPointer, _ format: WeightFormat) -> [Float] {
        let blocks = bytes.count / format.blockBytes
        return [Float](unsafeUninitializedCapacity: blocks * format.blockLength) { buffer, count in
            if let source = bytes.baseAddress, let target = buffer.baseAddress {
                ck_widen(format.code, source, blocks, target)
            }
            count = blocks * format.blockLength
        }
    }

    /// The place of the first number that is NaN or infinite as float32, without widening into memory; of blocks with
    /// scales the first number of the first block whose scales are.
    package static func firstNotFinite(
        in bytes: UnsafeRawBufferPointer, _ format: WeightFormat, workers: Workers
    ) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let blocks = bytes.count / format.blockBytes
        let perPiece = max(1, piece / format.blockBytes)
        let found = workers.map((blocks + perPiece - 1) / perPiece) { task in
            let first = task * perPiece
            let place = ck_find_not_finite(
                format.code, base + first * format.blockBytes, min(perPiece, blocks - first))
            return place < 0 ? -1 : first + place
        }
        return found.first { $0 >= 0 }.map { $0 * format.blockLength }
    }
}

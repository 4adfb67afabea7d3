import CRopewalkKernels
import Foundation

/// Scales of groups of weights, as files keep them.
package enum PackedNumbers: Sendable {
    case floats([Float])
    /// F32, F16 or BF16, little-endian.
    case stored(Data, WeightFormat)
    /// A byte a number, which stands for one of 256.
    case table(Data, [Float])

    package var count: Int {
        switch self {
        case .floats(let values): values.count
        case .stored(let bytes, let format): bytes.count / format.blockBytes
        case .table(let bytes, _): bytes.count
        }
    }

    /// Whether they are kept in a way that can be read.
    var isReadable: Bool {
        switch self {
        case .floats: true
        case .stored(_, let format): [.f32, .f16, .bf16].contains(format)
        case .table(_, let values): values.count == 256
        }
    }

    /// Calls `body` with what the loops know them by.
    func withNumbers<Result>(_ body: (ck_numbers) -> Result) -> Result {
        func call(_ bytes: UnsafeRawBufferPointer, _ format: WeightFormat, _ table: UnsafePointer<Float>?) -> Result {
            body(
                ck_numbers(
                    bytes: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), format: format.code, table: table))
        }
        switch self {
        case .floats(let values): return values.withUnsafeBytes { call($0, .f32, nil) }
        case .stored(let bytes, let format): return bytes.withUnsafeBytes { call($0, format, nil) }
        case .table(let bytes, let values):
            return bytes.withUnsafeBytes { bytes in
                values.withUnsafeBufferPointer { call(bytes, .f32, $0.baseAddress) }
            }
        }
    }

    /// All of them.
    package func values() -> [Float] {
        withNumbers { numbers in
            withUnsafePointer(to: numbers) { pointer in (0..<count).map { ck_number(pointer, $0) } }
        }
    }
}

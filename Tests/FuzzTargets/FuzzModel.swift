import Foundation

/// The numbers of a small model of the fixtures, whose header and settings are what is fuzzed.
struct FuzzModel: Sendable {
    /// What follows the header of its weights.
    let numbers: Data

    /// - Parameter path: of a safetensors file
    private init(_ path: String) throws {
        let file = try Data(contentsOf: URL(fileURLWithPath: path))
        let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        numbers = Data(file.dropFirst(8 + length))
    }

    /// A safetensors file with another header before the same numbers.
    func file(header: UnsafeRawBufferPointer.SubSequence) -> Data {
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return Data(length) + header + numbers
    }

    /// Names of the folders with quantised models, in an order that inputs count on.
    private static let quantised = [
        "awq", "bnb_fp4", "bnb_int8", "bnb_nf4_nested", "ct_float", "ct_int", "ct_nvfp4", "ct_pack", "fp8_block",
        "gptq_3", "gptq_4_order", "mlx_mixed", "mlx_mxfp4", "mxfp4",
    ]

    static func all(for target: FuzzTarget, fixtures: String) throws -> [FuzzModel] {
        switch target {
        case .quantised: try quantised.map { try FuzzModel("\(fixtures)/quantised/\($0)/model.safetensors") }
        case .adapters: [try FuzzModel("\(fixtures)/adapters/llama/adapter/adapter_model.safetensors")]
        default: []
        }
    }
}

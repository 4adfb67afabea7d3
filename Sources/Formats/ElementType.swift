/// How the numbers of a tensor are stored; the raw value is the name in safetensors and GGUF files.
///
/// Those of GGUF beyond the plain ones come in blocks of several numbers that share scales.
package enum ElementType: String, Sendable, CaseIterable {
    case f64 = "F64"
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"
    case f8E4M3 = "F8_E4M3"
    case f8E5M2 = "F8_E5M2"
    case i64 = "I64"
    case i32 = "I32"
    case i16 = "I16"
    case i8 = "I8"
    case u64 = "U64"
    case u32 = "U32"
    case u16 = "U16"
    case u8 = "U8"
    case bool = "BOOL"
    case q4_0 = "Q4_0"
    case q4_1 = "Q4_1"
    case q5_0 = "Q5_0"
    case q5_1 = "Q5_1"
    case q8_0 = "Q8_0"
    case q2_K = "Q2_K"
    case q3_K = "Q3_K"
    case q4_K = "Q4_K"
    case q5_K = "Q5_K"
    case q6_K = "Q6_K"
    case iq1_S = "IQ1_S"
    case iq1_M = "IQ1_M"
    case iq2_XXS = "IQ2_XXS"
    case iq2_XS = "IQ2_XS"
    case iq2_S = "IQ2_S"
    case iq3_XXS = "IQ3_XXS"
    case iq3_S = "IQ3_S"
    case iq4_NL = "IQ4_NL"
    case iq4_XS = "IQ4_XS"
    case tq1_0 = "TQ1_0"
    case tq2_0 = "TQ2_0"
    case mxfp4 = "MXFP4"
    case nvfp4 = "NVFP4"

    /// The bytes of one number, or of one block.
    package var size: Int { block.bytes }
    /// The numbers of one block; 1 for plain types.
    package var blockLength: Int { block.length }

    private var block: (bytes: Int, length: Int) {
        switch self {
        case .f64, .i64, .u64: (8, 1)
        case .f32, .i32, .u32: (4, 1)
        case .f16, .bf16, .i16, .u16: (2, 1)
        case .i8, .u8, .bool, .f8E4M3, .f8E5M2: (1, 1)
        case .q4_0, .iq4_NL: (18, 32)
        case .q4_1: (20, 32)
        case .q5_0: (22, 32)
        case .q5_1: (24, 32)
        case .q8_0: (34, 32)
        case .mxfp4: (17, 32)
        case .nvfp4: (36, 64)
        case .q2_K: (84, 256)
        case .q3_K, .iq3_S: (110, 256)
        case .q4_K: (144, 256)
        case .q5_K: (176, 256)
        case .q6_K: (210, 256)
        case .iq1_S: (50, 256)
        case .iq1_M: (56, 256)
        case .iq2_XXS, .tq2_0: (66, 256)
        case .iq2_XS: (74, 256)
        case .iq2_S: (82, 256)
        case .iq3_XXS: (98, 256)
        case .iq4_XS: (136, 256)
        case .tq1_0: (54, 256)
        }
    }

    /// The bytes of a tensor of that shape; nil where a length is negative, a row is no whole number of blocks, or the
    /// product exceeds an Int.
    package func byteCount(shape: [Int]) -> Int? {
        let block = block
        guard (shape.last ?? 1) % block.length == 0 else { return nil }
        var bytes = block.bytes
        for (axis, length) in shape.enumerated() {
            let blocks = axis == shape.count - 1 ? length / block.length : length
            let (product, overflow) = bytes.multipliedReportingOverflow(by: blocks)
            if length < 0 || overflow { return nil }
            bytes = product
        }
        return bytes
    }
}

extension ElementType {
    /// The type by its name in a safetensors header; nil for what such a file cannot have.
    init?(safetensors name: String) {
        guard let type = ElementType(rawValue: name), type.blockLength == 1 else { return nil }
        self = type
    }

    /// The type by its number in a GGUF file.
    init?(gguf number: UInt32) {
        guard let type = Self.ggufNumbers[number] else { return nil }
        self = type
    }

    private static let ggufNumbers: [UInt32: ElementType] = [
        0: .f32, 1: .f16, 2: .q4_0, 3: .q4_1, 6: .q5_0, 7: .q5_1, 8: .q8_0, 10: .q2_K, 11: .q3_K, 12: .q4_K,
        13: .q5_K, 14: .q6_K, 16: .iq2_XXS, 17: .iq2_XS, 18: .iq3_XXS, 19: .iq1_S, 20: .iq4_NL, 21: .iq3_S,
        22: .iq2_S, 23: .iq4_XS, 24: .i8, 25: .i16, 26: .i32, 27: .i64, 28: .f64, 29: .iq1_M, 30: .bf16,
        34: .tq1_0, 35: .tq2_0, 39: .mxfp4, 40: .nvfp4,
    ]
}

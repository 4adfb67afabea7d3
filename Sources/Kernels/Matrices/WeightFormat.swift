import CRopewalkKernels

/// How a file keeps the numbers of weights; the raw value is the format's name there.
///
/// Those with a Q are the blocks of GGUF files: small whole numbers with scales that a block shares.
package enum WeightFormat: String, Sendable, CaseIterable {
    case f32 = "F32"
    case f64 = "F64"
    case f16 = "F16"
    case bf16 = "BF16"
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
    case iq4_NL = "IQ4_NL"
    case iq4_XS = "IQ4_XS"

    /// Numbers of a block; 1 where each stands for itself.
    package var blockLength: Int { ck_block_length(code) }
    /// Bytes of a block.
    package var blockBytes: Int { ck_block_bytes(code) }

    /// The bytes of `numbers` numbers, which fill whole blocks.
    package func byteCount(_ numbers: Int) -> Int {
        // Rows that are no whole blocks are refused when the file is read (TensorSource, GGUFHeader).
        precondition(numbers % blockLength == 0)
        return numbers / blockLength * blockBytes
    }

    /// What the loops know the format by.
    var code: ck_format {
        switch self {
        case .f32: CK_F32
        case .f64: CK_F64
        case .f16: CK_F16
        case .bf16: CK_BF16
        case .q4_0: CK_Q4_0
        case .q4_1: CK_Q4_1
        case .q5_0: CK_Q5_0
        case .q5_1: CK_Q5_1
        case .q8_0: CK_Q8_0
        case .q2_K: CK_Q2_K
        case .q3_K: CK_Q3_K
        case .q4_K: CK_Q4_K
        case .q5_K: CK_Q5_K
        case .q6_K: CK_Q6_K
        case .iq4_NL: CK_IQ4_NL
        case .iq4_XS: CK_IQ4_XS
        }
    }
}

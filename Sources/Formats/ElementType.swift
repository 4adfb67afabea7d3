/// How one number of a tensor is stored; the raw value is the name in a safetensors header.
public enum ElementType: String, Sendable, CaseIterable {
    case f64 = "F64"
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"
    case i64 = "I64"
    case i32 = "I32"
    case i16 = "I16"
    case i8 = "I8"
    case u8 = "U8"
    case bool = "BOOL"

    /// The bytes of one number.
    public var size: Int {
        switch self {
        case .f64, .i64: 8
        case .f32, .i32: 4
        case .f16, .bf16, .i16: 2
        case .i8, .u8, .bool: 1
        }
    }

    /// The bytes of a tensor of that shape; nil where a length is negative or the product exceeds an Int.
    public func byteCount(shape: [Int]) -> Int? {
        var bytes = size
        for length in shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
            if length < 0 || overflow { return nil }
            bytes = product
        }
        return bytes
    }
}

import RopewalkFormats

/// How a recording in files keeps queries, keys and values.
package enum StoredPrecision: String, CaseIterable, Sendable {
    /// As they were computed.
    case single = "f32"
    /// Rounded to half precision: within 2⁻¹¹ of each number, of those below 2⁻¹⁴ within 2⁻²⁵.
    case half = "f16"
    /// The upper half of single precision: within 2⁻⁸ of each number.
    case brain = "bf16"
    /// Whole numbers from −127 to 127 times a factor of each row: within 1/254 of the row's largest.
    case bytes = "q8"

    /// What the tensors hold.
    var element: ElementType {
        switch self {
        case .single: .f32
        case .half: .f16
        case .brain: .bf16
        case .bytes: .i8
        }
    }
}

import Foundation

extension SafetensorsFile {
    /// The whole numbers of a tensor, as token ids and masks are stored; nil where there is none of that name, where its
    /// type has fractions, or where a number exceeds an Int.
    package func integers(of name: String) -> [Int]? {
        guard let entry = tensors[name], let bytes = bytes(of: name) else { return nil }
        return entry.integers(bytes)
    }
}

extension TensorFile {
    /// The same.
    package func integers(of name: String) -> [Int]? {
        guard let entry = tensors[name], let bytes = bytes(of: name) else { return nil }
        return entry.integers(bytes)
    }
}

extension TensorEntry {
    fileprivate func integers(_ bytes: Data) -> [Int]? {
        func all<Number: FixedWidthInteger>(_: Number.Type) -> [Int]? {
            bytes.withUnsafeBytes { buffer in
                let numbers = (0..<count).compactMap { index in
                    Int(
                        exactly: Number(
                            littleEndian: buffer.loadUnaligned(
                                fromByteOffset: index * MemoryLayout<Number>.size, as: Number.self)))
                }
                return numbers.count == count ? numbers : nil
            }
        }
        return switch type {
        case .i64: all(Int64.self)
        case .i32: all(Int32.self)
        case .i16: all(Int16.self)
        case .i8: all(Int8.self)
        case .u64: all(UInt64.self)
        case .u32: all(UInt32.self)
        case .u16: all(UInt16.self)
        case .u8, .bool: all(UInt8.self)
        default: nil
        }
    }
}

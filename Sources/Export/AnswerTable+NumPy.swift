extension AnswerTable {
    /// The NumPy format, version 1.0: a structured array, a field a column, little-endian.
    package var npy: [UInt8] {
        let fields = columns.map { "('\($0.name)', '\($0.type)')" }.joined(separator: ", ")
        var bytes = NumPyHeader.bytes(descr: "[\(fields)]", shape: [rowCount])
        let cells = columns.map(\.packed)
        for row in 0..<rowCount {
            for (bytesOfColumn, size) in cells { bytes += bytesOfColumn[row * size..<(row + 1) * size] }
        }
        return bytes
    }
}

extension AnswerTable.Column {
    /// The longest text in code points, at least 1.
    private var longest: Int {
        guard case .words(let values) = values else { return 1 }
        return max(1, values.map(\.unicodeScalars.count).max() ?? 1)
    }

    fileprivate var type: String {
        switch values {
        case .integers: "<i8"
        case .numbers: "<f4"
        case .words: "<U\(longest)"
        }
    }

    /// All cells one after the other, and the bytes of one.
    fileprivate var packed: (bytes: [UInt8], size: Int) {
        switch values {
        case .integers(let values): (values.flatMap { Self.little(UInt64(bitPattern: Int64($0))) }, 8)
        case .numbers(let values): (values.flatMap { Self.little($0.bitPattern) }, 4)
        case .words(let values): (values.flatMap { Self.points($0, count: longest) }, 4 * longest)
        }
    }

    private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func points(_ text: String, count: Int) -> [UInt8] {
        let points = text.unicodeScalars.map(\.value)
        return (points + [UInt32](repeating: 0, count: count - points.count)).flatMap { little($0) }
    }
}

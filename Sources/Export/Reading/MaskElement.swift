import RopewalkMethods

/// How one value of a mask array is stored.
enum MaskElement {
    case bytes
    /// Little-endian integers of that many bytes.
    case integers(Int)
    case singles
    case doubles

    init?(numpy name: String) {
        switch name {
        case "|b1", "|u1", "|i1", "b1", "u1", "i1", "?": self = .bytes
        case "<i2", "<u2": self = .integers(2)
        case "<i4", "<u4": self = .integers(4)
        case "<i8", "<u8": self = .integers(8)
        case "<f4": self = .singles
        case "<f8": self = .doubles
        default: return nil
        }
    }

    var size: Int {
        switch self {
        case .bytes: 1
        case .integers(let size): size
        case .singles: 4
        case .doubles: 8
        }
    }

    /// Whether the value at a place is 1; nil where it is neither 0 nor 1.
    func isAllowed(_ bytes: [UInt8], at index: Int) -> Bool? {
        let start = index * size
        var bits: UInt64 = 0
        for offset in 0..<size { bits |= UInt64(bytes[start + offset]) << UInt64(8 * offset) }
        switch self {
        case .bytes, .integers: return bits == 0 ? false : bits == 1 ? true : nil
        case .singles:
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            return value == 0 ? false : value == 1 ? true : nil
        case .doubles:
            let value = Double(bitPattern: bits)
            return value == 0 ? false : value == 1 ? true : nil
        }
    }
}

extension ByteSource {
    /// A mask of N × N values in rows.
    func mask(tokens: Int, of element: MaskElement, path: String) throws(ExportError) -> ListedMask {
        try ListedMask(tokens: tokens) { query throws(ExportError) in
            let bytes = try next(tokens * element.size)
            guard bytes.count == tokens * element.size else {
                throw .mask(file: path, problem: "the data end in row \(query.grouped) of \(tokens.grouped)")
            }
            var row = RowBuilder()
            for key in 0..<tokens {
                guard let isAllowed = element.isAllowed(bytes, at: key) else {
                    throw .maskValue(file: path, query: query, key: key)
                }
                row.append(isAllowed)
            }
            return row.finish()
        }
    }

    /// Masks one after the other, [layer][head].
    func masks(_ shape: [Int], of element: MaskElement, path: String) throws(ExportError) -> [[ListedMask]] {
        let (layers, heads, tokens) = try MaskFile.extent(shape, path: path)
        var masks: [[ListedMask]] = []
        for _ in 0..<layers {
            var layer: [ListedMask] = []
            for _ in 0..<heads { layer.append(try mask(tokens: tokens, of: element, path: path)) }
            masks.append(layer)
        }
        return masks
    }
}

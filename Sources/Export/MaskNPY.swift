import RopewalkMethods

/// The NumPy format, version 1.0: booleans of shape (queries, keys) in C order, of several masks with axes before these.
enum MaskNPY {
    static func write(_ mask: some MaskRows, to sink: ByteSink) throws(ExportError) {
        try sink.append(header([mask.queries.count, mask.tokens]))
        try writeRows(mask, to: sink)
    }

    static func write(_ stack: MaskFormat.Stack, to sink: ByteSink) throws(ExportError) {
        guard let first = stack.masks.first else { return }
        try sink.append(header(stack.shape + [first.queries.count, first.tokens]))
        for mask in stack.masks { try writeRows(mask, to: sink) }
    }

    private static func writeRows(_ mask: some MaskRows, to sink: ByteSink) throws(ExportError) {
        for query in mask.queries {
            try sink.append(mask.row(query).bytes(width: mask.tokens, allowed: 1, hidden: 0))
        }
    }

    /// Magic, version, length and a Python dictionary, padded so that the data begin at a multiple of 64 bytes.
    private static func header(_ shape: [Int]) -> [UInt8] {
        var dictionary =
            "{'descr': '|b1', 'fortran_order': False, 'shape': (\(shape.map { "\($0)" }.joined(separator: ", "))), }"
        let prefix = 10
        let unpadded = prefix + dictionary.utf8.count + 1
        dictionary += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = UInt16(dictionary.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(dictionary.utf8)
    }
}

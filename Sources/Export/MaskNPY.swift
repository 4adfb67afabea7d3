import RopewalkMethods

/// The NumPy format, version 1.0: booleans of shape (queries, keys) in C order, of several masks with axes before these.
enum MaskNPY {
    static func write(_ mask: some MaskRows, to sink: ByteSink) throws(ExportError) {
        try sink.append(NumPyHeader.bytes(descr: "'|b1'", shape: [mask.queries.count, mask.tokens]))
        try writeRows(mask, to: sink)
    }

    static func write(_ stack: MaskFormat.Stack, to sink: ByteSink) throws(ExportError) {
        guard let first = stack.masks.first else { return }
        try sink.append(
            NumPyHeader.bytes(descr: "'|b1'", shape: stack.shape + [first.queries.count, first.tokens]))
        for mask in stack.masks { try writeRows(mask, to: sink) }
    }

    private static func writeRows(_ mask: some MaskRows, to sink: ByteSink) throws(ExportError) {
        for query in mask.queries {
            try sink.append(mask.row(query).bytes(width: mask.tokens, allowed: 1, hidden: 0))
        }
    }
}

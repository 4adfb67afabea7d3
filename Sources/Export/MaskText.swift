import RopewalkMethods

/// N lines of N characters, `1` where the query (line) may see the key (column), `0` where not.
enum MaskText {
    static func write(_ mask: some MaskRows, to sink: ByteSink) throws(ExportError) {
        for query in mask.queries {
            var line = mask.row(query).bytes(
                width: mask.tokens, allowed: UInt8(ascii: "1"), hidden: UInt8(ascii: "0"))
            line.append(UInt8(ascii: "\n"))
            try sink.append(line)
        }
    }
}

extension KeyRanges {
    /// One byte a key.
    func bytes(width: Int, allowed: UInt8, hidden: UInt8) -> [UInt8] {
        var bytes = [UInt8](repeating: hidden, count: width)
        for range in ranges {
            for key in range { bytes[key] = allowed }
        }
        return bytes
    }
}

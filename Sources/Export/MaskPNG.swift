import RopewalkMethods

/// A picture of one bit a pixel, a pixel a pair, query downwards, key to the right: white is allowed, black is hidden,
/// as in the text form 1 is allowed and 0 is hidden.
enum MaskPNG {
    static func write(_ mask: some MaskRows, to sink: ByteSink) throws(ExportError) {
        let n = mask.tokens
        let format = PNGWriter.Format(width: n, height: mask.queries.count, bitDepth: 1, color: .grey)
        try PNGWriter.write(format, to: sink) { query in
            mask.row(mask.queries.lowerBound + query).bits(width: n)
        }
    }
}

extension KeyRanges {
    /// One bit a key, the first in the highest bit of the first byte.
    func bits(width: Int) -> [UInt8] {
        var bits = [UInt8](repeating: 0, count: (width + 7) / 8)
        for range in ranges {
            let first = range.lowerBound / 8
            let last = (range.upperBound - 1) / 8
            let head = UInt8(0xFF) >> UInt8(range.lowerBound % 8)
            let tail = UInt8(truncatingIfNeeded: 0xFF00 >> ((range.upperBound - 1) % 8 + 1))
            if first == last {
                bits[first] |= head & tail
            } else {
                bits[first] |= head
                for byte in first + 1..<last { bits[byte] = 0xFF }
                bits[last] |= tail
            }
        }
        return bits
    }
}

import CRopewalkZLib

/// Writes a PNG picture row by row: the chunks here, compression and checksums by zlib.
///
/// libpng reports errors by longjmp, which must not cross Swift frames; the container is four chunks.
package enum PNGWriter {
    package enum Color: UInt8, Equatable, Sendable {
        case grey = 0
        case rgb = 2
        case rgba = 6
    }

    package struct Format: Equatable, Sendable {
        package let width: Int
        package let height: Int
        /// Bits a channel: 1, 2, 4 (grey only) or 8.
        package let bitDepth: UInt8
        package let color: Color

        package init(width: Int, height: Int, bitDepth: UInt8 = 8, color: Color) {
            self.width = width
            self.height = height
            self.bitDepth = bitDepth
            self.color = color
        }
    }

    /// Writes the whole picture; `row(y)` gives the packed bytes of a row, without a filter byte.
    package static func write(
        _ format: Format, to sink: ByteSink, row: (Int) -> [UInt8]
    ) throws(ExportError) {
        try sink.append([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        let header =
            bigEndian(UInt32(clamping: format.width)) + bigEndian(UInt32(clamping: format.height))
            + [format.bitDepth, format.color.rawValue, 0, 0, 0]
        try chunk("IHDR", header, to: sink)
        let deflater = try Deflater()
        for y in 0..<format.height {
            // Filter 0, none: the rows are runs already.
            try deflater.feed([0] + row(y)) { piece throws(ExportError) in try chunk("IDAT", piece, to: sink) }
        }
        try deflater.finish { piece throws(ExportError) in try chunk("IDAT", piece, to: sink) }
        try chunk("IEND", [], to: sink)
    }

    private static func chunk(_ type: String, _ data: [UInt8], to sink: ByteSink) throws(ExportError) {
        let body = Array(type.utf8) + data
        let checksum = crc32(0, body, UInt32(body.count))
        try sink.append(bigEndian(UInt32(data.count)) + body + bigEndian(UInt32(truncatingIfNeeded: checksum)))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

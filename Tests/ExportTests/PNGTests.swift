import CRopewalkZLib
import RopewalkExport
import RopewalkMethods
import TestSupport
import Testing

@Suite struct PNGTests {
    struct Broken: Error {}

    /// A picture taken apart: header, and rows as they were before compression, filter bytes included.
    func decode(_ bytes: [UInt8]) throws -> (header: [UInt8], data: [UInt8]) {
        #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        var at = 8
        var header: [UInt8] = []
        var compressed: [UInt8] = []
        var types: [String] = []
        while at < bytes.count {
            let length = number(bytes[at..<at + 4])
            let body = Array(bytes[at + 4..<at + 8 + length])
            #expect(
                UInt32(crc32(0, body, UInt32(body.count))) == UInt32(number(bytes[at + 8 + length..<at + 12 + length])))
            types.append(String(decoding: body[..<4], as: UTF8.self))
            if types.last == "IHDR" { header = Array(body[4...]) }
            if types.last == "IDAT" { compressed += body[4...] }
            at += 12 + length
        }
        #expect(types.first == "IHDR" && types.last == "IEND")
        var data = [UInt8](repeating: 0, count: 1 << 22)
        var size = UInt(data.count)
        guard uncompress(&data, &size, compressed, UInt(compressed.count)) == Z_OK else { throw Broken() }
        return (header, Array(data[..<Int(size)]))
    }

    func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    @Test(arguments: [1, 7, 8, 9, 31, 64, 200])
    func aPixelAPairAndWhiteIsAllowed(tokens: Int) throws {
        for spec in ["causal", "full", "window:size=5", "lambda:sink=3,window=9"] {
            let mask = try Mask(parsing: [spec], tokens: tokens)
            let (header, data) = try decode(try exported(mask, .png))
            #expect(number(header[0..<4]) == tokens && number(header[4..<8]) == tokens)
            #expect(header[8...] == [1, 0, 0, 0, 0])
            let stride = 1 + (tokens + 7) / 8
            #expect(data.count == stride * tokens)
            let isSame = (0..<tokens).allSatisfy { q in
                (0..<tokens).allSatisfy { k in
                    (data[q * stride + 1 + k / 8] >> UInt8(7 - k % 8) & 1 == 1) == mask.allows(query: q, key: k)
                }
            }
            #expect(isSame, "\(spec) of \(tokens)")
        }
    }

    /// Rows that do not compress, so that the output comes in many pieces.
    @Test func coloursInManyPieces() throws {
        var state: UInt32 = 1
        let rows = (0..<600).map { _ in
            (0..<600 * 3).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(truncatingIfNeeded: state >> 24)
            }
        }
        var bytes: [UInt8] = []
        let sink = ByteSink { bytes += $0 }
        try PNGWriter.write(.init(width: 600, height: 600, color: .rgb), to: sink) { rows[$0] }
        try sink.flush()
        let (header, data) = try decode(bytes)
        #expect(header[8...] == [8, 2, 0, 0, 0])
        #expect(firstDifference(data, rows.flatMap { [0] + $0 }) == nil)
    }
}

import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// A portable bitmap, as digits (P1) or packed (P4). As in every picture white (0) is visible and black (1) hidden.
struct PBMReader {
    private let source: any ByteSource
    private let path: String
    private let isPacked: Bool
    private let width: Int
    private let height: Int
    private let start: Int

    /// Digits are read into memory; packed pixels are not.
    private static let digitLimit = 1 << 28

    init(_ source: any ByteSource, path: String) throws(ExportError) {
        self.source = source
        self.path = path
        var header = HeaderBytes(source.bytes(at: 0, count: 4096), path: path)
        isPacked = header.bytes[1] == UInt8(ascii: "4")
        (width, height) = (try header.number(), try header.number())
        start = header.offset + (isPacked ? 1 : 0)
        try MaskFile.checkSize(queries: height, keys: width, path: path)
        guard !isPacked || source.count - start >= (width + 7) / 8 * height else {
            throw .mask(file: path, problem: say("the pixels end early"))
        }
    }

    func mask(isInverted: Bool) throws(ExportError) -> any MaskRows {
        if isPacked {
            return PackedRows(source: source, start: start, count: height, tokens: width, isInverted: isInverted)
        }
        guard let data = source.data(limit: Self.digitLimit) else {
            throw .mask(
                file: path, problem: say("digits of over \(Self.digitLimit.grouped) bytes: save it packed (P4)"))
        }
        var digits = HeaderBytes([UInt8](data), path: path)
        digits.offset = start
        return try ListedMask(queries: height, keys: width) { _ throws(ExportError) in
            var row = RowBuilder()
            while row.key < width { row.append(try digits.digit() == isInverted) }
            return row.finish()
        }
    }
}

/// The rows of packed pixels, read when they are asked for.
private struct PackedRows: MaskRows {
    let source: any ByteSource
    let start: Int
    let count: Int
    let tokens: Int
    let isInverted: Bool

    var queries: Range<Int> { 0..<count }

    func row(_ query: Int) -> KeyRanges {
        let stride = (tokens + 7) / 8
        let bytes = source.bytes(at: start + query * stride, count: stride)
        var words = [UInt64](repeating: 0, count: (tokens + 63) / 64)
        for (index, byte) in bytes.enumerated() {
            let visible = isInverted ? byte : ~byte
            words[index / 8] |= UInt64(visible.reversedBits) << UInt64(8 * (index % 8))
        }
        return KeyRanges(bits: words, tokens: tokens).intersection(0..<tokens)
    }
}

extension UInt8 {
    /// The first bit last.
    fileprivate var reversedBits: UInt8 {
        var bits = self
        bits = bits >> 4 | bits << 4
        bits = (bits & 0xCC) >> 2 | (bits & 0x33) << 2
        return (bits & 0xAA) >> 1 | (bits & 0x55) << 1
    }
}

/// Numbers and digits between blanks, line ends and comments.
private struct HeaderBytes {
    let bytes: [UInt8]
    let path: String
    var offset = 2

    init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    mutating func number() throws(ExportError) -> Int {
        skipBlanks()
        let start = offset
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]), offset - start < 9 { offset += 1 }
        guard offset > start, let number = Int(String(decoding: bytes[start..<offset], as: UTF8.self)) else {
            throw .mask(file: path, problem: say("byte \(start): width and height are wanted"))
        }
        return number
    }

    /// True for 1.
    mutating func digit() throws(ExportError) -> Bool {
        skipBlanks()
        guard offset < bytes.count, bytes[offset] == 0x30 || bytes[offset] == 0x31 else {
            throw .mask(file: path, problem: say("byte \(offset): neither 0 nor 1"))
        }
        offset += 1
        return bytes[offset - 1] == 0x31
    }

    private mutating func skipBlanks() {
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "#") {
                while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
            } else if [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) {
                offset += 1
            } else {
                return
            }
        }
    }
}

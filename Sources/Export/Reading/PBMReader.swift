import Foundation
import RopewalkMethods

/// A portable bitmap, as digits (P1) or packed (P4): 1 is allowed, as in a text.
struct PBMReader {
    private let data: Data
    private let path: String
    private var offset: Int

    init(_ data: Data, path: String) {
        self.data = data
        self.path = path
        offset = data.startIndex + 2
    }

    func mask() throws(ExportError) -> ListedMask {
        var reader = self
        let isPacked = data[data.startIndex + 1] == UInt8(ascii: "4")
        let (width, height) = (try reader.number(), try reader.number())
        let tokens = try MaskFile.tokens(rows: height, columns: width, path: path)
        if isPacked {
            reader.offset += 1
            guard data.endIndex - reader.offset >= (tokens + 7) / 8 * tokens else {
                throw .mask(file: path, problem: "the pixels end early")
            }
        }
        return try ListedMask(tokens: tokens) { _ throws(ExportError) in
            isPacked ? reader.packedRow(tokens) : try reader.digits(tokens)
        }
    }

    private mutating func packedRow(_ tokens: Int) -> KeyRanges {
        var row = RowBuilder()
        for key in 0..<tokens { row.append(data[offset + key / 8] >> UInt8(7 - key % 8) & 1 == 1) }
        offset += (tokens + 7) / 8
        return row.finish()
    }

    private mutating func digits(_ tokens: Int) throws(ExportError) -> KeyRanges {
        var row = RowBuilder()
        while row.key < tokens {
            skipBlanks()
            guard offset < data.endIndex, data[offset] == 0x30 || data[offset] == 0x31 else {
                throw .mask(file: path, problem: "byte \(offset - data.startIndex): neither 0 nor 1")
            }
            row.append(data[offset] == 0x31)
            offset += 1
        }
        return row.finish()
    }

    /// A number of the header.
    private mutating func number() throws(ExportError) -> Int {
        skipBlanks()
        let start = offset
        while offset < data.endIndex, (0x30...0x39).contains(data[offset]), offset - start < 9 { offset += 1 }
        guard let number = Int(String(decoding: data[start..<offset], as: UTF8.self)) else {
            throw .mask(file: path, problem: "byte \(start - data.startIndex): width and height are wanted")
        }
        return number
    }

    /// Blanks, line ends and comments.
    private mutating func skipBlanks() {
        while offset < data.endIndex {
            if data[offset] == UInt8(ascii: "#") {
                while offset < data.endIndex, data[offset] != 0x0A { offset += 1 }
            } else if [0x20, 0x09, 0x0A, 0x0D].contains(data[offset]) {
                offset += 1
            } else {
                return
            }
        }
    }
}

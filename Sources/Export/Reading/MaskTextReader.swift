import Foundation
import RopewalkMethods

/// N lines of N digits 0 and 1; blanks and commas between them do not count.
struct MaskTextReader {
    private let data: Data
    private let path: String

    init(_ data: Data, path: String) {
        self.data = data
        self.path = path
    }

    func mask() throws(ExportError) -> ListedMask {
        var lines: [Range<Data.Index>] = []
        var start = data.startIndex
        while start < data.endIndex {
            let end = data[start...].firstIndex(of: 0x0A) ?? data.endIndex
            lines.append(start..<end)
            start = min(data.endIndex, end + 1)
            guard lines.count <= ListedMask.largestTokens + 1 else { break }
        }
        while let last = lines.last, data[last].allSatisfy(Self.isBlank) { lines.removeLast() }
        guard !lines.isEmpty else { throw .mask(file: path, problem: "there are no rows in it") }
        let tokens = try MaskFile.tokens(rows: lines.count, columns: lines.count, path: path)
        return try ListedMask(tokens: tokens) { query throws(ExportError) in
            try row(lines[query], line: query + 1, tokens: tokens)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x2C }

    private func row(_ range: Range<Data.Index>, line: Int, tokens: Int) throws(ExportError) -> KeyRanges {
        var row = RowBuilder()
        for (column, byte) in data[range].enumerated() where !Self.isBlank(byte) {
            guard byte == 0x30 || byte == 0x31 else {
                throw .mask(file: path, problem: "line \(line), column \(column + 1): neither 0 nor 1")
            }
            row.append(byte == 0x31)
        }
        guard row.key == tokens else {
            throw .mask(
                file: path,
                problem: "line \(line) has \(row.key.grouped) digits, not \(tokens.grouped) as there are lines")
        }
        return row.finish()
    }
}

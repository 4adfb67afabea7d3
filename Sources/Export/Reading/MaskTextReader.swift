import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// Lines of digits 0 and 1, with or without blanks, commas and semicolons between them; or of numbers with them.
struct MaskTextReader {
    private let bytes: [UInt8]
    private let path: String
    private let lines: [Range<Int>]

    init(_ data: Data, path: String) throws(ExportError) {
        bytes = [UInt8](data)
        self.path = path
        var lines: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            lines.append(start..<end)
            start = end + 1
            guard lines.count <= ListedMask.largestTokens else {
                throw .mask(file: path, problem: say("over \(ListedMask.largestTokens.grouped) lines: save it as .npy"))
            }
        }
        while let last = lines.last, bytes[last].allSatisfy(Self.isBlank) { lines.removeLast() }
        guard !lines.isEmpty else { throw .mask(file: path, problem: say("there are no rows in it")) }
        self.lines = lines
    }

    func stack(_ reading: MaskReading, fingerprint: Int) throws(ExportError) -> MaskStack {
        // A number that is no digit says so by what digits have not.
        let first = bytes[lines[0]]
        let hasNumbers = first.contains { !Self.isBlank($0) && $0 != 0x30 && $0 != 0x31 }
        guard hasNumbers || reading.hiddenBelow != nil else { return try digits(reading, fingerprint) }
        return try numbers().stack(reading, fingerprint: fingerprint)
    }

    private func digits(_ reading: MaskReading, _ fingerprint: Int) throws(ExportError) -> MaskStack {
        let width = bytes[lines[0]].count { !Self.isBlank($0) }
        try MaskFile.checkSize(queries: lines.count, keys: width, path: path)
        let mask = try ListedMask(queries: lines.count, keys: width) { query throws(ExportError) in
            try row(query, width: width, isInverted: reading.isInverted)
        }
        return MaskStack(planes: [mask], lengths: [], offset: reading.offset, fingerprint: fingerprint)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x2C || byte == 0x3B
    }

    private func row(_ query: Int, width: Int, isInverted: Bool) throws(ExportError) -> KeyRanges {
        var row = RowBuilder()
        for (column, byte) in bytes[lines[query]].enumerated() where !Self.isBlank(byte) {
            guard byte == 0x30 || byte == 0x31 else {
                throw .mask(file: path, problem: say("line \(query + 1), column \(column + 1): neither 0 nor 1"))
            }
            row.append((byte == 0x31) != isInverted)
        }
        guard row.key == width else {
            throw .mask(
                file: path,
                problem: say("line \(query + 1) has \(row.key.grouped) digits, not \(width.grouped) as the first line"))
        }
        return row.finish()
    }

    /// The same as an array of doubles.
    func numbers() throws(ExportError) -> MaskArray {
        var values: [Double] = []
        var width = 0
        for (index, line) in lines.enumerated() {
            let words = bytes[line].split(whereSeparator: Self.isBlank)
            if index == 0 { width = words.count }
            guard words.count == width else {
                throw .mask(
                    file: path,
                    problem:
                        say(
                            """
                            line \(index + 1) has \(words.count.grouped) numbers, not \(width.grouped) as the \
                            first line
                            """))
            }
            for word in words {
                let text = String(decoding: word, as: UTF8.self)
                let known: [String: Double] = ["true": 1, "false": 0]
                guard let value = Double(text) ?? known[text.lowercased()] else {
                    let column = word.startIndex - line.lowerBound + 1
                    throw .mask(
                        file: path, problem: say("line \(index + 1), column \(column): neither 0 nor 1, nor any number")
                    )
                }
                values.append(value)
            }
            guard values.count <= 1 << 26 else { throw .mask(file: path, problem: say("too many numbers for a text")) }
        }
        guard let element = MaskElement(numpy: "<f8") else { throw .mask(file: path, problem: say("no numbers")) }
        let data = values.withUnsafeBytes { Data($0) }
        return try MaskArray(DataSource(data), of: element, shape: [lines.count, width], path: path)
    }
}

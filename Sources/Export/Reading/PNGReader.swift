import CRopewalkZLib
import Foundation
import RopewalkMethods
import RopewalkPhrases

/// A PNG picture, not interlaced: white is visible, black is hidden.
///
/// libpng reports errors by longjmp, which must not cross Swift frames; of the format only this much is needed.
struct PNGReader {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private let path: String
    private var width = 0
    private var height = 0
    private var depth = 0
    private var colour = 0
    /// Whether a colour of the palette is white; nil where it is neither black nor white.
    private var meaning: [Bool?] = []
    private var isPalette = false
    private var pieces: [Data] = []

    init(_ data: Data, path: String) throws(ExportError) {
        self.path = path
        var offset = Self.signature.count
        var isAtEnd = false
        while !isAtEnd {
            guard let length = Self.number(data, offset), length <= data.count - offset - 12 else {
                throw broken(say("the picture ends in the middle of a chunk"))
            }
            let start = data.startIndex + offset + 4
            let body = data[start..<start + 4 + length]
            let checksum = [UInt8](body).withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
            guard Self.number(data, offset + 8 + length) == Int(UInt32(truncatingIfNeeded: checksum)) else {
                throw broken(say("byte \(offset): the checksum of a chunk is wrong"))
            }
            let name = String(decoding: body.prefix(4), as: UTF8.self)
            if name != "IHDR", width == 0 { throw broken(say("the picture does not begin with its header")) }
            isAtEnd = try take(name, body.dropFirst(4))
            offset += 12 + length
        }
        guard !pieces.isEmpty else { throw broken(say("the picture has no pixels")) }
        guard !isPalette || !meaning.isEmpty else { throw broken(say("the picture has no palette")) }
    }

    /// Reads a chunk; true at the last one.
    private mutating func take(_ name: String, _ body: Data) throws(ExportError) -> Bool {
        switch name {
        case "IHDR": try readHeader([UInt8](body))
        case "PLTE":
            let colours = [UInt8](body)
            guard isPalette else { return false }
            meaning = (0..<colours.count / 3).map { index in
                let colour = colours[3 * index..<3 * index + 3]
                return colour.allSatisfy { $0 == 255 } ? true : colour.allSatisfy { $0 == 0 } ? false : nil
            }
        case "IDAT": pieces.append(body)
        case "IEND": return true
        default: break
        }
        return false
    }

    private mutating func readHeader(_ header: [UInt8]) throws(ExportError) {
        guard header.count == 13 else { throw broken(say("the header has \(header.count) bytes, not 13")) }
        let sides = [header[0..<4], header[4..<8]].map { $0.reduce(0) { $0 << 8 | Int($1) } }
        (width, height) = (sides[0], sides[1])
        try MaskFile.checkSize(queries: height, keys: width, path: path)
        depth = Int(header[8])
        colour = Int(header[9])
        let depths: [Int: [Int]] = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
        guard depths[colour]?.contains(depth) == true else {
            throw broken(say("\(depth) bits, colour type \(colour): there is no such picture"))
        }
        guard header[12] == 0 else { throw broken(say("the picture is interlaced: save it without")) }
        isPalette = colour == 3
    }

    /// Numbers of a pixel.
    private var channels: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colour] ?? 1 }
    private var hasAlpha: Bool { colour == 4 || colour == 6 }

    func mask(isInverted: Bool) throws(ExportError) -> ListedMask {
        let source = try Inflater(pieces, isRaw: false, path: path)
        let stride = (width * depth * channels + 7) / 8
        var above = [UInt8](repeating: 0, count: stride)
        return try ListedMask(queries: height, keys: width) { query throws(ExportError) in
            let line = try source.next(stride + 1)
            guard line.count == stride + 1 else { throw broken(say("the pixels end in row \(query.grouped)")) }
            above = try unfiltered(line, above)
            return try row(above, query: query, isInverted: isInverted)
        }
    }

    private func row(_ bytes: [UInt8], query: Int, isInverted: Bool) throws(ExportError) -> KeyRanges {
        var row = RowBuilder()
        for key in 0..<width {
            guard let isWhite = depth < 8 ? small(bytes, key) : whole(bytes, key) else {
                throw .maskValue(file: path, query: query, key: key)
            }
            row.append(isWhite != isInverted)
        }
        return row.finish()
    }

    /// A pixel of less than a byte; nil where it is neither black nor white.
    private func small(_ bytes: [UInt8], _ key: Int) -> Bool? {
        let bit = key * depth
        let value = Int(bytes[bit / 8] >> UInt8(8 - depth - bit % 8)) & ((1 << depth) - 1)
        return isPalette ? paletteMeaning(value) : value == 0 ? false : value == (1 << depth) - 1 ? true : nil
    }

    private func paletteMeaning(_ value: Int) -> Bool? { value < meaning.count ? meaning[value] : nil }

    /// A pixel of whole bytes: all of them alike; what shines through is neither black nor white.
    private func whole(_ bytes: [UInt8], _ key: Int) -> Bool? {
        let size = channels * depth / 8
        if isPalette { return paletteMeaning(Int(bytes[key])) }
        let pixel = bytes[key * size..<(key + 1) * size]
        let colours = hasAlpha ? pixel.dropLast(depth / 8) : pixel
        if hasAlpha, pixel.suffix(depth / 8).contains(where: { $0 != 255 }) { return nil }
        return colours.allSatisfy { $0 == 255 } ? true : colours.allSatisfy { $0 == 0 } ? false : nil
    }

    /// Undoes the filter of a row, which its first byte names.
    private func unfiltered(_ line: [UInt8], _ above: [UInt8]) throws(ExportError) -> [UInt8] {
        var row = Array(line.dropFirst())
        let back = max(1, channels * depth / 8)
        for index in row.indices {
            let left = index >= back ? row[index - back] : 0
            let corner = index >= back ? above[index - back] : 0
            switch line[0] {
            case 0: return row
            case 1: row[index] &+= left
            case 2: row[index] &+= above[index]
            case 3: row[index] &+= UInt8((Int(left) + Int(above[index])) / 2)
            case 4: row[index] &+= Self.nearest(left, above[index], corner)
            default: throw broken(say("filter \(line[0]) is unknown"))
            }
        }
        return row
    }

    /// Paeth's predictor: the neighbour that is nearest to left + above − corner.
    private static func nearest(_ left: UInt8, _ above: UInt8, _ corner: UInt8) -> UInt8 {
        let guess = Int(left) + Int(above) - Int(corner)
        let distances = [left, above, corner].map { abs(guess - Int($0)) }
        if distances[0] <= distances[1], distances[0] <= distances[2] { return left }
        return distances[1] <= distances[2] ? above : corner
    }

    private static func number(_ data: Data, _ offset: Int) -> Int? {
        guard offset + 4 <= data.count else { return nil }
        return data[data.startIndex + offset..<data.startIndex + offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private func broken(_ problem: String) -> ExportError { .mask(file: path, problem: problem) }
}

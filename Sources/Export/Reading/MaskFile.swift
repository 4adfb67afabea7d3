import Foundation
import RopewalkFormats
import RopewalkMethods

/// A mask of the user's own: NumPy (.npy, .npz), safetensors, text of 0 and 1, PBM or PNG; told apart by its first bytes.
///
/// 1 is allowed and 0 hidden; in a PNG white is allowed and black hidden, as this program writes them.
package enum MaskFile {
    /// Larger files are refused before they are read: a mask of the most tokens, one byte a pair, has this size.
    package static let byteLimit = 1 << 30

    /// When a file was last changed, to see whether it has to be read again; one system call.
    package struct Stamp: Equatable, Sendable {
        let seconds: Int
        let nanoseconds: Int
        let size: Int
        let node: UInt64
    }

    /// Nil where the file cannot be looked at.
    package static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, size: Int(status.st_size),
            node: UInt64(status.st_ino))
    }

    /// The masks of a file, [layer][head]; a single one for all layers and heads.
    package static func read(_ path: String) throws(ExportError) -> [[ListedMask]] {
        let data = try map(path)
        if data.starts(with: [0x93, 0x4E, 0x55, 0x4D]) {
            return try NPYReader(DataSource(data), size: data.count, path: path).masks()
        }
        if data.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return try NPZReader(data, path: path).masks() }
        if data.starts(with: PNGReader.signature) { return [[try PNGReader(data, path: path).mask()]] }
        if data.starts(with: Array("P1".utf8)) || data.starts(with: Array("P4".utf8)) {
            return [[try PBMReader(data, path: path).mask()]]
        }
        if path.hasSuffix(".safetensors") { return try SafetensorsMask.read(data, path: path) }
        return [[try MaskTextReader(data, path: path).mask()]]
    }

    /// What the method grammar reads `file:PATH` with.
    package static let loader: MethodSpec.MaskLoader = { path throws(MethodError) in
        do throws(ExportError) {
            return try read(path)
        } catch {
            // The sentence begins with the path already.
            throw .maskFile(path: "", error.description)
        }
    }

    private static func map(_ path: String) throws(ExportError) -> Data {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .lastError(path, "read") }
        let isPipe = status.st_mode & S_IFMT == S_IFIFO
        guard isPipe || status.st_mode & S_IFMT == S_IFREG else {
            throw .mask(file: path, problem: "it is not a regular file")
        }
        guard isPipe || status.st_size > 0 else { throw .mask(file: path, problem: "the file is empty") }
        guard status.st_size <= byteLimit else {
            throw .mask(
                file: path, problem: "\(Int(status.st_size).grouped) bytes are over the limit of \(byteLimit.grouped)")
        }
        let data: Data
        do { data = try RegularFile.map(path, sizeLimit: byteLimit, takesPipes: true) } catch {
            throw .lastError(path, "read")
        }
        guard !data.isEmpty else { throw .mask(file: path, problem: "the file is empty") }
        return data
    }

    /// The number of tokens of a square; an error where it is none, or too large.
    static func tokens(rows: Int, columns: Int, path: String) throws(ExportError) -> Int {
        guard rows == columns else {
            throw .mask(file: path, problem: "\(rows.grouped) × \(columns.grouped): as many rows as columns are wanted")
        }
        guard (1...ListedMask.largestTokens).contains(rows) else {
            throw .mask(
                file: path,
                problem: "a mask of \(rows.grouped) tokens: it takes 1 to \(ListedMask.largestTokens.grouped)")
        }
        return rows
    }

    /// Layers, heads and tokens of an array's shape: [N, N], [heads, N, N] or [layers, heads, N, N].
    static func extent(_ shape: [Int], path: String) throws(ExportError) -> (layers: Int, heads: Int, tokens: Int) {
        guard (2...4).contains(shape.count) else {
            throw .mask(
                file: path, problem: "an array of \(shape.count) axes: [N, N] or [layers, heads, N, N] is wanted")
        }
        let tokens = try tokens(rows: shape[shape.count - 2], columns: shape[shape.count - 1], path: path)
        let layers = shape.count == 4 ? shape[0] : 1
        let heads = shape.count > 2 ? shape[shape.count - 3] : 1
        guard (1...1024).contains(layers), (1...1024).contains(heads) else {
            throw .mask(file: path, problem: "\(layers) layers × \(heads) heads: it takes 1 to 1,024 of each")
        }
        guard layers * heads * tokens <= byteLimit / max(1, tokens) else {
            throw .mask(file: path, problem: "\(layers * heads) masks of \(tokens.grouped) tokens are over the limit")
        }
        return (layers, heads, tokens)
    }
}

/// Collects the ranges of a row, value by value.
struct RowBuilder {
    private var ranges: [Range<Int>] = []
    private var start: Int?
    private(set) var key = 0

    mutating func append(_ isAllowed: Bool) {
        if isAllowed {
            start = start ?? key
        } else if let from = start {
            ranges.append(from..<key)
            start = nil
        }
        key += 1
    }

    /// The row; the builder begins anew.
    mutating func finish() -> KeyRanges {
        if let start { ranges.append(start..<key) }
        defer { self = RowBuilder() }
        return KeyRanges(ranges)
    }
}

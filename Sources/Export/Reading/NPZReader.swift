import Foundation
import RopewalkMethods

/// A zip file of NumPy arrays: the one that is named mask, or the only one.
struct NPZReader {
    private struct Entry {
        let name: String
        let method: Int
        let compressedSize: Int
        let size: Int
        /// Of its local header.
        let offset: Int
    }

    private let data: Data
    private let path: String
    private static let entryLimit = 4096

    init(_ data: Data, path: String) {
        self.data = data
        self.path = path
    }

    func masks() throws(ExportError) -> [[ListedMask]] {
        let arrays = try entries().filter { $0.name.hasSuffix(".npy") }
        guard let entry = arrays.first(where: { $0.name == "mask.npy" }) ?? (arrays.count == 1 ? arrays[0] : nil) else {
            let names = arrays.prefix(8).map { $0.name.prefix(40) }.joined(separator: ", ")
            throw broken(
                arrays.isEmpty
                    ? "there is no array in it" : "several arrays (\(names)): name the one that is meant mask")
        }
        let local = entry.offset
        guard number(local, 4) == 0x0403_4B50, let nameLength = number(local + 26, 2),
            let extraLength = number(local + 28, 2)
        else { throw broken("the entry \(entry.name.prefix(40)) has no header") }
        let start = local + 30 + nameLength + extraLength
        guard start + entry.compressedSize <= data.count else {
            throw broken("the data of \(entry.name.prefix(40)) end after the file")
        }
        let content = data[data.startIndex + start..<data.startIndex + start + entry.compressedSize]
        let source: any ByteSource
        switch entry.method {
        case 0: source = DataSource(content)
        case 8: source = try Inflater([content], isRaw: true, path: path)
        default: throw broken("compression method \(entry.method): stored and deflated arrays are read")
        }
        return try NPYReader(source, size: entry.size, path: path).masks()
    }

    /// The central directory, which the end of the file points to.
    private func entries() throws(ExportError) -> [Entry] {
        let from = max(0, data.count - 65_557)
        guard data.count >= 22,
            let end = stride(from: data.count - 22, through: from, by: -1).first(where: { number($0, 4) == 0x0605_4B50 }
            ),
            let count = number(end + 10, 2), var at = number(end + 16, 4)
        else { throw broken("the zip file has no directory") }
        guard count <= Self.entryLimit else { throw broken("\(count) entries are too many") }
        var entries: [Entry] = []
        for _ in 0..<count {
            guard number(at, 4) == 0x0201_4B50, let flags = number(at + 8, 2), let method = number(at + 10, 2),
                let compressed = number(at + 20, 4), let size = number(at + 24, 4), let name = number(at + 28, 2),
                let extra = number(at + 30, 2), let comment = number(at + 32, 2), let offset = number(at + 42, 4),
                at + 46 + name <= data.count
            else { throw broken("the directory of the zip file is damaged") }
            guard flags & 1 == 0 else { throw broken("an entry is encrypted") }
            guard compressed != 0xFFFF_FFFF, size != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else {
                throw broken("an entry of over 4 GiB")
            }
            let start = data.startIndex + at + 46
            entries.append(
                Entry(
                    name: String(decoding: data[start..<start + name], as: UTF8.self), method: method,
                    compressedSize: compressed, size: size, offset: offset))
            at += 46 + name + extra + comment
        }
        return entries
    }

    /// A little-endian number; nil beyond the end.
    private func number(_ offset: Int, _ size: Int) -> Int? {
        guard offset >= 0, offset + size <= data.count else { return nil }
        return (0..<size).reduce(0) { $0 | Int(data[data.startIndex + offset + $1]) << (8 * $1) }
    }

    private func broken(_ problem: String) -> ExportError { .mask(file: path, problem: problem) }
}

import Foundation
import RopewalkPhrases

/// The entries of a zip file, stored or deflated, as NumPy and PyTorch write them.
package struct ZipFile: Sendable {
    package struct Entry: Sendable {
        package let name: String
        package let method: Int
        package let compressedSize: Int
        package let size: Int
        /// Of its local header.
        let offset: Int
    }

    package let entries: [Entry]
    private let source: any ByteSource
    private let path: String
    private static let entryLimit = 1 << 18

    package init(_ source: any ByteSource, path: String) throws(FormatError) {
        self.source = source
        self.path = path
        entries = try Self.directory(source, path)
    }

    /// The central directory, which the end of the file points to.
    private static func directory(_ source: any ByteSource, _ path: String) throws(FormatError) -> [Entry] {
        func broken(_ problem: String) -> FormatError { .kind(file: path, problem: problem) }
        let tail = source.bytes(at: max(0, source.count - 65_557), count: 65_557)
        let tailStart = source.count - tail.count
        guard tail.count >= 22,
            let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
                tail[$0] == 0x50 && tail[$0 + 1] == 0x4B && tail[$0 + 2] == 5 && tail[$0 + 3] == 6
            }), let (count, start) = place(source, tailStart + end)
        else { throw broken(say("the zip file has no directory")) }
        guard count <= entryLimit else { throw broken(say("\(count) entries are too many")) }
        var entries: [Entry] = []
        var at = start
        for _ in 0..<count {
            let head = source.bytes(at: at, count: 46)
            func number(_ offset: Int, _ size: Int) -> Int {
                head[offset..<offset + size].reversed().reduce(0) { $0 << 8 | Int($1) }
            }
            guard head.count == 46, number(0, 4) == 0x0201_4B50 else {
                throw broken(say("the directory of the zip file is damaged"))
            }
            guard number(8, 2) & 1 == 0 else { throw broken(say("an entry is encrypted")) }
            let name = source.bytes(at: at + 46, count: number(28, 2))
            guard name.count == number(28, 2) else { throw broken(say("the directory of the zip file is damaged")) }
            var (compressed, size, offset) = (number(20, 4), number(24, 4), number(42, 4))
            if [compressed, size, offset].contains(0xFFFF_FFFF) {
                let extra = source.bytes(at: at + 46 + name.count, count: number(30, 2))
                guard let long = Self.long(extra, size, compressed, offset) else {
                    throw broken(say("an entry of over 4 GiB has no sizes"))
                }
                (size, compressed, offset) = long
            }
            entries.append(
                Entry(
                    name: String(decoding: name, as: UTF8.self), method: number(10, 2), compressedSize: compressed,
                    size: size, offset: offset))
            at += 46 + number(28, 2) + number(30, 2) + number(32, 2)
        }
        return entries
    }

    /// How many entries the directory has and where it begins, as the record at its end says; for long files the record
    /// before that.
    private static func place(_ source: any ByteSource, _ end: Int) -> (count: Int, start: Int)? {
        guard let count = source.number(at: end + 10, size: 2), let start = source.number(at: end + 16, size: 4) else {
            return nil
        }
        guard count == 0xFFFF || start == 0xFFFF_FFFF, source.number(at: end - 20, size: 4) == 0x0706_4B50,
            let long = source.number(at: end - 12, size: 8), source.number(at: long, size: 4) == 0x0606_4B50,
            let longCount = source.number(at: long + 32, size: 8), let longStart = source.number(at: long + 48, size: 8)
        else { return (count, start) }
        return (longCount, longStart)
    }

    /// Sizes beyond 32 bits, in the field of number 1: only those that are needed, in this order.
    private static func long(_ extra: [UInt8], _ size: Int, _ compressed: Int, _ offset: Int) -> (Int, Int, Int)? {
        let source = DataSource(Data(extra))
        var at = 0
        while let id = source.number(at: at, size: 2), let length = source.number(at: at + 2, size: 2) {
            if id == 1 {
                var values = [size, compressed, offset]
                var place = at + 4
                for index in values.indices where values[index] == 0xFFFF_FFFF {
                    guard let value = source.number(at: place, size: 8), value < 1 << 44 else { return nil }
                    values[index] = value
                    place += 8
                }
                return (values[0], values[1], values[2])
            }
            at += 4 + length
        }
        return nil
    }

    /// The bytes of an entry as they lie in the file.
    package func part(of entry: Entry) throws(FormatError) -> SourcePart {
        let name = entry.name.prefix(40)
        guard source.number(at: entry.offset, size: 4) == 0x0403_4B50,
            let nameLength = source.number(at: entry.offset + 26, size: 2),
            let extraLength = source.number(at: entry.offset + 28, size: 2)
        else { throw broken(say("the entry \(name) has no header")) }
        guard
            let part = SourcePart(
                source, start: entry.offset + 30 + nameLength + extraLength, count: entry.compressedSize)
        else { throw broken(say("the data of \(name) end after the file")) }
        return part
    }

    private func broken(_ problem: String) -> FormatError { .kind(file: path, problem: problem) }
}

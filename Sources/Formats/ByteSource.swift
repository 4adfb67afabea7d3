import Foundation

/// Bytes of a file at any place, so that none has to be whole in memory.
package protocol ByteSource: Sendable {
    var count: Int { get }
    /// The bytes from `offset`; fewer where the source ends, also because a file was cut short meanwhile.
    func bytes(at offset: Int, count: Int) -> [UInt8]
}

/// Bytes in memory.
package struct DataSource: ByteSource {
    private let data: Data

    package init(_ data: Data) { self.data = data }

    package var count: Int { data.count }

    package func bytes(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, offset < data.count, count > 0 else { return [] }
        let start = data.startIndex + offset
        return [UInt8](data[start..<start + min(count, data.count - offset)])
    }
}

/// Part of a source.
package struct SourcePart: ByteSource {
    let source: any ByteSource
    package let start: Int
    package let count: Int

    /// Nil where the part does not lie in the source.
    package init?(_ source: any ByteSource, start: Int, count: Int) {
        guard start >= 0, count >= 0, start <= source.count, count <= source.count - start else { return nil }
        self.source = source
        self.start = start
        self.count = count
    }

    package func bytes(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, offset <= self.count else { return [] }
        return source.bytes(at: start + offset, count: min(count, self.count - offset))
    }
}

extension ByteSource {
    /// All of it, as far as it is not over `limit`; nil where it is.
    package func data(limit: Int) -> Data? { count <= limit ? Data(bytes(at: 0, count: count)) : nil }

    package func starts(with bytes: [UInt8]) -> Bool { self.bytes(at: 0, count: bytes.count) == bytes }

    /// A little-endian number; nil beyond the end.
    package func number(at offset: Int, size: Int) -> Int? {
        let bytes = bytes(at: offset, count: size)
        guard bytes.count == size, size < 8 || bytes[7] < 0x80 else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

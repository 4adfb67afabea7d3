import Foundation
import RopewalkFormats

/// Bytes of a file at any place, so that none has to be whole in memory.
protocol ByteSource: Sendable {
    var count: Int { get }
    /// The bytes from `offset`; fewer where the source ends, also because a file was cut short meanwhile.
    func bytes(at offset: Int, count: Int) -> [UInt8]
}

/// Bytes in memory.
struct DataSource: ByteSource {
    private let data: Data

    init(_ data: Data) { self.data = data }

    var count: Int { data.count }

    func bytes(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, offset < data.count, count > 0 else { return [] }
        let start = data.startIndex + offset
        return [UInt8](data[start..<start + min(count, data.count - offset)])
    }
}

/// Part of a source.
struct SourcePart: ByteSource {
    let source: any ByteSource
    let start: Int
    let count: Int

    /// Nil where the part does not lie in the source.
    init?(_ source: any ByteSource, start: Int, count: Int) {
        guard start >= 0, count >= 0, start <= source.count, count <= source.count - start else { return nil }
        self.source = source
        self.start = start
        self.count = count
    }

    func bytes(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, offset <= self.count else { return [] }
        return source.bytes(at: start + offset, count: min(count, self.count - offset))
    }
}

/// An open file. It is read and not mapped: who writes a mask anew cuts the file short first, which would be the end of
/// a program that has it mapped.
final class FileSource: ByteSource {
    private let descriptor: Int32
    let count: Int
    let path: String

    init(_ path: String) throws(ExportError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .lastError(path, "read") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = ExportError.lastError(path, "read")
            close(descriptor)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .mask(file: path, problem: "it is not a regular file")
        }
        self.descriptor = descriptor
        count = Int(status.st_size)
        ReadFailures.forget(path)
    }

    deinit { close(descriptor) }

    func bytes(at offset: Int, count: Int) -> [UInt8] {
        let wanted = max(0, min(count, self.count - offset))
        guard offset >= 0, wanted > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, wanted - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    ReadFailures.note(path, error: got < 0 ? errno : 0)
                    break
                }
                filled += got
            }
        }
    }
}

extension ByteSource {
    /// All of it, as far as it is not over `limit`; nil where it is.
    func data(limit: Int) -> Data? { count <= limit ? Data(bytes(at: 0, count: count)) : nil }

    func starts(with bytes: [UInt8]) -> Bool { self.bytes(at: 0, count: bytes.count) == bytes }

    /// A little-endian number; nil beyond the end.
    func number(at offset: Int, size: Int) -> Int? {
        let bytes = bytes(at: offset, count: size)
        guard bytes.count == size, size < 8 || bytes[7] < 0x80 else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

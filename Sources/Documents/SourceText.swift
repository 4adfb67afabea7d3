import Foundation
import RopewalkTokenizers

/// A text as bytes of valid UTF-8, with an index of its lines.
public struct SourceText: Sendable {
    /// The largest text that is read unless told otherwise, in bytes.
    package static let sizeLimit = 1 << 30
    /// A line of more bytes is cut, so that wrapping one endless line stays local.
    package static let longestLine = 4096

    /// Names the text in errors and on the screen.
    public let name: String
    /// Exactly as they were read: nothing is stripped.
    public let bytes: [UInt8]
    /// Where every line begins; a line longer than `longestLine` is cut after a space where one is near, else
    /// between characters. Never empty, the first is 0.
    package let lines: [Int32]

    /// Reads a file.
    package init(contentsOf path: String, sizeLimit: Int = SourceText.sizeLimit) throws(DocumentError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(file: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        try self.init(descriptor: descriptor, name: path, sizeLimit: sizeLimit)
    }

    /// Reads an open file, a pipe or standard input to its end.
    package init(
        descriptor: Int32, name: String, sizeLimit: Int = SourceText.sizeLimit
    ) throws(DocumentError) {
        try self.init(Self.read(descriptor, name: name, limit: sizeLimit), name: name, sizeLimit: sizeLimit)
    }

    package init(_ text: String, name: String = "text") throws(DocumentError) {
        try self.init(Array(text.utf8), name: name)
    }

    /// - Parameter name: names the bytes in errors.
    package init(_ bytes: [UInt8], name: String, sizeLimit: Int = SourceText.sizeLimit) throws(DocumentError) {
        let limit = min(sizeLimit, Int(Int32.max / 2))
        guard bytes.count <= limit else { throw .tooLarge(file: name, bytes: bytes.count, limit: limit) }
        if let zero = Self.firstZero(bytes, from: 0) { throw .binary(file: name, byte: zero) }
        if let byte = bytes.withUnsafeBytes({ UTF8Text.firstInvalid(in: $0) }) {
            throw .notUTF8(file: name, byte: byte)
        }
        self.name = name
        self.bytes = bytes
        lines = TextLines.starts(bytes, longest: Self.longestLine)
    }

    package var isEmpty: Bool { bytes.isEmpty }

    package var lineCount: Int { lines.count }

    /// The bytes of a line, its line end included.
    package func bytes(ofLine line: Int) -> Range<Int> {
        guard lines.indices.contains(line) else { return bytes.count..<bytes.count }
        let end = line + 1 < lines.count ? Int(lines[line + 1]) : bytes.count
        return Int(lines[line])..<end
    }

    /// The line that `byte` lies in; the last one for bytes after the end, the first for those before the start.
    package func line(containing byte: Int) -> Int {
        max(0, lines.partitionPoint { Int($0) > byte } - 1)
    }

    /// The text of a range, which is cut to what there is.
    public func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }

    private static func firstZero(_ bytes: [UInt8], from first: Int) -> Int? {
        bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress, first < buffer.count else { return nil }
            return memchr(start + first, 0, buffer.count - first).map { UnsafeRawPointer($0) - start }
        }
    }

    private static func read(_ descriptor: Int32, name: String, limit: Int) throws(DocumentError) -> [UInt8] {
        var status = stat()
        let known = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
        if known > limit { throw .tooLarge(file: name, bytes: known, limit: limit) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(known + 1)
        var step = 1 << 16
        while true {
            let room = min(step, limit + 1 - bytes.count)
            let start = bytes.count
            var count = 0
            bytes.append(
                contentsOf: [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
                    repeat {
                        count = Foundation.read(descriptor, buffer.baseAddress, room)
                    } while count < 0 && errno == EINTR
                    filled = max(0, count)
                })
            if count < 0 { throw .unreadable(file: name, reason: String(cString: strerror(errno))) }
            if count == 0 { return UnicodeText.utf8(bytes) ?? bytes }
            // What is no text is seen before all of it is read.
            if !UnicodeText.isWide(bytes), let zero = firstZero(bytes, from: start) {
                throw .binary(file: name, byte: zero)
            }
            if bytes.count > limit { throw .tooLarge(file: name, bytes: bytes.count, limit: limit) }
            step = max(1 << 16, min(1 << 22, start + count))
        }
    }
}

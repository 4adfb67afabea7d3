import Foundation
import RopewalkPhrases

/// A safetensors file, mapped into memory; every entry has been checked against the file when this exists.
package struct SafetensorsFile: Sendable {
    /// As in the reference implementation.
    static let headerLimit = 100_000_000
    static let depthLimit = 32

    package let path: String
    package let tensors: [String: TensorEntry]
    /// The names of element types that are not known, by tensor; such tensors are not among `tensors`.
    package let unknownTypes: [String: String]
    package let metadata: [String: String]
    let data: Data

    package init(contentsOf path: String) throws(FormatError) {
        try self.init(RegularFile.map(path), path: path)
    }

    /// - Parameter path: names the data in errors.
    package init(_ data: Data, path: String) throws(FormatError) {
        self.path = path
        self.data = data
        if Self.isPickle(data) { throw .pickle(file: path) }
        let header = try Self.headerRange(data, path)
        let plain = data.withUnsafeBytes { file in
            var plain = PlainHeader(
                UnsafeRawBufferPointer(rebasing: file[header]), dataStart: header.upperBound, fileSize: file.count)
            return plain.read()
        }
        if let plain {
            (tensors, metadata, unknownTypes) = (plain.tensors, plain.metadata, [:])
            return
        }
        let document = try JSONDocument(
            data[data.startIndex + 8..<data.startIndex + header.upperBound],
            source: path, depthLimit: Self.depthLimit)
        var reader = SafetensorsHeader(path: path, dataStart: header.upperBound, fileSize: data.count)
        try reader.read(document.members())
        tensors = reader.tensors
        unknownTypes = reader.unknownTypes
        metadata = reader.metadata
    }

    /// Calls `body` with the tensor's bytes as the file has them: little-endian, the last axis densest.
    package func withBytes<Result>(
        of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard let entry = tensors[name] else { throw FormatError.missingTensor(file: path, tensor: name) }
        return try data.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[entry.bytes])) }
    }

    /// Calls `body` with all bytes of the file. Those of a mapped one stay where they are as long as this lives.
    package func withAllBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try data.withUnsafeBytes(body)
    }

    /// The tensor's bytes, a view of the mapped file; nil where there is no such tensor.
    package func bytes(of name: String) -> Data? {
        tensors[name].map { data[data.startIndex + $0.bytes.lowerBound..<data.startIndex + $0.bytes.upperBound] }
    }

    /// Whether it begins as what torch.save writes: a ZIP archive, in older versions a pickle of protocol 2 on.
    private static func isPickle(_ data: Data) -> Bool {
        data.withUnsafeBytes { start in
            guard start.count >= 9, start[8] != UInt8(ascii: "{") else { return false }
            return start.starts(with: "PK\u{3}\u{4}".utf8) || start[0] == 0x80 && (2...5).contains(start[1])
        }
    }

    /// The header's place in the file, the eight bytes of its length not included.
    private static func headerRange(_ data: Data, _ path: String) throws(FormatError) -> Range<Int> {
        guard data.count >= 8 else {
            throw .header(file: path, byte: 0, problem: say("\(data.count) bytes are too few for a header"))
        }
        let length = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= UInt64(headerLimit) else {
            throw .header(file: path, byte: 0, problem: say("a header of \(length) bytes is over \(headerLimit)"))
        }
        guard Int(length) <= data.count - 8 else {
            throw .header(
                file: path, byte: 0,
                problem: say("a header of \(length) bytes is longer than the file of \(data.count)"))
        }
        return 8..<8 + Int(length)
    }
}

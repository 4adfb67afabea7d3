import Foundation

/// A GGUF file of version 2 or 3, mapped into memory; every entry has been checked against the file when this exists.
package struct GGUFFile: Sendable {
    package let path: String
    package let version: Int
    /// By their keys, as "general.architecture".
    package let metadata: [String: GGUFValue]
    package let tensors: [String: TensorEntry]
    private let data: Data

    package init(contentsOf path: String) throws(FormatError) {
        try self.init(RegularFile.map(path), path: path)
    }

    /// - Parameter path: names the data in errors.
    package init(_ data: Data, path: String) throws(FormatError) {
        var failure: FormatError?
        let header = data.withUnsafeBytes { buffer -> GGUFHeader? in
            do throws(FormatError) { return try GGUFHeader(buffer, data, path: path) } catch {
                failure = error
                return nil
            }
        }
        guard let header else { throw failure ?? .header(file: path, byte: 0, problem: "cannot be read") }
        self.path = path
        self.data = data
        version = header.version
        metadata = header.metadata
        tensors = header.tensors
    }

    /// Whether a file begins as a GGUF file does.
    package static func isGGUF(_ path: String) -> Bool {
        (try? RegularFile.map(path))?.starts(with: Data("GGUF".utf8)) ?? false
    }

    /// The tensor's bytes, a view of the mapped file; nil where there is no such tensor.
    package func bytes(of name: String) -> Data? {
        tensors[name].map { data[data.startIndex + $0.bytes.lowerBound..<data.startIndex + $0.bytes.upperBound] }
    }
}

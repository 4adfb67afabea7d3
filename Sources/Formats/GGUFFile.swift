import Foundation
import RopewalkPhrases

/// A GGUF model of version 2 or 3 in one file or in several parts, mapped into memory; every entry has been checked
/// against its file when this exists.
package struct GGUFFile: Sendable {
    /// One file.
    package struct Part: Sendable {
        package let path: String
        package let tensors: [String: TensorEntry]
        fileprivate let data: Data
    }

    /// The file that was named; of several the first.
    package let path: String
    package let version: Int
    /// By their keys, as "general.architecture"; of the first part.
    package let metadata: [String: GGUFValue]
    package let tensors: [String: TensorEntry]
    package let parts: [Part]
    /// Which part holds a tensor.
    private let partOfTensor: [String: Int]

    /// Reads a file, and where it is one of several parts, all of them.
    package init(contentsOf path: String) throws(FormatError) {
        let file = try GGUFFile(RegularFile.map(path), path: path)
        guard let paths = try GGUFSplit(file.metadata)?.paths(beside: path) else {
            self = file
            return
        }
        var files: [GGUFFile] = []
        for part in paths { files.append(part == path ? file : try GGUFFile(RegularFile.map(part), path: part)) }
        try self.init(joining: files)
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
        guard let header else { throw failure ?? .header(file: path, byte: 0, problem: say("cannot be read")) }
        self.path = path
        version = header.version
        metadata = header.metadata
        tensors = header.tensors
        parts = [Part(path: path, tensors: header.tensors, data: data)]
        partOfTensor = [:]
    }

    /// - Parameter files: all parts in their order
    private init(joining files: [GGUFFile]) throws(FormatError) {
        try GGUFSplit.check(files)
        path = files[0].path
        version = files[0].version
        metadata = files[0].metadata
        parts = files.flatMap(\.parts)
        var tensors: [String: TensorEntry] = [:]
        var partOfTensor: [String: Int] = [:]
        for (index, part) in parts.enumerated() {
            for (name, entry) in part.tensors {
                if let other = partOfTensor.updateValue(index, forKey: name) {
                    throw .tensor(
                        file: part.path, tensor: name, byte: entry.bytes.lowerBound,
                        problem: say("is in \(parts[other].path) too"))
                }
                tensors[name] = entry
            }
        }
        self.tensors = tensors
        self.partOfTensor = partOfTensor
    }

    /// Whether a file begins as a GGUF file does.
    package static func isGGUF(_ path: String) -> Bool {
        (try? RegularFile.map(path))?.starts(with: Data("GGUF".utf8)) ?? false
    }

    private func part(of name: String) -> Part { parts[partOfTensor[name] ?? 0] }

    /// The file that holds a tensor.
    package func path(of name: String) -> String { part(of: name).path }

    /// The tensor's bytes, a view of the mapped file; nil where there is no such tensor.
    package func bytes(of name: String) -> Data? {
        let data = part(of: name).data
        return tensors[name].map { data[data.startIndex + $0.bytes.lowerBound..<data.startIndex + $0.bytes.upperBound] }
    }
}

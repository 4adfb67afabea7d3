import Foundation
import RopewalkFormats

/// A tensor as a file keeps it, under the name and the shape that its family publishes it with.
struct StoredTensor {
    let file: String
    /// Its name in that file.
    let name: String
    let type: ElementType
    /// Lengths of the axes, outermost first.
    let shape: [Int]
    /// A view of the mapped file.
    let bytes: Data
    /// Which stored row is row i of the published tensor; nil where they are the same.
    var rows: [Int]?
    /// What was added to the published numbers.
    var shift: Float = 0
    /// Whether linear layers that are published as [inputs, outputs] lie as [outputs, inputs].
    var isTurned = false
}

/// Tensors by the names that their family publishes them with.
protocol TensorSource: Sendable {
    /// The file or folder, for errors.
    var path: String { get }
    /// Numbers of all tensors together.
    var count: Int { get }
    func tensor(_ name: String) -> StoredTensor?
    /// What the file calls a tensor.
    func nameInFile(_ name: String) -> String
}

extension CheckpointFiles: TensorSource {
    var path: String { folder }
    var count: Int { files.reduce(0) { $0 + $1.tensors.values.reduce(0) { $0 + $1.count } } }
    func nameInFile(_ name: String) -> String { name }

    func tensor(_ name: String) -> StoredTensor? {
        guard let (file, entry) = find(name), let bytes = file.bytes(of: name) else { return nil }
        return StoredTensor(file: file.path, name: name, type: entry.type, shape: entry.shape, bytes: bytes)
    }
}

import Foundation
import RopewalkFormats
import RopewalkKernels

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
    /// The weights, where a package for quantising has packed them; `type` and `bytes` are those of their codes.
    var packed: PackedWeights?
    /// Those of each expert, where it holds several that are packed one by one.
    var members: [PackedWeights] = []
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
    /// All names in the files.
    var names: [String] { get }
    /// Why a tensor cannot be read although a file names it; nil where none does, or where it can.
    func absence(of name: String) -> ModelError?
}

extension CheckpointFiles: TensorSource {
    var path: String { files.count == 1 ? files[0].path : folder }
    var count: Int { files.reduce(0) { $0 + $1.tensors.values.reduce(0) { $0 + $1.count } } }
    func nameInFile(_ name: String) -> String { name }

    var names: [String] { files.flatMap { Array($0.tensors.keys) + $0.unknownTypes.keys } }

    func absence(of name: String) -> ModelError? {
        let stacked = StackedExpert(name).map { $0.names.flatMap(Self.spellings) } ?? []
        return (Self.spellings(name) + stacked).lazy.compactMap { absence(of: $0).map(ModelError.format) }.first
    }

    func tensor(_ name: String) -> StoredTensor? {
        for name in Self.spellings(name) {
            guard let (file, entry) = find(name), let bytes = file.bytes(of: name) else { continue }
            return StoredTensor(file: file.path, name: name, type: entry.type, shape: entry.shape, bytes: bytes)
        }
        return StackedExpert(name).flatMap(member)
    }

    /// The part of a tensor of all experts that is one expert's.
    private func member(_ expert: StackedExpert) -> StoredTensor? {
        for name in expert.names.flatMap(Self.spellings) {
            guard let (file, entry) = find(name), let bytes = file.bytes(of: name), entry.shape.count > 1,
                expert.index < entry.shape[0]
            else { continue }
            let size = bytes.count / entry.shape[0]
            return StoredTensor(
                file: file.path, name: name, type: entry.type, shape: Array(entry.shape.dropFirst()),
                bytes: bytes.dropFirst(expert.index * size).prefix(size))
        }
        return nil
    }

    /// What files call a tensor: as it is published alone, or as the text part of a model that also sees or hears.
    private static func spellings(_ name: String) -> [String] {
        var names = [name, "language_model." + name]
        if name.hasPrefix("model.") { names.append("model.language_model." + name.dropFirst("model.".count)) }
        return names
    }
}

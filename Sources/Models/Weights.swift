import Formats
import Kernels

/// Reads the tensors of a checkpoint as float32, checked against the shapes that the configuration asks for.
struct Weights {
    let checkpoint: CheckpointFiles

    init(folder: String) throws(ModelError) {
        do { checkpoint = try CheckpointFiles(folder: folder) } catch { throw .format(error) }
    }

    func contains(_ name: String) -> Bool { checkpoint.find(name) != nil }

    /// A tensor as float32, row by row.
    func values(_ name: String, shape: [Int]) throws(ModelError) -> [Float] {
        guard let (file, entry) = checkpoint.find(name) else {
            throw .missing(folder: checkpoint.folder, tensor: name)
        }
        guard entry.shape == shape else {
            throw .shape(file: file.path, tensor: name, found: entry.shape, expected: shape)
        }
        let widen: (UnsafeRawBufferPointer) -> [Float]
        switch entry.type {
        case .f32: widen = Widening.f32
        case .f16: widen = Widening.f16
        case .bf16: widen = Widening.bf16
        default: throw .elementType(file: file.path, tensor: name, type: entry.type.rawValue)
        }
        let values: [Float]
        do { values = try file.withBytes(of: name, widen) } catch {
            throw .format(error as? FormatError ?? .missingTensor(file: file.path, tensor: name))
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(file: file.path, tensor: name, index: index)
        }
        return values
    }

    /// A linear layer, `name.weight` [outputs, inputs] with `name.bias` [outputs] where `bias` says so.
    func linear(_ name: String, outputs: Int, inputs: Int, bias: Bool = false) throws(ModelError) -> WeightMatrix {
        WeightMatrix(
            outputs: outputs, inputs: inputs, values: try values(name + ".weight", shape: [outputs, inputs]),
            bias: bias ? try values(name + ".bias", shape: [outputs]) : nil)
    }
}

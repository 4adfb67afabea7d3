import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// How a package names and packs what belongs to one layer.
protocol QuantisedLayout: Sendable {
    /// Ends of the names of tensors that only say how others are to be read.
    var companions: [String] { get }

    /// The weights of a tensor by its published name; nil where it is not packed.
    func weights(_ name: String, _ parts: PackedParts) throws(ModelError) -> PackedTensor?

    /// How many weights an entry holds.
    func numbers(of entry: TensorEntry, named name: String, in files: CheckpointFiles) -> Int
}

/// Packed weights with the tensor that holds their codes.
struct PackedTensor {
    let tensor: StoredTensor
    let packed: PackedWeights
    /// Where it is not [output, input].
    var shape: [Int]?
    /// Those of each expert, where it holds several that are packed one by one.
    var members: [PackedWeights] = []
}

/// The tensors of one layer, looked up with the checks that every layout needs.
struct PackedParts {
    private let files: CheckpointFiles

    init(_ files: CheckpointFiles) { self.files = files }

    func find(_ name: String) -> StoredTensor? { files.tensor(name) }

    /// Why there is no such tensor.
    func need(_ name: String) throws(ModelError) -> StoredTensor {
        if let tensor = files.tensor(name) { return tensor }
        if let absence = files.absence(of: name).map(ModelError.format) { throw absence }
        throw .configuration(
            file: files.folder, key: name, problem: say("is missing; without it the quantised layer cannot be read"))
    }

    /// A tensor with as many axes, of one of some types.
    func need(_ name: String, axes: Int, _ types: Set<ElementType>) throws(ModelError) -> StoredTensor {
        try check(need(name), axes: axes, types)
    }

    func check(_ tensor: StoredTensor, axes: Int, _ types: Set<ElementType>) throws(ModelError) -> StoredTensor {
        guard types.contains(tensor.type) else {
            throw tensor.wrong(
                say(
                    """
                    has element type \(tensor.type.rawValue), not \
                    \(types.map(\.rawValue).sorted().joined(separator: " or "))
                    """)
            )
        }
        guard tensor.shape.count == axes, tensor.shape.allSatisfy({ $0 > 0 && $0 <= 1 << 28 }) else {
            throw tensor.wrong(say("has shape \(tensor.shape), which is none of \(axes) axes"))
        }
        return tensor
    }

    /// A tensor of a shape.
    func need(_ name: String, shape: [Int], _ types: Set<ElementType>) throws(ModelError) -> StoredTensor {
        let tensor = try need(name, axes: shape.count, types)
        guard tensor.shape == shape else {
            throw tensor.wrong(say("has shape \(tensor.shape); the codes of the layer ask for \(shape)"))
        }
        return tensor
    }

    static let floats: Set<ElementType> = [.f32, .f16, .bf16]
}

extension StoredTensor {
    func wrong(_ problem: String) -> ModelError { .configuration(file: file, key: name, problem: problem) }

    /// Scales as they are stored.
    func numbers() throws(ModelError) -> PackedNumbers {
        guard let format = WeightFormat(rawValue: type.rawValue), [.f32, .f16, .bf16].contains(format) else {
            throw wrong(say("has element type \(type.rawValue), which scales cannot have"))
        }
        return .stored(bytes, format)
    }

    /// Whole numbers of 32 bits.
    func words() -> [UInt32] {
        bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
            }
        }
    }

    /// The number of a tensor of one element.
    var single: Float? {
        guard shape.allSatisfy({ $0 == 1 }), let format = WeightFormat(rawValue: type.rawValue) else { return nil }
        return bytes.withUnsafeBytes { Widening.values($0, format) }.first
    }
}

extension String {
    /// What stands before an ending; nil where it ends otherwise.
    func before(_ ending: String) -> String? { hasSuffix(ending) ? String(dropLast(ending.count)) : nil }
}

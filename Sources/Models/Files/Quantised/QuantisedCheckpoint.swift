import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// The weights of a folder whose linear layers are quantised: packed ones under the names that their family publishes.
///
/// Layers that were left out of the quantising lie as in any other folder, and are read so.
struct QuantisedCheckpoint: TensorSource {
    let base: CheckpointFiles
    let quantisation: Quantisation
    private let layout: any QuantisedLayout

    init(_ base: CheckpointFiles, _ quantisation: Quantisation) {
        self.base = base
        self.quantisation = quantisation
        layout =
            switch quantisation.method {
            case .gptq: GPTQLayout(quantisation)
            case .awq: AWQLayout()
            case .bitsandbytes: BitsAndBytesLayout()
            case .fp8, .fbgemm: FloatEightLayout(quantisation)
            case .compressedTensors: CompressedLayout(quantisation)
            case .mlx: MLXLayout(quantisation)
            case .mxfp4: MXFP4Layout()
            }
    }

    /// The source of a folder's weights, quantised or not.
    static func source(folder: String) throws(ModelError) -> any TensorSource {
        let base: CheckpointFiles
        do { base = try CheckpointFiles(folder: folder) } catch { throw .format(error) }
        return try source(base)
    }

    static func source(_ base: CheckpointFiles) throws(ModelError) -> any TensorSource {
        if let quantisation = try quantisation(folder: base.folder) { return QuantisedCheckpoint(base, quantisation) }
        let sign = base.names.first { name in
            [".qweight", ".quant_state.bitsandbytes__nf4", ".SCB"].contains { name.hasSuffix($0) }
        }
        guard let sign else { return base }
        throw .configuration(
            file: base.folder + "/config.json", key: "quantization_config",
            problem: say("is missing, but the weights are quantised (tensor \(sign)): fetch the whole folder"))
    }

    static func quantisation(folder: String) throws(ModelError) -> Quantisation? {
        let file = folder + "/config.json"
        if FileManager.default.fileExists(atPath: file) {
            let root: JSONValue
            do { root = try JSONDocument(contentsOf: file).root } catch { throw .format(error) }
            if let stated = try Quantisation(root, file: file) { return stated }
        }
        return try Quantisation(folder: folder)
    }

    var path: String { base.path }
    func nameInFile(_ name: String) -> String { name }

    var names: [String] { base.names.filter { name in !layout.companions.contains { name.hasSuffix($0) } } }

    /// Numbers of weights, not of the bytes that hold them.
    var count: Int {
        base.files.reduce(0) { sum, file in
            sum
                + file.tensors.reduce(0) { sum, tensor in
                    let isPart = layout.companions.contains { tensor.key.hasSuffix($0) }
                    return sum + (isPart ? 0 : layout.numbers(of: tensor.value, named: tensor.key, in: base))
                }
        }
    }

    func absence(of name: String) -> ModelError? {
        do {
            _ = try packed(name)
            return base.absence(of: name)
        } catch { return error }
    }

    func tensor(_ name: String) -> StoredTensor? {
        guard let packed = try? packed(name) else { return hasFault(name) ? nil : base.tensor(name) }
        return packed
    }

    private func hasFault(_ name: String) -> Bool {
        do { return try packed(name) != nil } catch { return true }
    }

    /// The tensor of that name, where it is packed.
    private func packed(_ name: String) throws(ModelError) -> StoredTensor? {
        guard let found = try layout.weights(name, PackedParts(base)) else { return nil }
        let (tensor, packed) = (found.tensor, found.packed)
        guard packed.isWhole, found.members.allSatisfy(\.isWhole) else {
            throw .configuration(
                file: tensor.file, key: tensor.name,
                problem: say(
                    """
                    its scales, zeros and codes contradict one another for a layer of \(packed.outputs) x \
                    \(packed.inputs)
                    """))
        }
        // Packages keep linear layers as [output, input], however the family publishes them.
        var stored = StoredTensor(
            file: tensor.file, name: tensor.name, type: tensor.type,
            shape: found.shape ?? [packed.outputs, packed.inputs], bytes: tensor.bytes, isTurned: true)
        stored.packed = packed
        stored.members = found.members
        return stored
    }
}

import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases
import Synchronization

/// A LoRA adapter as PEFT saves it: small matrices that are added to those of a model's linear layers.
///
/// adapter_model.safetensors, or adapter_model.bin without it, has lora_A [rank, input] and lora_B [output, rank] for each layer; the weights become
/// W + alpha / rank · B · A, or alpha / √rank with `use_rslora`.
final class Adapter: Sendable {
    let folder: String
    private let settings: AdapterSettings
    private let file: TensorFile
    /// The layers that it changes, by their names in the model.
    private let layers: [String: Layer]
    /// Those that the model has asked for.
    private let used = Mutex<Set<String>>([])

    /// Names of the tensors of a layer.
    private struct Layer {
        var a: String?
        var b: String?
        /// A copy of the model's own weights, which PEFT saves with the layers of the vocabulary.
        var base: String?
    }

    init(folder: String) throws(ModelError) {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        settings = try AdapterSettings(folder: self.folder)
        let paths = ["/adapter_model.safetensors", "/adapter_model.bin"].map { folder + $0 }
        guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw .format(
                .noCheckpoint(
                    folder: self.folder, problem: say("has neither adapter_model.safetensors nor adapter_model.bin")))
        }
        do { file = try TensorFile(contentsOf: path) } catch { throw .format(error) }
        layers = try Self.layers(file)
    }

    /// The folder's name.
    var name: String { URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent }

    private static func layers(_ file: TensorFile) throws(ModelError) -> [String: Layer] {
        var layers: [String: Layer] = [:]
        for name in file.tensors.keys.sorted() + file.unknownTypes.keys.sorted() {
            if let layer = name.before(".lora_A.weight") {
                layers[plain(layer), default: Layer()].a = name
            } else if let layer = name.before(".lora_B.weight") {
                layers[plain(layer), default: Layer()].b = name
            } else if let layer = name.before(".base_layer.weight") {
                layers[plain(layer), default: Layer()].base = name
            } else {
                throw .configuration(
                    file: file.path, key: name,
                    problem: say("is not lora_A or lora_B of a linear layer: other parts of adapters are not read"))
            }
        }
        guard !layers.isEmpty else {
            throw .configuration(file: file.path, key: "tensors", problem: say("the adapter changes nothing"))
        }
        return layers
    }

    /// A layer's name without what wraps the model in training, and without the part of a model that also sees.
    private static func plain(_ name: String) -> String {
        var name = name[...]
        for prefix in ["base_model.model.", "base_model."] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
            break
        }
        return name.replacingOccurrences(of: "language_model.", with: "")
    }

    /// What it adds to the linear layer of that name; nil where it leaves it as it is.
    /// - Parameter matrix: the model's own weights
    func update(_ name: String, of matrix: WeightMatrix) throws(ModelError) -> LowRankUpdate? {
        guard let key = key(of: name), let layer = layers[key] else { return nil }
        used.withLock { _ = $0.insert(key) }
        let (outputs, inputs) = (matrix.outputs, matrix.inputs)
        if layer.base != nil {
            let base = try values(layer.base, of: key, "base_layer", shape: [outputs, inputs])
            let isSame = (0..<outputs).allSatisfy {
                matrix.row($0).elementsEqual(base[$0 * inputs..<($0 + 1) * inputs])
            }
            guard isSame else {
                throw .configuration(
                    file: file.path, key: key,
                    problem:
                        say(
                            """
                            the adapter brings weights of its own for this layer, which are not the model's: \
                            merge it with PEFT
                            """))
            }
        }
        let rank = try settings.rank(of: key)
        let a = try values(layer.a, of: key, "lora_A", shape: [rank, inputs])
        let b = try values(layer.b, of: key, "lora_B", shape: [outputs, rank])
        return LowRankUpdate(
            outputs: outputs, inputs: inputs, rank: rank, a: a, b: b, scale: try settings.scale(of: key, rank: rank))
    }

    /// The adapter's name of a layer: models are wrapped in others, so that one name may be the end of the other.
    private func key(of name: String) -> String? {
        if layers[name] != nil { return name }
        return layers.keys.filter { $0.hasSuffix("." + name) || name.hasSuffix("." + $0) }.min()
    }

    private func values(
        _ name: String?, of layer: String, _ part: String, shape: [Int]
    ) throws(ModelError) -> [Float] {
        guard let name, let entry = file.tensors[name], let bytes = file.bytes(of: name) else {
            throw .configuration(
                file: file.path, key: layer,
                problem: say("has no \(part) of a known element type; fetch the file again"))
        }
        guard entry.shape == shape else {
            throw .shape(file: file.path, tensor: name, found: entry.shape, expected: shape)
        }
        guard let format = WeightFormat(rawValue: entry.type.rawValue) else {
            throw .elementType(file: file.path, tensor: name, type: entry.type.rawValue)
        }
        let values = bytes.withUnsafeBytes { Widening.values($0, format) }
        if let place = values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(file: file.path, tensor: name, index: place)
        }
        return values
    }

    /// Says which layers a model that has been loaded does not have.
    func checkUse(by model: String) throws(ModelError) {
        let unused = used.withLock { used in layers.keys.filter { !used.contains($0) } }.sorted()
        guard let first = unused.first else { return }
        throw .configuration(
            file: folder, key: first,
            problem:
                say(
                    """
                    the adapter changes \(layers.count) layers, and \(model) has \(unused.count) of them not, \
                    or not as linear layers of their own: it was made for \(settings.base)
                    """))
    }
}

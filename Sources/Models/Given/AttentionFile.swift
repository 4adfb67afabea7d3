import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// A file of attention weights that another program has saved: its tensors, and which of them is which layer.
struct AttentionFile {
    /// [layer], each [head, query, key]; nil for those that the file has not.
    let layers: [FileTensor?]
    /// How exactly the file keeps them.
    let type: ElementType
    /// The tokens that some files hold too, of the queries and of the keys.
    var tokens: [String]?
    var keyTokens: [String]?

    /// The largest numbers of each that are read.
    static let limits = (layers: 4096, heads: 65_536, tokens: 4_194_304)

    /// A tensor of any number of axes.
    struct Tensor {
        let name: String
        let type: ElementType
        let shape: [Int]
        let bytes: StoredBytes
        let offset: Int
    }

    /// - Parameter name: which tensors, such as `blocks.{layer}.attn.hook_pattern`; nil for those that there are
    init(contentsOf path: String, name: String?) throws(ModelError) {
        let data: Data
        ReadFailures.forget(path)
        do throws(FormatError) { data = try RegularFile.map(path) } catch { throw .format(error) }
        if let first = data.first(where: { !Self.blanks.contains($0) }), Self.isJSON(first, data) {
            let file = try AttentionJSON(data, path: path, entry: name)
            let read = try AttentionShape(of: [(0, file.tensor)], isWhole: true, path: path)
            (layers, type) = (read.layers, file.tensor.type)
            (tokens, keyTokens) = (file.tokens, file.keyTokens)
            return
        }
        let tensors = try Self.tensors(data, path)
        let (chosen, isWhole) = try AttentionNames(tensors, path: path).chosen(name)
        let read = try AttentionShape(of: chosen, isWhole: isWhole, path: path)
        (layers, type) = (read.layers, read.type)
    }

    private static let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]

    /// A file of safetensors begins with the length of its header, which may look like a bracket.
    private static func isJSON(_ first: UInt8, _ data: Data) -> Bool {
        let start = Array(data.prefix(9))
        let isSafetensors = start.count == 9 && start[8] == UInt8(ascii: "{") && start[7] == 0
        return !isSafetensors && (first == UInt8(ascii: "[") || first == UInt8(ascii: "{"))
    }

    private static func tensors(_ data: Data, _ path: String) throws(ModelError) -> [Tensor] {
        if data.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) || path.hasSuffix(".npy") {
            return [try array(data, path)]
        }
        if path.hasSuffix(".npz") {
            throw .attention(
                file: path, say("archives of NumPy are not read here: save one array with np.save, or safetensors"))
        }
        do throws(FormatError) {
            let isArchive = data.starts(with: [0x50, 0x4B, 3, 4])
            let file = try isArchive ? TensorFile(torch: data, path: path) : TensorFile(safetensors: data, path: path)
            let whole = StoredBytes(whole: data, path: path)
            return file.tensors.map { name, entry in
                guard !file.liesInOrder(name), let copy = file.bytes(of: name) else {
                    return Tensor(
                        name: name, type: entry.type, shape: entry.shape, bytes: whole, offset: entry.bytes.lowerBound)
                }
                let bytes = copy.withUnsafeBytes { StoredBytes(copying: $0) }
                return Tensor(name: name, type: entry.type, shape: entry.shape, bytes: bytes, offset: 0)
            }
        } catch { throw .format(error) }
    }

    private static func array(_ data: Data, _ path: String) throws(ModelError) -> Tensor {
        func wrong(_ problem: String) -> ModelError { .attention(file: path, problem) }
        let header: NumPyArrayHeader
        let (shape, isFortran): ([Int], Bool)
        do throws(NumPyArrayHeader.Problem) {
            header = try NumPyArrayHeader(DataSource(data))
            (shape, isFortran) = (try header.shape(), try header.isFortran())
        } catch { throw wrong(error.text) }
        guard let name = header.type, let type = Self.types[name.replacing("=", with: "<")] else {
            let shown = (header.type ?? "").unicodeScalars.prefix(20).map {
                (" "..."~").contains($0) ? String($0) : "?"
            }
            throw wrong(
                say(
                    "its numbers are of type '\(shown.joined())': weights are read as '<f4', '<f8' or '<f2', so save them with astype(\"<f4\"), never as objects"
                ))
        }
        guard !isFortran || shape.count < 2 else {
            throw wrong(say("it lies in Fortran order: save numpy.ascontiguousarray of it"))
        }
        guard let bytes = type.byteCount(shape: shape), bytes == data.count - header.dataStart else {
            throw wrong(
                say(
                    "shape \(shape) does not fit the \((data.count - header.dataStart).grouped) bytes behind its header"
                ))
        }
        return Tensor(
            name: "", type: type, shape: shape, bytes: StoredBytes(whole: data, path: path), offset: header.dataStart)
    }

    private static let types: [String: ElementType] = ["<f8": .f64, "<f4": .f32, "<f2": .f16]
}

extension StoredBytes {
    /// A whole file; those of a mapped one stay where they are as long as this lives.
    fileprivate convenience init(whole data: Data, path: String) {
        let owner = data
        let bytes = data.withUnsafeBytes { $0 }
        self.init(owner: owner, bytes: bytes) { _ in
            ReadFailures.note(
                path,
                .kind(file: path, problem: say("has changed since it was opened: what is shown of it is wrong")))
        }
    }
}

/// Which axes of tensors are heads, queries and keys.
struct AttentionShape {
    /// [layer], each [head, query, key]
    let layers: [FileTensor?]
    let type: ElementType

    /// - Parameters:
    ///   - tensors: with the layer of each
    ///   - isWhole: whether it is one tensor of all layers
    init(of tensors: [(layer: Int, tensor: AttentionFile.Tensor)], isWhole: Bool, path: String) throws(ModelError) {
        var found: [Int: FileTensor] = [:]
        var first: (layer: Int, shape: [Int])?
        for (layer, tensor) in tensors.sorted(by: { $0.layer < $1.layer }) {
            let shape = try Self.shape(tensor, isWhole: isWhole, path)
            if let first, first.shape != shape {
                throw .attention(
                    file: path,
                    say(
                        "layer \(layer) has shape \(Array(shape.dropFirst())), layer \(first.layer) \(Array(first.shape.dropFirst())): heads, queries and keys of all layers must agree"
                    ))
            }
            first = first ?? (layer, shape)
            for (index, map) in try Self.maps(tensor, shape, path).enumerated() { found[layer + index] = map }
        }
        guard let last = found.keys.max(), last < AttentionFile.limits.layers, let type = tensors.first?.tensor.type
        else {
            throw .attention(
                file: path, say("it names more than the \(AttentionFile.limits.layers.grouped) layers that are read"))
        }
        layers = (0...last).map { found[$0] }
        self.type = type
    }

    /// [layer, head, query, key]; an axis of one text is dropped.
    private static func shape(
        _ tensor: AttentionFile.Tensor, isWhole: Bool, _ path: String
    ) throws(ModelError) -> [Int] {
        let name = tensor.name.isEmpty ? "" : say("tensor \(String(tensor.name.prefix(120)).debugDescription): ")
        func wrong(_ problem: String) -> ModelError { .attention(file: path, name + problem) }
        var shape = tensor.shape
        guard (2...5).contains(shape.count) else {
            throw wrong(say("shape \(shape): [heads, queries, keys] are expected, with layers before them or without"))
        }
        if shape.count == 5 {
            // [layer, text, head, query, key], or the text first.
            guard isWhole, let text = [1, 0].first(where: { shape[$0] == 1 }) else { throw wrong(Self.batch(shape)) }
            shape.remove(at: text)
        }
        if shape.count == 4, !isWhole {
            guard shape[0] == 1 else { throw wrong(Self.batch(shape)) }
        }
        shape = Array(repeating: 1, count: 4 - shape.count) + shape
        let limits = AttentionFile.limits
        guard shape.allSatisfy({ $0 > 0 }), shape[0] <= limits.layers, shape[1] <= limits.heads,
            shape[2] <= limits.tokens, shape[3] <= limits.tokens
        else {
            throw wrong(
                say(
                    "shape \(tensor.shape): 1 to \(limits.layers.grouped) layers, \(limits.heads.grouped) heads and \(limits.tokens.grouped) tokens are read"
                ))
        }
        return shape
    }

    private static func batch(_ shape: [Int]) -> String {
        say("shape \(shape) is of several texts: save the maps of one, such as x[0]")
    }

    /// A map of every layer of the tensor.
    private static func maps(
        _ tensor: AttentionFile.Tensor, _ shape: [Int], _ path: String
    ) throws(ModelError) -> [FileTensor] {
        let format: FileTensor.Format? =
            switch tensor.type {
            case .f64: .f64
            case .f32: .f32
            case .f16: .f16
            case .bf16: .bf16
            default: nil
            }
        guard let format, let perLayer = tensor.type.byteCount(shape: Array(shape.dropFirst())) else {
            throw .attention(
                file: path,
                say(
                    "tensor \(String(tensor.name.prefix(120)).debugDescription) has element type \(tensor.type.rawValue): weights are F64, F32, F16 or BF16"
                ))
        }
        var maps: [FileTensor] = []
        for layer in 0..<shape[0] {
            let map = FileTensor(
                tensor.bytes, name: tensor.name, offset: tensor.offset + layer * perLayer, format: format,
                heads: 0..<shape[1], rows: shape[2], width: shape[3])
            guard let map else {
                throw .attention(file: path, say("shape \(tensor.shape) does not fit the bytes of the file"))
            }
            maps.append(map)
        }
        return maps
    }
}

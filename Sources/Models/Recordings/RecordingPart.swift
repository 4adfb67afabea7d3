import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// A file of a recording that is mapped: its tensors, held to what the index says of them.
final class RecordingPart: Sendable {
    let index: RecordingIndex.Part
    let path: String
    private let file: SafetensorsFile
    private let bytes: StoredBytes
    private let attention: RecordingIndex.Attention
    private let precision: StoredPrecision

    init(
        _ part: RecordingIndex.Part, attention: RecordingIndex.Attention, precision: StoredPrecision,
        in folder: RecordingFolder
    ) throws(ModelError) {
        index = part
        self.attention = attention
        self.precision = precision
        path = try folder.file(part.file, key: "parts")
        do throws(FormatError) {
            ReadFailures.forget(path)
            let data = try RegularFile.map(path)
            guard data.count == part.bytes else {
                throw .kind(
                    file: path, problem: say("has \(data.count) bytes, the index says \(part.bytes): copy it again"))
            }
            file = try SafetensorsFile(data, path: path)
            bytes = file.stored
        } catch { throw .format(error) }
    }

    /// Lets go of the memory that its numbers take.
    func release() { file.withAllBytes { MappedFile.release($0) } }

    private var name: String { index.kind.rawValue }
    private var count: Int { index.tokens.count }

    private func wrong(_ tensor: String, _ problem: String) -> ModelError {
        .recording(file: path, say("tensor \(tensor): \(problem)"))
    }

    /// A tensor of such a type and shape; nil where it is missing and may be.
    private func tensor(
        _ name: String, _ type: ElementType, shape: [Int], mayBeMissing: Bool = false
    ) throws(ModelError) -> TensorEntry? {
        guard let entry = file.tensors[name] else {
            if mayBeMissing { return nil }
            throw wrong(name, say("is missing"))
        }
        guard entry.type == type else {
            throw wrong(name, say("has element type \(entry.type.rawValue), not \(type.rawValue)"))
        }
        guard entry.shape == shape else { throw wrong(name, say("has shape \(entry.shape), not \(shape)")) }
        return entry
    }

    /// Queries, keys or values.
    private func numbers(_ name: String, heads: Range<Int>, rows: Int) throws(ModelError) -> FileTensor? {
        let width = attention.headDimension
        guard let entry = try tensor(name, precision.element, shape: [heads.count, rows, width]) else { return nil }
        var format: FileTensor.Format =
            switch precision {
            case .single: .f32
            case .half: .f16
            case .brain: .bf16
            case .bytes: .i8(scales: 0)
            }
        if precision == .bytes, let scales = try tensor(name + ".scale", .f32, shape: [heads.count, rows]) {
            format = .i8(scales: scales.bytes.lowerBound)
        }
        return FileTensor(
            bytes, name: name, offset: entry.bytes.lowerBound, format: format, heads: heads, rows: rows, width: width)
    }

    /// A number or a row of numbers for each head and query.
    private func measure(
        _ name: String, _ type: ElementType = .f32, rows: Int? = nil, mayBeMissing: Bool = true
    ) throws(ModelError) -> FileTensor? {
        let rows = rows ?? count
        let shape = [index.heads.count, rows]
        guard let entry = try tensor(name, type, shape: shape, mayBeMissing: mayBeMissing) else { return nil }
        return FileTensor(
            bytes, name: name, offset: entry.bytes.lowerBound, format: type == .i32 ? .i32 : .f32, heads: index.heads,
            rows: rows, width: 1)
    }

    /// Blocks of the map, as many to a row as there are keys when the part ends.
    private func pool(_ name: String) throws(ModelError) -> FileTensor? {
        guard file.tensors[name] != nil else { return nil }
        let block = attention.poolBlock
        guard index.tokens.lowerBound % block == 0 else {
            throw wrong(name, say("the part begins at \(index.tokens.lowerBound), no multiple of pool_block \(block)"))
        }
        let keys = index.kind == .decoder ? index.tokens.upperBound : attention.keys
        let (rows, columns) = ((count + block - 1) / block, (keys + block - 1) / block)
        guard let entry = try tensor(name, .f32, shape: [index.heads.count, rows, columns]) else { return nil }
        return FileTensor(
            bytes, name: name, offset: entry.bytes.lowerBound, format: .f32, heads: index.heads, rows: rows,
            width: columns)
    }

    /// Measures of a layer that may be left out, of all its parts together.
    static let optionalMeasures = [
        "entropy", "distance", "sink", "previous", "induction", "top_key", "pool_maximum", "pool_mass", "threshold",
        "last_tie", "choice_starts",
    ]

    /// Whether there is a tensor of a layer.
    func has(_ measure: String, layer: Int) -> Bool { file.tensors["\(name).\(layer).\(measure)"] != nil }

    /// What it has of one layer.
    func layer(_ layer: Int) throws(ModelError) -> Layer {
        let prefix = "\(name).\(layer)."
        let (kv, isCross) = (index.keyValueHeads, index.kind == .cross)
        let hasKeys = !isCross || index.tokens.lowerBound == 0
        let keys = isCross ? attention.keys : count
        var bounds: FileTensor?
        let starts = try measure(prefix + "choice_starts", .i32, rows: count + 1)
        if starts != nil {
            let name = prefix + "choice_bounds"
            guard let entry = file.tensors[name], entry.type == .i32, entry.shape.count == 1 else {
                throw wrong(name, say("a list of I32 is expected"))
            }
            bounds = FileTensor(
                bytes, name: name, offset: entry.bytes.lowerBound, format: .i32, heads: 0..<1, rows: entry.count,
                width: 1)
        }
        return Layer(
            queries: try numbers(prefix + "queries", heads: index.heads, rows: count),
            keys: hasKeys ? try numbers(prefix + "keys", heads: kv, rows: keys) : nil,
            values: hasKeys ? try numbers(prefix + "values", heads: kv, rows: keys) : nil,
            logSumExp: try measure(prefix + "log_sum_exp"), entropy: try measure(prefix + "entropy"),
            distance: try measure(prefix + "distance"), sink: try measure(prefix + "sink"),
            previous: try measure(prefix + "previous"), induction: try measure(prefix + "induction"),
            topKey: try measure(prefix + "top_key", .i32), threshold: try measure(prefix + "threshold"),
            lastTie: try measure(prefix + "last_tie", .i32), pooledMaximum: try pool(prefix + "pool_maximum"),
            pooledMass: try pool(prefix + "pool_mass"), choiceStarts: starts, choiceBounds: bounds)
    }

    /// What a part has of a layer; nil where a tensor is left out.
    struct Layer: Sendable {
        let queries: FileTensor?
        let keys: FileTensor?
        let values: FileTensor?
        let logSumExp: FileTensor?
        let entropy: FileTensor?
        let distance: FileTensor?
        let sink: FileTensor?
        let previous: FileTensor?
        let induction: FileTensor?
        let topKey: FileTensor?
        let threshold: FileTensor?
        let lastTie: FileTensor?
        let pooledMaximum: FileTensor?
        let pooledMass: FileTensor?
        let choiceStarts: FileTensor?
        let choiceBounds: FileTensor?
    }

    /// States after the final norm, as one head; those of reversible blocks are two of a token's size.
    func lastHidden() throws(ModelError) -> FileTensor? {
        let name = "\(name).last_hidden"
        guard let found = file.tensors[name] else { return nil }
        let width = found.shape.last == 2 * attention.hidden ? 2 * attention.hidden : attention.hidden
        guard let entry = try tensor(name, .f32, shape: [count, width]) else { return nil }
        return FileTensor(
            bytes, name: name, offset: entry.bytes.lowerBound, format: .f32, heads: 0..<1, rows: count, width: width)
    }

    /// −ln p of the tokens that follow, as one head.
    func losses() throws(ModelError) -> FileTensor? {
        let name = "\(name).negative_log_likelihood"
        guard let entry = try tensor(name, .f32, shape: [count], mayBeMissing: true) else { return nil }
        return FileTensor(
            bytes, name: name, offset: entry.bytes.lowerBound, format: .f32, heads: 0..<1, rows: count, width: 1)
    }
}

extension SafetensorsFile {
    /// Its bytes for kernels, which stay where they are; numbers that may not be there are noted as a failure of the file.
    fileprivate var stored: StoredBytes {
        let path = path
        return withAllBytes { buffer in
            StoredBytes(owner: self, bytes: buffer) { tensor in
                ReadFailures.note(
                    path,
                    .tensor(
                        file: path, tensor: tensor, byte: tensors[tensor]?.bytes.lowerBound ?? 0,
                        problem: say("holds a number that may not be there, such as NaN: what is shown of it is wrong"))
                )
            }
        }
    }
}

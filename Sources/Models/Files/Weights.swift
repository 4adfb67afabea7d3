import Foundation
import RopewalkFormats
import RopewalkKernels

/// The tensors of a checkpoint, checked against the shapes that the configuration asks for.
///
/// Where all weights as float32 would take more than `limit` bytes, those of linear layers stay as the file has them and are
/// widened for every product.
struct Weights {
    /// Bytes that weights may take as float32 in any case. What is larger is widened as often as it is used: that costs at
    /// most as much as some 20 rows of a product, and a chunk of a run has 512 (measured; SPEED).
    private static let small = 64 << 20
    /// The part of the available memory that weights may take as float32.
    private static let share = 0.5

    private let source: any TensorSource
    private let keepsStored: Bool
    /// Whether the model is the text part of a larger one, in whose names it lies.
    var isPart = false
    /// Where faults are collected in place of being thrown; then no number is read.
    private let faults: FaultList?
    /// The names in the files of tensors that have been asked for.
    private let used = KeyLog()
    /// What is added to the weights of linear layers.
    private let adapter: Adapter?
    /// What is done to the weights of the layers after that.
    private let change: WeightChange?

    /// - Parameter limit: bytes that all weights may take as float32
    init(
        _ source: any TensorSource, adapter: Adapter? = nil, change: WeightChange? = nil,
        limit: Int = Weights.standardLimit
    ) {
        self.source = source
        self.adapter = adapter
        self.change = change
        keepsStored = source.count > limit / 4
        faults = nil
    }

    /// Weights without numbers, which note what is missing or wrong.
    init(checking source: any TensorSource, faults: FaultList) {
        self.source = source
        self.faults = faults
        adapter = nil
        change = nil
        keepsStored = true
    }

    init(folder: String) throws(ModelError) {
        do { self.init(try CheckpointFiles(folder: folder)) } catch { throw .format(error) }
    }

    static var standardLimit: Int { limit(available: AvailableMemory.bytes) }

    /// What weights may take as float32 where that many bytes are available; nil where that is not known.
    static func limit(available: Int?) -> Int { min(small, available.map { Int(Double($0) * share) } ?? small) }

    func contains(_ name: String) -> Bool { source.tensor(name) != nil }

    /// What stands before all names where a model lies within another, or was trained in parallel or compiled. The
    /// reference takes such tensors for others, and makes up those of the model.
    private static let wrappers = [
        "language_model.", "model.language_model.", "module._orig_mod.", "module.", "_orig_mod.",
    ]

    /// Names of tensors in the files that end so.
    func names(ending: String) -> [String] { source.names.filter { $0.hasSuffix(ending) } }

    /// The lengths of a tensor, outermost first; nil where there is none.
    func shape(_ name: String) -> [Int]? { source.tensor(name)?.shape }

    /// Why a tensor is not there.
    private func absence(of name: String) -> ModelError {
        if let error = source.absence(of: name) { return error }
        if let other = Self.wrappers.lazy.map({ $0 + name }).first(where: contains) {
            return .wrapped(folder: source.path, tensor: name, found: other)
        }
        return .missing(folder: source.path, tensor: source.nameInFile(name), near: near(source.nameInFile(name)))
    }

    /// Names that nothing has asked for yet and that have the most parts in common with that of a tensor; of the first
    /// faults only, as there may be as many as there are tensors.
    private func near(_ name: String) -> [String] {
        guard (faults?.errors.count ?? 0) < 4 else { return [] }
        let parts = name.split(separator: ".")
        var found: (common: Int, names: [String]) = (1, [])
        for other in source.names where !used.contains(other) {
            let common = zip(parts, other.split(separator: ".")).prefix { $0 == $1 }.count
            if common > found.common { found = (common, []) }
            if common == found.common { found.names.append(other) }
        }
        return Array(found.names.sorted().prefix(3))
    }

    /// A tensor as float32, row by row. When only checking, zeros, and nothing where the tensor is not right.
    func values(_ name: String, shape: [Int]) throws(ModelError) -> [Float] {
        guard let tensor = try tensor(name, shape: shape) else { return [] }
        if faults != nil { return Array(repeating: 0, count: shape.reduce(1, *)) }
        if let packed = tensor.packed { return try checkFinite(tensor, packed).values() }
        let format = try format(of: tensor)
        try checkFinite(tensor, format)
        let values = self.values(tensor, format)
        guard let rows = tensor.rows else { return values }
        let length = values.count / rows.count
        return rows.flatMap { values[$0 * length..<($0 + 1) * length] }
    }

    /// A linear layer, `name.weight` with `name.bias` [outputs] where `bias` says so.
    /// - Parameter inputsFirst: whether the family publishes it as [inputs, outputs] in place of [outputs, inputs]
    func linear(
        _ name: String, outputs: Int, inputs: Int, bias: Bool = false, inputsFirst: Bool = false
    ) throws(ModelError) -> WeightMatrix {
        let isTurned = inputsFirst && source.tensor(name + ".weight")?.isTurned != true
        let shape = isTurned ? [inputs, outputs] : [outputs, inputs]
        let tensor = try tensor(name + ".weight", shape: shape)
        let bias = bias ? try values(name + ".bias", shape: [outputs]) : nil
        guard faults == nil, let tensor else { return .placeholder(outputs: outputs, inputs: inputs) }
        if let packed = tensor.packed {
            return try changed(adapted(WeightMatrix(checkFinite(tensor, packed)), name), name).biased(bias)
        }
        let format = try format(of: tensor)
        try checkFinite(tensor, format)
        let stored = WeightMatrix(outputs: shape[0], inputs: shape[1], format: format, bytes: tensor.bytes)
        // Numbers that can be used in place cost no memory.
        let isLeft = keepsStored || stored.isWidened && tensor.rows == nil
        let matrix =
            isLeft ? stored : WeightMatrix(outputs: shape[0], inputs: shape[1], values: values(tensor, format))
        let ordered = tensor.rows.map { matrix.gathering(rows: $0) } ?? matrix
        return try changed(adapted(isTurned ? ordered.transposed() : ordered, name), name).biased(bias)
    }

    /// A linear layer that files keep as one parameter of several axes: its numbers are those of [outputs, inputs] row by row,
    /// or of [inputs, outputs].
    /// - Parameter name: whole; nothing is put behind it
    func folded(
        _ name: String, shape: [Int], outputs: Int, inputs: Int, inputsFirst: Bool
    ) throws(ModelError) -> WeightMatrix {
        guard let tensor = try tensor(name, shape: shape), faults == nil else {
            return .placeholder(outputs: outputs, inputs: inputs)
        }
        let format = try format(of: tensor)
        let (rows, columns) = inputsFirst ? (inputs, outputs) : (outputs, inputs)
        // Blocks of numbers lie along the last axis of their tensor.
        guard rows * format.byteCount(columns) == tensor.bytes.count else { throw elementType(tensor) }
        try checkFinite(tensor, format)
        let stored = WeightMatrix(outputs: rows, inputs: columns, format: format, bytes: tensor.bytes)
        let isLeft = keepsStored || stored.isWidened
        let matrix =
            isLeft ? stored : WeightMatrix(outputs: rows, inputs: columns, values: values(tensor, format))
        return try changed(inputsFirst ? matrix.transposed() : matrix, name)
    }

    /// The linear layer of that name with what the adapter adds to it. The sum is kept only where the layer's own weights
    /// are kept as float32.
    private func adapted(_ matrix: WeightMatrix, _ name: String) throws(ModelError) -> WeightMatrix {
        let update = try adapter?.update(name, of: matrix)
        guard let update else { return matrix }
        return matrix.adapted(by: update, inMemory: !keepsStored && matrix.isWidened)
    }

    /// The linear layer of that name after the change of weights.
    private func changed(_ matrix: WeightMatrix, _ name: String) throws(ModelError) -> WeightMatrix {
        guard let change, change.changes(name), !matrix.isPlaceholder else { return matrix }
        return try change.applied(to: matrix, name: name, keepsBlocks: keepsStored)
    }

    /// The matrices of experts that a file keeps in one tensor, [expert, outputs, inputs] or [expert, inputs, outputs].
    /// - Parameter biases: the tensor of their biases, [expert, outputs]; nil for none
    func stacked(
        _ name: String, count: Int, outputs: Int, inputs: Int, inputsFirst: Bool = false, biases: String? = nil
    ) throws(ModelError) -> [WeightMatrix] {
        let isTurned = inputsFirst && source.tensor(name)?.isTurned != true
        let shape = isTurned ? [inputs, outputs] : [outputs, inputs]
        let tensor = try tensor(name, shape: [count] + shape)
        let numbers = if let biases { try values(biases, shape: [count, outputs]) } else { [Float]() }
        guard faults == nil, let tensor else {
            return Array(repeating: .placeholder(outputs: outputs, inputs: inputs), count: count)
        }
        func bias(_ index: Int) -> [Float]? {
            numbers.isEmpty ? nil : Array(numbers[index * outputs..<(index + 1) * outputs])
        }
        var matrices: [WeightMatrix] = []
        if !tensor.members.isEmpty {
            for (index, member) in tensor.members.enumerated() {
                let matrix = WeightMatrix(try checkFinite(tensor, member))
                matrices.append(try changed(matrix, name).biased(bias(index)))
            }
            return matrices
        }
        if let packed = tensor.packed {
            let all = WeightMatrix(try checkFinite(tensor, packed))
            for index in 0..<count {
                let matrix = all.rows(index * outputs..<(index + 1) * outputs)
                matrices.append(try changed(matrix, name).biased(bias(index)))
            }
            return matrices
        }
        let format = try format(of: tensor)
        try checkFinite(tensor, format)
        let size = tensor.bytes.count / count
        for index in 0..<count {
            let bytes = tensor.bytes.dropFirst(index * size).prefix(size)
            let stored = WeightMatrix(outputs: shape[0], inputs: shape[1], format: format, bytes: bytes)
            let isLeft = keepsStored || stored.isWidened
            let matrix =
                isLeft
                ? stored
                : WeightMatrix(
                    outputs: shape[0], inputs: shape[1],
                    values: bytes.withUnsafeBytes { Widening.values($0, format) })
            matrices.append(try changed(isTurned ? matrix.transposed() : matrix, name).biased(bias(index)))
        }
        return matrices
    }

    /// The tensor, if it is there and has that shape; nil only when faults are collected.
    private func tensor(_ name: String, shape: [Int]) throws(ModelError) -> StoredTensor? {
        let own = name
        let name = change?.source(of: own) ?? own
        // What another layer stands in for is asked for all the same.
        if name != own, let unread = source.tensor(own) { used.note(unread.name) }
        guard let tensor = source.tensor(name) else { return try fault(absence(of: name)) }
        if !isPart, let wrapper = Self.wrappers.first(where: { tensor.name.hasPrefix($0) }), !name.hasPrefix(wrapper) {
            return try fault(.wrapped(folder: source.path, tensor: name, found: tensor.name))
        }
        used.note(tensor.name)
        guard tensor.shape == shape else {
            return try fault(.shape(file: tensor.file, tensor: tensor.name, found: tensor.shape, expected: shape))
        }
        if faults != nil, tensor.packed == nil, WeightFormat(rawValue: tensor.type.rawValue) == nil {
            return try fault(elementType(tensor))
        }
        return tensor
    }

    private func fault(_ error: ModelError) throws(ModelError) -> StoredTensor? {
        guard let faults else { throw error }
        faults.errors.append(error)
        return nil
    }

    private func elementType(_ tensor: StoredTensor) -> ModelError {
        .elementType(file: tensor.file, tensor: tensor.name, type: tensor.type.rawValue)
    }

    private func format(of tensor: StoredTensor) throws(ModelError) -> WeightFormat {
        guard let format = WeightFormat(rawValue: tensor.type.rawValue) else { throw elementType(tensor) }
        return format
    }

    private func checkFinite(_ tensor: StoredTensor, _ format: WeightFormat) throws(ModelError) {
        let place = tensor.bytes.withUnsafeBytes { Widening.firstNotFinite(in: $0, format, workers: Workers()) }
        if let place { throw .notFinite(file: tensor.file, tensor: tensor.name, index: place) }
    }

    private func checkFinite(_ tensor: StoredTensor, _ packed: PackedWeights) throws(ModelError) -> PackedWeights {
        guard let place = packed.firstNotFinite(workers: Workers()) else { return packed }
        throw .notFinite(file: tensor.file, tensor: tensor.name, index: place)
    }

    /// The numbers in the order of the file, what was added to them taken off again.
    private func values(_ tensor: StoredTensor, _ format: WeightFormat) -> [Float] {
        let values = tensor.bytes.withUnsafeBytes { Widening.values($0, format) }
        return tensor.shift == 0 ? values : values.map { $0 - tensor.shift }
    }

    /// Tensors of the files that nothing has asked for, in the order of their names.
    func unused() -> [String] { source.names.filter { !used.contains($0) && !UnreadParts.isBuffer($0) }.sorted() }

    /// How many tensors of a shape have been asked for.
    func usedCount(shape: [Int]) -> Int {
        source.names.count { used.contains($0) && source.tensor($0)?.shape == shape }
    }

    /// Numbers of weights in the files.
    var parameters: Int { source.count }
}

/// What a check of weights has found.
final class FaultList {
    var errors: [ModelError] = []
}

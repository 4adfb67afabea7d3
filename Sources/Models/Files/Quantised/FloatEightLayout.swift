import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// Floats of eight bits with a scale for the whole layer, for each output, or for each block of outputs and inputs:
/// weight = code · scale.
struct FloatEightLayout: QuantisedLayout {
    let companions = [
        ".weight_scale", ".weight_scale_inv", ".input_scale", ".activation_scale", ".input_scale_ub", ".k_scale",
        ".v_scale", "_proj_scale",
    ]
    /// Outputs and inputs of a block.
    private let block: [Int]

    init(_ quantisation: Quantisation) {
        let sizes = quantisation.settings["weight_block_size"]?.array?.compactMap(\.integer) ?? []
        block = sizes.count == 2 && sizes.allSatisfy { (1...1 << 20).contains($0) } ? sizes : [128, 128]
    }

    func numbers(of entry: TensorEntry, named name: String, in files: CheckpointFiles) -> Int { entry.count }

    func weights(_ name: String, _ parts: PackedParts) throws(ModelError) -> PackedTensor? {
        guard let found = parts.find(name), let table = Self.table(found.type) else { return nil }
        guard let layer = name.before(".weight") else {
            return found.shape.count == 3 ? try experts(found, table, name, parts) : nil
        }
        let tensor = try parts.check(found, axes: 2, [found.type])
        // Both are multiplied by.
        let isInverse = parts.find(layer + ".weight_scale_inv") != nil
        let scale = try parts.need(layer + (isInverse ? ".weight_scale_inv" : ".weight_scale"))
        let (outputs, inputs) = (tensor.shape[0], tensor.shape[1])
        let (scales, grouping) = try Self.scales(scale, outputs: outputs, inputs: inputs, block: block)
        return PackedTensor(
            tensor: tensor,
            packed: PackedWeights(
                outputs: outputs, inputs: inputs, bits: 8, codes: tensor.bytes, order: .alongRows(rowBytes: inputs),
                table: table, scales: scales, grouping: grouping))
    }

    /// The matrices of all experts, [expert, input, output], with a scale for each output or for each expert.
    private func experts(
        _ found: StoredTensor, _ table: [Float], _ name: String, _ parts: PackedParts
    ) throws(ModelError) -> PackedTensor {
        let tensor = try parts.check(found, axes: 3, [found.type])
        guard parts.find(name + "_scale_inv") == nil else {
            throw tensor.wrong(
                say(
                    """
                    has all experts in one tensor with scales of blocks, which is not read: use the original \
                    model, or one that has each expert in tensors of its own
                    """))
        }
        let scale = try parts.need(name + "_scale")
        let (count, inputs, outputs) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
        let isSingle = scale.shape.reduce(1, { $0 &* $1 }) == count && outputs > 1
        guard isSingle || scale.shape == [count, 1, outputs] || scale.shape == [count, outputs, 1] else {
            throw scale.wrong(
                say(
                    """
                    has shape \(scale.shape) beside experts of shape \(tensor.shape): no scale of an expert or \
                    of each of its outputs
                    """))
        }
        let numbers = try scale.numbers().values()
        let width = isSingle ? 1 : outputs
        let members = (0..<count).map { index in
            PackedWeights(
                outputs: outputs, inputs: inputs, bits: 8,
                codes: tensor.bytes.dropFirst(index * inputs * outputs).prefix(inputs * outputs), order: .alongColumns,
                table: table, scales: .floats(Array(numbers[index * width..<(index + 1) * width])),
                grouping: .init(size: inputs, rowStride: isSingle ? 0 : 1))
        }
        return PackedTensor(
            tensor: tensor, packed: members[0], shape: [count, outputs, inputs], members: members)
    }

    static func table(_ type: ElementType) -> [Float]? {
        switch type {
        case .f8E4M3: CodeTables.e4m3
        case .f8E5M2: CodeTables.e5m2
        default: nil
        }
    }

    /// Scales of whatever reach: one number, one an output, several an output, or one a block.
    static func scales(
        _ scale: StoredTensor, outputs: Int, inputs: Int, block: [Int]
    ) throws(ModelError) -> (PackedNumbers, PackedWeights.Grouping) {
        let numbers = try scale.numbers()
        let shape = scale.shape
        if shape.allSatisfy({ $0 == 1 }), outputs > 1 || shape.count < 2 {
            return (numbers, .init(size: inputs, rowStride: 0))
        }
        if shape == [outputs] || shape == [outputs, 1] { return (numbers, .init(size: inputs, rowStride: 1)) }
        if shape.count == 2, shape[0] == outputs, shape[1] > 0, inputs % shape[1] == 0 {
            return (numbers, .init(size: inputs / shape[1], rowStride: shape[1]))
        }
        let blocks = [(outputs + block[0] - 1) / block[0], (inputs + block[1] - 1) / block[1]]
        guard shape == blocks else {
            throw scale.wrong(
                say(
                    """
                    has shape \(shape) beside weights of [\(outputs), \(inputs)]: no scale of the layer, of its \
                    outputs or of blocks of \(block[0]) x \(block[1])
                    """))
        }
        var grouping = PackedWeights.Grouping(size: block[1], rowStride: blocks[1])
        grouping.rows = block[0]
        return (numbers, grouping)
    }
}

import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// MLX: weight[o][i] = scales[o][g] · q + biases[o][g]; in the mode mxfp4 floats of four bits times powers of two.
///
/// weight [output, input · bits / 32] of U32, scales and biases [output, input / group]; layers of several heads have all
/// three [head, output, ...].
struct MLXLayout: QuantisedLayout {
    let companions = [".scales", ".biases"]
    private let settings: JSONValue

    init(_ quantisation: Quantisation) { settings = quantisation.settings }

    func numbers(of entry: TensorEntry, named name: String, in files: CheckpointFiles) -> Int {
        guard entry.type == .u32, let layer = name.before(".weight") else { return entry.count }
        return entry.count * 32 / max(1, setting(layer, "bits")?.integer ?? 4)
    }

    /// A number that the configuration gives for one layer, or for all.
    private func setting(_ layer: String, _ key: String) -> JSONValue? { settings[layer]?[key] ?? settings[key] }

    func weights(_ name: String, _ parts: PackedParts) throws(ModelError) -> PackedTensor? {
        guard let layer = name.before(".weight"), let found = parts.find(name), found.type == .u32 else { return nil }
        let tensor = try parts.check(found, axes: found.shape.count == 3 ? 3 : 2, [.u32])
        // Settings bear the names that the file has, of experts that of all in one.
        let stored = tensor.name.before(".weight") ?? layer
        let mode = setting(stored, "mode")?.string ?? "affine"
        let bits = setting(stored, "bits")?.integer ?? 4
        let size = setting(stored, "group_size")?.integer ?? (mode == "mxfp4" ? 32 : 64)
        let (rows, words) = (Array(tensor.shape.dropLast()), tensor.shape[tensor.shape.count - 1])
        guard [2, 3, 4, 5, 6, 8].contains(bits), (1...1 << 16).contains(size), words * 32 % bits == 0 else {
            throw tensor.wrong(say("has shape \(tensor.shape), which is not of \(bits) bits in groups of \(size)"))
        }
        let (outputs, inputs) = (rows.reduce(1, *), words * 32 / bits)
        guard inputs % size == 0 else {
            throw tensor.wrong(say("has \(inputs) inputs, which are no groups of \(size)"))
        }
        let shape = rows + [inputs / size]
        let isFloat = mode == "mxfp4"
        let scales = try parts.need(layer + ".scales", shape: shape, isFloat ? [.u8] : PackedParts.floats)
        var packed = PackedWeights(
            outputs: outputs, inputs: inputs, bits: bits, codes: tensor.bytes,
            order: .alongRows(rowBytes: words * 4),
            table: isFloat && bits == 4 ? CodeTables.e2m1 : CodeTables.unsigned(bits: bits),
            scales: isFloat ? .table(scales.bytes, CodeTables.e8m0) : try scales.numbers(),
            grouping: .init(size: size, rowStride: inputs / size))
        if !isFloat {
            packed.minima = try parts.need(layer + ".biases", shape: shape, PackedParts.floats).numbers()
        }
        return PackedTensor(tensor: tensor, packed: packed, shape: rows + [inputs])
    }
}

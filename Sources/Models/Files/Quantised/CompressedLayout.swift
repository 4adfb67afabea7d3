import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// compressed-tensors (vLLM): whole numbers or floats of 8 bits with scales (int-, float- and naive-quantized), whole
/// numbers packed in words (pack-quantized), and floats of four bits (nvfp4- and mxfp4-pack-quantized).
///
/// weight = (code − zero) · scale; codes of pack-quantized are stored without sign, plus 2^(bits − 1).
struct CompressedLayout: QuantisedLayout {
    let companions = [
        ".weight_scale", ".weight_zero_point", ".weight_shape", ".weight_g_idx", ".weight_global_scale",
        ".input_scale", ".input_zero_point", ".input_global_scale", ".k_scale", ".v_scale",
    ]
    private let block: [Int]

    init(_ quantisation: Quantisation) {
        let groups = quantisation.settings["config_groups"]?.members ?? []
        let sizes = groups.lazy.compactMap { $0.value["weights"]?["block_structure"]?.array?.compactMap(\.integer) }
            .first
        block =
            sizes.flatMap { $0.count == 2 && $0.allSatisfy { (1...1 << 20).contains($0) } ? $0 : nil } ?? [128, 128]
    }

    func numbers(of entry: TensorEntry, named name: String, in files: CheckpointFiles) -> Int {
        guard let layer = name.before(".weight_packed") else { return entry.count }
        if entry.type == .u8 { return entry.count * 2 }
        let shape = files.find(layer + ".weight_shape")?.file.integers(of: layer + ".weight_shape") ?? []
        return shape.count == 2 && shape.allSatisfy { (1...1 << 28).contains($0) } ? shape[0] * shape[1] : entry.count
    }

    func weights(_ name: String, _ parts: PackedParts) throws(ModelError) -> PackedTensor? {
        guard let layer = name.before(".weight") else { return nil }
        if let packed = parts.find(layer + ".weight_packed") {
            return packed.type == .u8 ? try floats(layer, packed, parts) : try words(layer, packed, parts)
        }
        guard let tensor = parts.find(name), tensor.type == .i8 || FloatEightLayout.table(tensor.type) != nil else {
            return nil
        }
        return try bytes(layer, tensor, parts)
    }

    // MARK: Kinds

    private func bytes(_ layer: String, _ found: StoredTensor, _ parts: PackedParts) throws(ModelError) -> PackedTensor
    {
        let tensor = try parts.check(found, axes: 2, [found.type])
        let (outputs, inputs) = (tensor.shape[0], tensor.shape[1])
        let scale = try parts.need(layer + ".weight_scale")
        let (scales, grouping) = try FloatEightLayout.scales(scale, outputs: outputs, inputs: inputs, block: block)
        var packed = PackedWeights(
            outputs: outputs, inputs: inputs, bits: 8, codes: tensor.bytes, order: .alongRows(rowBytes: inputs),
            table: FloatEightLayout.table(tensor.type) ?? CodeTables.signedBytes, scales: scales, grouping: grouping)
        guard let zeros = parts.find(layer + ".weight_zero_point") else {
            return PackedTensor(tensor: tensor, packed: packed)
        }
        guard zeros.type == .i8, zeros.bytes.count == scales.count else {
            if zeros.bytes.allSatisfy({ $0 == 0 }) { return PackedTensor(tensor: tensor, packed: packed) }
            throw zeros.wrong(say("has shape \(zeros.shape) of \(zeros.type.rawValue) beside scales of \(scale.shape)"))
        }
        packed.zeros = zeros.bytes.map { $0 ^ 0x80 }
        packed.zeroShift = -128
        return PackedTensor(tensor: tensor, packed: packed)
    }

    private func words(_ layer: String, _ found: StoredTensor, _ parts: PackedParts) throws(ModelError) -> PackedTensor
    {
        let tensor = try parts.check(found, axes: 2, [.i32])
        let shape = try self.shape(layer, parts)
        let bits = tensor.shape[1] * 32 / shape[1]
        // Others are packed in one way by older versions and in another by newer ones.
        guard [4, 8].contains(bits), tensor.shape == [shape[0], (shape[1] * bits + 31) / 32] else {
            throw tensor.wrong(say("has shape \(tensor.shape) for weights of \(shape): only 4 and 8 bits are read"))
        }
        let scale = try parts.need(layer + ".weight_scale")
        var (scales, grouping) = try FloatEightLayout.scales(
            scale, outputs: shape[0], inputs: shape[1], block: block)
        if let index = parts.find(layer + ".weight_g_idx") {
            let columns = index.words().map { Int32(bitPattern: $0) }
            // −1 everywhere: it was registered and not used.
            if columns.contains(where: { $0 != -1 }) { grouping.columns = columns }
        }
        var packed = PackedWeights(
            outputs: shape[0], inputs: shape[1], bits: bits, codes: tensor.bytes,
            order: .alongRows(rowBytes: tensor.shape[1] * 4), table: CodeTables.offset(bits: bits), scales: scales,
            grouping: grouping)
        if parts.find(layer + ".weight_zero_point") != nil {
            let groups = scales.count / shape[0]
            let zeros = try parts.need(
                layer + ".weight_zero_point", shape: [(shape[0] * bits + 31) / 32, max(1, groups)], [.i32])
            packed.zeros = Self.zeros(zeros.words(), groups: max(1, groups), outputs: shape[0], bits: bits)
            packed.zeroShift = -1 << (bits - 1)
        }
        return PackedTensor(tensor: tensor, packed: packed)
    }

    /// NVFP4 has floats of 8 bits for scales, which are divided by one of the layer; MXFP4 powers of two.
    private func floats(_ layer: String, _ found: StoredTensor, _ parts: PackedParts) throws(ModelError) -> PackedTensor
    {
        let tensor = try parts.check(found, axes: 2, [.u8])
        let (outputs, inputs) = (tensor.shape[0], tensor.shape[1] * 2)
        let scale = try parts.need(layer + ".weight_scale", axes: 2, [.f8E4M3, .u8])
        guard scale.shape[0] == outputs, inputs % scale.shape[1] == 0 else {
            throw scale.wrong(say("has shape \(scale.shape) beside weights of [\(outputs), \(inputs)]"))
        }
        var table = CodeTables.e8m0
        if scale.type == .f8E4M3 {
            let whole = try parts.need(layer + ".weight_global_scale")
            guard let divisor = whole.single, divisor.isFinite, divisor > 0 else {
                throw whole.wrong(say("is no number above 0"))
            }
            table = CodeTables.e4m3.map { $0 / divisor }
        }
        return PackedTensor(
            tensor: tensor,
            packed: PackedWeights(
                outputs: outputs, inputs: inputs, bits: 4, codes: tensor.bytes,
                order: .alongRows(rowBytes: tensor.shape[1]), table: CodeTables.e2m1,
                scales: .table(scale.bytes, table),
                grouping: .init(size: inputs / scale.shape[1], rowStride: scale.shape[1])))
    }

    /// Outputs and inputs.
    private func shape(_ layer: String, _ parts: PackedParts) throws(ModelError) -> [Int] {
        let tensor = try parts.need(layer + ".weight_shape", shape: [2], [.i64, .i32])
        let numbers = tensor.bytes.withUnsafeBytes { bytes in
            (0..<2).map { index in
                tensor.type == .i64
                    ? Int(bytes.loadUnaligned(fromByteOffset: index * 8, as: Int64.self))
                    : Int(bytes.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
            }
        }
        guard numbers.allSatisfy({ (1...1 << 28).contains($0) }) else {
            throw tensor.wrong(say("\(numbers) is no shape"))
        }
        return numbers
    }

    /// Zeros packed along the outputs, [output · bits / 32, group], as [output, group].
    private static func zeros(_ words: [UInt32], groups: Int, outputs: Int, bits: Int) -> [UInt8] {
        let perWord = 32 / bits
        return (0..<outputs * groups).map { place in
            let (output, group) = (place / groups, place % groups)
            return UInt8(
                words[output / perWord * groups + group] >> (output % perWord * bits) & (1 << UInt32(bits) - 1))
        }
    }
}

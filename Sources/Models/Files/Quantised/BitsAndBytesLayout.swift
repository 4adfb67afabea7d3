import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// bitsandbytes (Dettmers et al. 2022, 2023). Four bits: weight = map[code] · absmax of its block, all weights of a layer
/// one after the other; eight bits: weight[o][i] = code · SCB[o] / 127.
struct BitsAndBytesLayout: QuantisedLayout {
    private static let state = ".weight.quant_state.bitsandbytes__"
    private static let types = ["nf4", "fp4"]

    let companions =
        [
            ".weight.absmax", ".weight.quant_map", ".weight.nested_absmax", ".weight.nested_quant_map", ".SCB",
            ".weight_format",
        ] + types.map { state + $0 }

    func numbers(of entry: TensorEntry, named name: String, in files: CheckpointFiles) -> Int {
        let isPacked = name.hasSuffix(".weight") && files.find(name + ".absmax") != nil
        return isPacked ? entry.bytes.count * 2 : entry.count
    }

    func weights(_ name: String, _ parts: PackedParts) throws(ModelError) -> PackedTensor? {
        guard let layer = name.before(".weight") else { return nil }
        if let scales = parts.find(layer + ".SCB") { return try eightBits(layer, scales, parts) }
        for type in Self.types {
            if let state = parts.find(layer + Self.state + type) { return try fourBits(layer, state, parts) }
        }
        guard let map = parts.find(layer + ".weight.quant_map") else { return nil }
        throw map.wrong(say("has no quant_state of bitsandbytes beside it that is known: nf4, fp4"))
    }

    private func eightBits(
        _ layer: String, _ scales: StoredTensor, _ parts: PackedParts
    ) throws(ModelError) -> PackedTensor {
        let tensor = try parts.need(layer + ".weight", axes: 2, [.i8])
        let (outputs, inputs) = (tensor.shape[0], tensor.shape[1])
        guard scales.type == .f32, scales.shape == [outputs] else {
            throw scales.wrong(say("has shape \(scales.shape) of \(scales.type.rawValue) beside \(outputs) outputs"))
        }
        // 0: plain rows. Others were made for one graphics card.
        if let format = parts.find(layer + ".weight_format"), format.bytes.contains(where: { $0 != 0 }) {
            throw format.wrong(say("is not 0: the order of the codes is not known"))
        }
        // The package multiplies by this number.
        let values = try scales.numbers().values().map { $0 * 7.874015718698502e-3 }
        return PackedTensor(
            tensor: tensor,
            packed: PackedWeights(
                outputs: outputs, inputs: inputs, bits: 8, codes: tensor.bytes, order: .alongRows(rowBytes: inputs),
                table: CodeTables.signedBytes, scales: .floats(values), grouping: .init(size: inputs, rowStride: 1)))
    }

    private func fourBits(
        _ layer: String, _ stored: StoredTensor, _ parts: PackedParts
    ) throws(ModelError) -> PackedTensor {
        let state: JSONValue
        do { state = try JSONDocument(stored.bytes, source: "\(stored.file): \(stored.name)").root } catch {
            throw .format(error)
        }
        let tensor = try parts.need(layer + ".weight")
        let shape = state["shape"]?.array?.compactMap(\.integer) ?? []
        guard shape.count == 2, shape.allSatisfy({ (1...1 << 28).contains($0) }) else {
            throw stored.wrong(say("gives no shape of two lengths"))
        }
        guard let block = state["blocksize"]?.integer, (1...1 << 20).contains(block) else {
            throw stored.wrong(say("gives no possible blocksize"))
        }
        let (outputs, inputs) = (shape[0], shape[1])
        guard tensor.bytes.count == (outputs * inputs + 1) / 2 else {
            throw tensor.wrong(say("has \(tensor.bytes.count) bytes for \(shape) codes of 4 bits"))
        }
        let map = try parts.need(layer + ".weight.quant_map", shape: [16], [.f32])
        var grouping = PackedWeights.Grouping(size: block, rowStride: 0)
        grouping.isFlat = true
        return PackedTensor(
            tensor: tensor,
            packed: PackedWeights(
                outputs: outputs, inputs: inputs, bits: 4, codes: tensor.bytes, order: .highFirst,
                table: try map.numbers().values(), scales: try absmax(layer, state, parts), grouping: grouping))
    }

    /// The largest magnitude of every block; quantised once more, it is nested_map[code] · nested_absmax + offset.
    private func absmax(
        _ layer: String, _ state: JSONValue, _ parts: PackedParts
    ) throws(ModelError) -> PackedNumbers {
        let stored = try parts.need(layer + ".weight.absmax")
        guard let size = state["nested_blocksize"]?.integer else { return try stored.numbers() }
        let codes = try parts.check(stored, axes: 1, [.u8])
        let offset = Float(state["nested_offset"]?.number ?? 0)
        let scales = try parts.need(layer + ".weight.nested_absmax", axes: 1, [.f32])
        let map = try parts.need(layer + ".weight.nested_quant_map", shape: [256], [.f32])
        guard (1...1 << 20).contains(size), scales.shape[0] * size >= codes.shape[0] else {
            throw scales.wrong(say("has shape \(scales.shape) for \(codes.shape[0]) scales in blocks of \(size)"))
        }
        let (factors, values) = (try scales.numbers().values(), try map.numbers().values())
        return .floats(codes.bytes.enumerated().map { values[Int($0.element)] * factors[$0.offset / size] + offset })
    }
}

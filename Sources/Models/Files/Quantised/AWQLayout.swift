import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// AWQ (Lin et al. 2023) as AutoAWQ writes it for its GEMM kernels: weight[o][i] = (q − zeros[g][o]) · scales[g][o].
///
/// qweight [input, output / 8], qzeros [group, output / 8], scales [group, output]; a word holds eight outputs of four
/// bits in the order 0 2 4 6 1 3 5 7.
struct AWQLayout: QuantisedLayout {
    let companions = [".qzeros", ".scales"]

    func numbers(of entry: TensorEntry, named name: String, in files: CheckpointFiles) -> Int {
        name.hasSuffix(".qweight") ? entry.count * 8 : entry.count
    }

    func weights(_ name: String, _ parts: PackedParts) throws(ModelError) -> PackedTensor? {
        guard let layer = name.before(".weight"), let found = parts.find(layer + ".qweight") else { return nil }
        let tensor = try parts.check(found, axes: 2, [.i32, .u32])
        let (inputs, outputs) = (tensor.shape[0], tensor.shape[1] * 8)
        let scales = try parts.need(layer + ".scales", axes: 2, PackedParts.floats)
        let groups = scales.shape[0]
        guard scales.shape[1] == outputs, inputs % groups == 0 else {
            throw scales.wrong(say("has shape \(scales.shape) beside codes of \(outputs) outputs and \(inputs) inputs"))
        }
        let zeros = try parts.need(layer + ".qzeros", shape: [groups, outputs / 8], [.i32, .u32])
        var packed = PackedWeights(
            outputs: outputs, inputs: inputs, bits: 4, codes: tensor.bytes, order: .interleaved,
            table: CodeTables.unsigned(bits: 4), scales: try scales.numbers(),
            grouping: .init(size: inputs / groups, rowStride: 1, groupStride: outputs))
        packed.zeros = zeros.words().flatMap { word in
            [0, 4, 1, 5, 2, 6, 3, 7].map { UInt8(word >> ($0 * 4) & 15) }
        }
        return PackedTensor(tensor: tensor, packed: packed)
    }
}

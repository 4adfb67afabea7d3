import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// gpt-oss: the matrices of experts as floats of four bits, 32 of which share a power of two.
///
/// NAME_blocks [expert, output, input / 32, 16], the low half of a byte first; NAME_scales [expert, output, input / 32].
struct MXFP4Layout: QuantisedLayout {
    let companions = ["_scales"]

    func numbers(of entry: TensorEntry, named name: String, in files: CheckpointFiles) -> Int {
        name.hasSuffix("_blocks") ? entry.count * 2 : entry.count
    }

    func weights(_ name: String, _ parts: PackedParts) throws(ModelError) -> PackedTensor? {
        guard let found = parts.find(name + "_blocks") else { return nil }
        let tensor = try parts.check(found, axes: 4, [.u8])
        guard tensor.shape[3] == 16 else {
            throw tensor.wrong(say("has shape \(tensor.shape), not blocks of 16 bytes"))
        }
        let (experts, outputs, groups) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
        let scales = try parts.need(name + "_scales", shape: [experts, outputs, groups], [.u8])
        let packed = PackedWeights(
            outputs: experts * outputs, inputs: groups * 32, bits: 4, codes: tensor.bytes,
            order: .alongRows(rowBytes: groups * 16), table: CodeTables.e2m1,
            scales: .table(scales.bytes, CodeTables.e8m0), grouping: .init(size: 32, rowStride: groups))
        return PackedTensor(tensor: tensor, packed: packed, shape: [experts, outputs, groups * 32])
    }
}

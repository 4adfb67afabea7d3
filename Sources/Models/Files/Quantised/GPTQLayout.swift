import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// GPTQ (Frantar et al. 2022) as AutoGPTQ and GPTQModel write it: weight[o][i] = scales[g][o] · (q − zeros[g][o]), where g
/// is the group of column i.
///
/// qweight [input · bits / 32, output], qzeros [group, output · bits / 32], scales [group, output], g_idx [input].
struct GPTQLayout: QuantisedLayout {
    let companions = [".qzeros", ".scales", ".g_idx"]
    /// Whether zeros are stored less 1, as in the first version of the format.
    private let isFirstVersion: Bool
    private let bits: Int?
    private let groupSize: Int?

    init(_ quantisation: Quantisation) {
        let settings = quantisation.settings
        let format = settings["checkpoint_format"]?.string ?? settings["format"]?.string
        isFirstVersion = format?.lowercased() != "gptq_v2"
        bits = settings["bits"]?.integer
        groupSize = settings["group_size"]?.integer
    }

    func numbers(of entry: TensorEntry, named name: String, in files: CheckpointFiles) -> Int {
        name.hasSuffix(".qweight") ? entry.count * 32 / max(1, bits ?? 4) : entry.count
    }

    func weights(_ name: String, _ parts: PackedParts) throws(ModelError) -> PackedTensor? {
        guard let layer = name.before(".weight"), let found = parts.find(layer + ".qweight") else { return nil }
        let tensor = try parts.check(found, axes: 2, [.i32, .u32])
        let scales = try parts.need(layer + ".scales", axes: 2, PackedParts.floats)
        let (groups, outputs) = (scales.shape[0], scales.shape[1])
        let index = parts.find(layer + ".g_idx")
        let (inputs, bits) = try size(tensor, index)
        guard tensor.shape[1] == outputs else {
            throw scales.wrong(say("has shape \(scales.shape) beside codes of \(tensor.shape[1]) outputs"))
        }
        let zeroWords = (outputs * bits + 31) / 32
        let zeros = try parts.need(layer + ".qzeros", shape: [groups, zeroWords], [.i32, .u32])
        var grouping = PackedWeights.Grouping(size: (inputs + groups - 1) / groups, rowStride: 1, groupStride: outputs)
        if let size = groupSize, size > 0, index == nil { grouping.size = size }
        grouping.columns = try columns(index, inputs: inputs, groups: groups, size: grouping.size)
        var packed = PackedWeights(
            outputs: outputs, inputs: inputs, bits: bits, codes: tensor.bytes, order: .downColumns,
            table: CodeTables.unsigned(bits: bits), scales: try scales.numbers(), grouping: grouping)
        packed.zeros = self.zeros(zeros.words(), groups: groups, outputs: outputs, bits: bits)
        return PackedTensor(tensor: tensor, packed: packed)
    }

    /// The columns of a layer, and the bits of a code: what g_idx says, else what the configuration says.
    private func size(_ tensor: StoredTensor, _ index: StoredTensor?) throws(ModelError) -> (inputs: Int, bits: Int) {
        let all = tensor.shape[0] * 32
        let found = index.flatMap { index in
            [2, 3, 4, 8].first { index.shape == [all / $0] && all % $0 == 0 }.map { (all / $0, $0) }
        }
        if let found { return found }
        guard index == nil, let bits, [2, 3, 4, 8].contains(bits), all % bits == 0 else {
            let shape = index.map { say(" beside g_idx of shape \($0.shape)") } ?? ""
            throw tensor.wrong(say("has shape \(tensor.shape)\(shape), which is none of 2, 3, 4 or 8 bits"))
        }
        return (all / bits, bits)
    }

    /// The group of each column; nil where they lie one after the other.
    private func columns(
        _ index: StoredTensor?, inputs: Int, groups: Int, size: Int
    ) throws(ModelError) -> [Int32]? {
        guard let index else { return nil }
        guard [.i32, .u32].contains(index.type) else {
            throw index.wrong(say("has element type \(index.type.rawValue)"))
        }
        let columns = index.words().map { Int32(bitPattern: $0) }
        if let place = columns.firstIndex(where: { $0 < 0 || Int($0) >= groups }) {
            throw index.wrong(say("names group \(columns[place]) for column \(place); there are \(groups)"))
        }
        let isPlain = columns.enumerated().allSatisfy { $0.offset / size == Int($0.element) }
        return isPlain ? nil : columns
    }

    /// Packed zeros, as [group, output]. All of a row's bits follow one another.
    ///
    /// The first version takes 1 from every zero; the packages do so for whole words, so that a zero of 0 borrows from the
    /// next one, and give it back in the same way.
    private func zeros(_ stored: [UInt32], groups: Int, outputs: Int, bits: Int) -> [UInt8] {
        let ones: [Int: UInt32] = [2: 0x5555_5555, 4: 0x1111_1111, 8: 0x0101_0101]
        let words = isFirstVersion ? stored.map { $0 &+ (ones[bits] ?? 0) } : stored
        let perGroup = words.count / groups
        let mask = UInt64(1) << bits - 1
        // Three bits do not fill a word: there each is counted by itself.
        let shift: UInt64 = isFirstVersion && ones[bits] == nil ? 1 : 0
        var result: [UInt8] = []
        result.reserveCapacity(groups * outputs)
        for group in 0..<groups {
            for output in 0..<outputs {
                let bit = output * bits
                let place = group * perGroup + bit / 32
                var window = UInt64(words[place])
                if bit % 32 + bits > 32 { window |= UInt64(words[place + 1]) << 32 }
                result.append(UInt8((window >> (bit % 32) & mask + shift) & mask))
            }
        }
        return result
    }
}

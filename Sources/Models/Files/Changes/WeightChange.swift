import Foundation
import RopewalkKernels
import RopewalkPhrases

/// What is done to the weights of a model's layers before it reads: `q8_0`, `q4_0`, `q4_k`, `int8`, `prune:0.5`, `share:2`,
/// `lowrank:8`. Embeddings, the output matrix, norms and biases stay as they are.
package enum WeightChange: Hashable, Sendable {
    /// Blocks of GGML, as llama.cpp writes them: rows are cut into blocks of 32 or 256 numbers.
    case blocks(WeightFormat)
    /// Eight bits an output row: S = (max − min) / 255, zero point rint(−128 − min / S).
    case int8
    /// The ⌊share · n⌋ numbers of each matrix with the smallest size become 0; of equal ones the earlier.
    case prune(Double)
    /// So many layers in a row have the weights of the first of them (ALBERT); norms and biases too.
    case share(Int)
    /// Each matrix is the nearest one of that rank: its largest singular values.
    case lowRank(Int)

    package static let examples = "q8_0, q4_0, q4_k, int8, prune:0.5, share:2, lowrank:8"

    /// - Throws: `ModelError.weightChange` for what is none of these.
    package init(parsing text: String) throws(ModelError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let number = parts.count > 1 ? parts[1] : nil
        switch (parts.first ?? "", number) {
        case ("q8_0", nil): self = .blocks(.q8_0)
        case ("q4_0", nil): self = .blocks(.q4_0)
        case ("q4_k", nil): self = .blocks(.q4_K)
        case ("int8", nil): self = .int8
        case ("prune", let share?):
            guard let share = Double(share), (0...1).contains(share) else {
                throw .weightChange(text, problem: say("prune takes a share of 0 to 1, as prune:0.5"))
            }
            self = .prune(share)
        case ("share", let count?):
            guard let count = Int(count), (1...1024).contains(count) else {
                throw .weightChange(text, problem: say("share takes 1 to 1,024 layers, as share:2"))
            }
            self = .share(count)
        case ("lowrank", let rank?):
            guard let rank = Int(rank), (1...65_536).contains(rank) else {
                throw .weightChange(text, problem: say("lowrank takes a rank of 1 to 65,536, as lowrank:8"))
            }
            self = .lowRank(rank)
        default: throw .weightChange(text, problem: say("known are \(Self.examples)"))
        }
    }

    /// As it is parsed.
    package var spec: String {
        switch self {
        case .blocks(let format): format.rawValue.lowercased()
        case .int8: "int8"
        case .prune(let share): "prune:\(share)"
        case .share(let count): "share:\(count)"
        case .lowRank(let rank): "lowrank:\(rank)"
        }
    }

    /// The place in a tensor's name of the number of its layer; nil for what belongs to none.
    private static func layer(in parts: [Substring]) -> Int? {
        parts.firstIndex { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// The name of the tensor that stands in for one.
    func source(of name: String) -> String {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard case .share(let count) = self, let place = Self.layer(in: parts), let layer = Int(parts[place]) else {
            return name
        }
        parts[place] = Substring(String(layer - layer % count))
        return parts.joined(separator: ".")
    }

    /// Whether it changes the numbers of a matrix.
    func changes(_ name: String) -> Bool {
        if case .share = self { return false }
        return Self.layer(in: name.split(separator: ".", omittingEmptySubsequences: false)) != nil
    }

    /// A matrix after the change, without its bias.
    /// - Parameters:
    ///   - name: for errors
    ///   - keepsBlocks: whether blocks stay blocks, to be widened for each product
    func applied(to matrix: WeightMatrix, name: String, keepsBlocks: Bool) throws(ModelError) -> WeightMatrix {
        let (outputs, inputs) = (matrix.outputs, matrix.inputs)
        let values = (0..<outputs).flatMap { Array(matrix.row($0)) }
        switch self {
        case .blocks(let format):
            guard inputs % format.blockLength == 0 else {
                let problem = say(
                    """
                    rows of \(name) have \(inputs) numbers, and \(spec) needs a multiple of \(format.blockLength): take \
                    another one
                    """)
                throw .weightChange(spec, problem: problem)
            }
            let bytes = BlockQuantiser.bytes(values, format)
            if keepsBlocks { return WeightMatrix(outputs: outputs, inputs: inputs, format: format, bytes: Data(bytes)) }
            let read = bytes.withUnsafeBytes { Widening.values($0, format) }
            return WeightMatrix(outputs: outputs, inputs: inputs, values: read)
        case .int8:
            let rows = (0..<outputs).flatMap { Self.eightBits(values[$0 * inputs..<($0 + 1) * inputs]) }
            return WeightMatrix(outputs: outputs, inputs: inputs, values: rows)
        case .prune(let share):
            return WeightMatrix(outputs: outputs, inputs: inputs, values: Self.pruned(values, share: share))
        case .share: return matrix
        case .lowRank(let rank):
            guard rank < min(outputs, inputs) else {
                return WeightMatrix(outputs: outputs, inputs: inputs, values: values)
            }
            do throws(KernelError) {
                let near = try LowRank.nearest(values, rows: outputs, columns: inputs, rank: rank)
                return WeightMatrix(outputs: outputs, inputs: inputs, values: near)
            } catch { throw .weightChange(spec, problem: "\(error)") }
        }
    }

    /// Asymmetric integers of eight bits, read back.
    static func eightBits(_ values: ArraySlice<Float>) -> [Float] {
        EightBits(values)?.values ?? Array(values)
    }

    /// Without the ⌊share · n⌋ smallest.
    static func pruned(_ values: [Float], share: Double) -> [Float] {
        let count = Int((share * Double(values.count)).rounded(.down))
        guard count > 0 else { return values }
        let limit = values.map { abs($0) }.sorted()[count - 1]
        var left = count - values.count { abs($0) < limit }
        return values.map { x in
            if abs(x) < limit { return 0 }
            guard abs(x) == limit, left > 0 else { return x }
            left -= 1
            return 0
        }
    }
}

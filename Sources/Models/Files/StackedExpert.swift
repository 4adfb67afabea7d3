/// One part of one expert where a folder has those of all experts in one tensor, the experts outermost.
///
/// So MLX keeps them, quantised or not: experts.3.gate_proj.weight is switch_mlp.gate_proj.weight[3], or in some families
/// experts.gate_proj.weight[3]; scales, biases and bias lie likewise.
struct StackedExpert {
    let index: Int
    /// What the tensor of all may be called.
    let names: [String]

    /// Nil for the name of anything else.
    init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard let place = parts.lastIndex(of: "experts"), parts.count == place + 4, let index = Int(parts[place + 1]),
            (0..<GGUFMetadata.expertLimit).contains(index), let part = Self.parts[String(parts[place + 2])]
        else { return nil }
        self.index = index
        let before = parts[..<place].map { $0 + "." }.joined()
        names = ["switch_mlp", "experts"].map { "\(before)\($0).\(part).\(parts[place + 3])" }
    }

    /// What the parts are called there.
    private static let parts = [
        "gate_proj": "gate_proj", "up_proj": "up_proj", "down_proj": "down_proj", "w1": "gate_proj", "w3": "up_proj",
        "w2": "down_proj",
    ]
}

import RopewalkKernels

extension Weights {
    /// An expert whose parts are named as the feed-forward layers of the Llama line are.
    func expert(
        _ name: String, hidden: Int, size: Int, bias: Bool = false
    ) throws(ModelError) -> MixtureOfExperts.Expert {
        MixtureOfExperts.Expert(
            gate: try linear(name + "gate_proj", outputs: size, inputs: hidden, bias: bias),
            up: try linear(name + "up_proj", outputs: size, inputs: hidden, bias: bias),
            down: try linear(name + "down_proj", outputs: hidden, inputs: size, bias: bias))
    }

    /// The experts of a file that has their gates apart from what they gate, as GGUF files do; nil for any other.
    /// - Parameter name: what the names of all experts begin with, before their number
    func separateExperts(
        _ name: String, count: Int, hidden: Int, size: Int, bias: Bool = false
    ) throws(ModelError) -> [MixtureOfExperts.Expert]? {
        guard contains(name + "0.gate_proj.weight") else { return nil }
        var experts: [MixtureOfExperts.Expert] = []
        for index in 0..<count {
            experts.append(try expert("\(name)\(index).", hidden: hidden, size: size, bias: bias))
        }
        return experts
    }
}

import RopewalkKernels

/// A trained convolution that makes one state of several that follow each other, as many as it is wide: the compression of the
/// Compressive Transformer. It reads states behind the norm before attention, and gives what the projections take.
struct SlotConvolution: Sendable {
    /// States that make one.
    let rate: Int
    /// [hidden, hidden · rate], the numbers of one input channel beside each other.
    private let weights: WeightMatrix

    /// - Parameter values: [output, input, state]
    init(rate: Int, hidden: Int, values: [Float], bias: [Float]?) {
        self.rate = rate
        weights = WeightMatrix(outputs: hidden, inputs: hidden * rate, values: values, bias: bias)
    }

    /// One state of every `rate` of the inputs.   inputs: [slot · rate, hidden]   returns [slot, hidden]
    func applied(to inputs: Matrix, slots: Int, workers: Workers) -> Matrix {
        let hidden = inputs.columns
        let gathered = Matrix(rows: max(1, slots), columns: hidden * rate)
        for slot in 0..<slots {
            let states = inputs.copy(rows: slot * rate..<(slot + 1) * rate)
            let row = (0..<hidden * rate).map { states[$0 % rate * hidden + $0 / rate] }
            gathered.setRow(slot, to: row[...])
        }
        let result = Matrix(rows: max(1, slots), columns: hidden)
        if slots > 0 { weights.apply(to: gathered, rows: slots, output: result, workers: workers) }
        return result
    }
}

extension SlotConvolution {
    /// Names end so: those of the module in compressive-transformer-pytorch, whose place before them is a family's own.
    private static let ending = ".compress_mem_fn.conv.weight"

    /// Those of all layers; empty where a checkpoint has none, or has them only of some layers or of several widths.
    static func layers(of weights: Weights, count: Int, hidden: Int) throws(ModelError) -> [SlotConvolution] {
        var names: [Int: String] = [:]
        for name in weights.names(ending: ending) {
            let layer = name.split(separator: ".").lazy.compactMap { Int($0) }.first
            if let layer, 0..<count ~= layer { names[layer] = String(name.dropLast(".weight".count)) }
        }
        let shapes = names.values.compactMap { weights.shape($0 + ".weight") }
        guard names.count == count, count > 0, let shape = shapes.first, shape.count == 3,
            shape[0] == hidden, shape[1] == hidden, shape[2] > 0, shapes.allSatisfy({ $0 == shape })
        else { return [] }
        var result: [SlotConvolution] = []
        for layer in 0..<count {
            guard let name = names[layer] else { return [] }
            let values = try weights.values(name + ".weight", shape: shape)
            let bias = weights.contains(name + ".bias") ? try weights.values(name + ".bias", shape: [hidden]) : nil
            result.append(SlotConvolution(rate: shape[2], hidden: hidden, values: values, bias: bias))
        }
        return result
    }
}

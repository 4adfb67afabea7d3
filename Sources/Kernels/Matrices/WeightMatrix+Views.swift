extension WeightMatrix {
    /// A matrix without numbers, to check shapes with; it cannot be applied.
    package static func placeholder(outputs: Int, inputs: Int) -> WeightMatrix {
        WeightMatrix(inputs: inputs, storage: .nothing, order: .range(0..<outputs), bias: nil)
    }

    /// Whether there are numbers behind it.
    package var isPlaceholder: Bool {
        if case .nothing = storage { true } else { false }
    }

    /// Some output rows with their bias, as a part of a fused projection; the numbers are shared.
    package func rows(_ range: Range<Int>) -> WeightMatrix {
        WeightMatrix(inputs: inputs, storage: storage, order: order.chosen(range), bias: bias.map { Array($0[range]) })
    }

    /// The given output rows with their bias, in that order. What is stored is shared, what is in memory is copied.
    package func gathering(rows: [Int]) -> WeightMatrix {
        // Rows are worked out from the shape that the matrix was read with.
        precondition(rows.allSatisfy { $0 >= 0 && $0 < outputs })
        let bias = self.bias.map { bias in rows.map { bias[$0] } }
        guard case .floats = storage else {
            return WeightMatrix(inputs: inputs, storage: storage, order: order.chosen(rows), bias: bias)
        }
        var values: [Float] = []
        values.reserveCapacity(rows.count * inputs)
        for row in rows { values += self.row(row) }
        return WeightMatrix(outputs: rows.count, inputs: inputs, values: values, bias: bias)
    }

    /// The same numbers with that bias, one number per output.
    package func biased(_ bias: [Float]?) -> WeightMatrix {
        // A bias that is missing or wrong has no numbers; it was noted when it was looked for.
        guard !isPlaceholder else { return self }
        return WeightMatrix(inputs: inputs, storage: storage, order: order, bias: bias)
    }

    /// A copy in memory with rows and columns exchanged, for weights kept as [inputs, outputs]. There is no bias.
    package func transposed() -> WeightMatrix {
        // Families that keep weights transposed read the bias apart, after this.
        precondition(bias == nil)
        guard !isPlaceholder else { return .placeholder(outputs: inputs, inputs: outputs) }
        var values = [Float](repeating: 0, count: outputs * inputs)
        for i in 0..<outputs {
            for (j, value) in row(i).enumerated() { values[j * outputs + i] = value }
        }
        return WeightMatrix(outputs: inputs, inputs: outputs, values: values)
    }
}

import CRopewalkKernels

/// What an adapter adds to the weights of a linear layer: scale · B · A (LoRA; Hu et al. 2021).
package struct LowRankUpdate: Sendable {
    package let outputs: Int
    package let inputs: Int
    package let rank: Int
    /// [rank, input]
    private let a: [Float]
    /// [output, rank], the scale multiplied in.
    private let b: [Float]

    /// - Parameters:
    ///   - a: [rank, input].
    ///   - b: [output, rank].
    package init(outputs: Int, inputs: Int, rank: Int, a: [Float], b: [Float], scale: Float) {
        // Both are read with these shapes (Adapter.values).
        precondition(a.count == rank * inputs && b.count == outputs * rank)
        self.outputs = outputs
        self.inputs = inputs
        self.rank = rank
        self.a = a
        self.b = b.map { $0 * scale }
    }

    /// target += the row of the update.   target: [input]
    func add(row: Int, to target: UnsafeMutablePointer<Float>) {
        a.withUnsafeBufferPointer { a in
            guard let base = a.baseAddress else { return }
            for index in 0..<rank { ck_add_scaled(target, base + index * inputs, inputs, b[row * rank + index]) }
        }
    }
}

extension WeightMatrix {
    /// The same with what an adapter adds to it, which has the matrix's shape; the bias stays.
    /// - Parameter inMemory: whether the sum is made once and kept, in place of row by row whenever it is needed
    package func adapted(by update: LowRankUpdate, inMemory: Bool) -> WeightMatrix {
        guard !isPlaceholder else { return self }
        // An update is read with the shape of the matrix that it is for (Weights.linear).
        precondition(update.outputs == outputs && update.inputs == inputs)
        let plain = WeightMatrix(inputs: inputs, storage: storage, order: order, bias: nil)
        let sum = WeightMatrix(
            inputs: inputs, storage: .adapted(plain, update), order: .range(0..<outputs), bias: bias)
        guard inMemory else { return sum }
        let values = [Float](unsafeUninitializedCapacity: outputs * inputs) { buffer, count in
            if let base = buffer.baseAddress { sum.widen(0..<outputs, into: base) }
            count = outputs * inputs
        }
        return WeightMatrix(outputs: outputs, inputs: inputs, values: values, bias: bias)
    }
}

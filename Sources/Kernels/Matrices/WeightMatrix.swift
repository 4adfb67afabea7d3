import CRopewalkKernels
import Foundation

/// The weights of a linear layer: float32 in memory, or as a file keeps them and widened a tile at a time.
package struct WeightMatrix: Sendable {
    /// Rows.
    package let outputs: Int
    /// Columns.
    package let inputs: Int
    let storage: WeightStorage
    /// Which rows of the storage this matrix consists of. [outputs]
    let order: RowOrder
    /// [outputs]
    let bias: [Float]?

    /// `values` has outputs x inputs numbers, row by row; `bias`, if any, one per output.
    package init(outputs: Int, inputs: Int, values: [Float], bias: [Float]? = nil) {
        // The tensor was held to the shape that the configuration asks for (Weights.linear).
        precondition(values.count == outputs * inputs)
        self.init(inputs: inputs, storage: .floats(values), order: .range(0..<outputs), bias: bias)
    }

    /// Weights that stay where they are; F32 that is aligned is used in place.
    /// - Parameter bytes: of outputs x inputs numbers, little-endian, whole blocks a row. They must not change while the
    ///   matrix lives.
    package init(outputs: Int, inputs: Int, format: WeightFormat, bytes: Data, bias: [Float]? = nil) {
        // The tensor was held to that shape, and its bytes to the file (SafetensorsHeader, GGUFHeader).
        precondition(bytes.count == outputs * format.byteCount(inputs))
        self.init(
            inputs: inputs, storage: WeightStorage(bytes, format), order: .range(0..<outputs), bias: bias)
    }

    /// Weights as a package for quantising keeps them, which must be whole.
    package init(_ packed: PackedWeights) {
        // What is not whole is refused when it is read (QuantisedCheckpoint).
        precondition(packed.isWhole)
        self.init(inputs: packed.inputs, storage: .packed(packed), order: .range(0..<packed.outputs), bias: nil)
    }

    init(inputs: Int, storage: WeightStorage, order: RowOrder, bias: [Float]?) {
        // A bias is read with the outputs of its matrix as its shape (Weights.values).
        precondition((bias?.count ?? order.count) == order.count)
        self.outputs = order.count
        self.inputs = inputs
        self.storage = storage
        self.order = order
        self.bias = bias
    }

    /// One row, as an embedding table is read.
    package func row(_ index: Int) -> ArraySlice<Float> {
        // Ids beyond the vocabulary are refused before a run (Model.checked), places beyond learned ones too.
        precondition(index >= 0 && index < outputs)
        if case .floats(let values) = storage {
            let row = order[index]
            return values[row * inputs..<(row + 1) * inputs]
        }
        return [Float](unsafeUninitializedCapacity: inputs) { buffer, count in
            if let base = buffer.baseAddress { widen(index..<index + 1, into: base) }
            count = inputs
        }[...]
    }

    /// output[r] = W · input[r] + bias for the rows of a slab, on the calling thread.
    func apply(_ input: UnsafePointer<Float>, rows: Int, to output: UnsafeMutablePointer<Float>) {
        apply(input, rows: rows, to: output, workers: Workers(count: 1))
    }

    /// output[r] = W · input[r] + bias.   input: [rows, inputs]   output: [rows, outputs]
    package func apply(to input: Matrix, rows: Int, output: Matrix, workers: Workers) {
        // Matrices of a run are made from the shape that the weights were held to.
        precondition(input.columns == inputs && output.columns == outputs && rows <= input.rows && rows <= output.rows)
        apply(input.base, rows: rows, to: output.base, workers: workers)
    }

    private func apply(
        _ input: UnsafePointer<Float>, rows: Int, to output: UnsafeMutablePointer<Float>, workers: Workers
    ) {
        guard rows > 0, outputs > 0 else { return }
        if rows == 1 { return multiplyOne(input, to: output, workers: workers) }
        let isDone = withFloats { weights in
            guard let weights else { return false }
            multiply(input, rows: rows, weights, to: output, workers: workers)
            return true
        }
        if isDone { return }
        let isWhole = withWidened(workers: workers) {
            multiply(input, rows: rows, $0, to: output, workers: workers)
        }
        if isWhole { return }
        forEachTile(workers: workers) { tile, weights in
            multiply(input, rows: rows, weights, tile: tile, into: output + tile.lowerBound, stride: outputs)
        }
    }

    /// output[r] = weights · input[r] + bias, rows shared among the workers.   weights: [outputs, inputs]
    private func multiply(
        _ input: UnsafePointer<Float>, rows: Int, _ weights: UnsafePointer<Float>,
        to output: UnsafeMutablePointer<Float>, workers: Workers
    ) {
        workers.forEachSlab(of: rows, smallest: slabRows) { slab in
            multiply(
                input + slab.lowerBound * inputs, rows: slab.count, weights, tile: 0..<outputs,
                into: output + slab.lowerBound * outputs, stride: outputs)
        }
    }

    /// Numbers of weights from which on a product with one row is worth threads.
    private static let sharedFrom = 1 << 16

    /// output = W · input + bias for one row, as a run token by token needs it: all time goes into reading the weights once,
    /// where a product of matrices would copy them first. Outputs are shared among the workers.
    private func multiplyOne(
        _ input: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>, workers: Workers
    ) {
        let isShared = outputs * inputs >= Self.sharedFrom && workers.count > 1
        let side = isShared ? max(16, (outputs + 4 * workers.count - 1) / (4 * workers.count)) : outputs
        func share(_ body: (Range<Int>) -> Void) {
            workers.forEach((outputs + side - 1) / side) { task in
                body(task * side..<min(outputs, (task + 1) * side))
            }
        }
        let isDone = withFloats { weights in
            guard let weights else { return false }
            share { multiplyOne(input, weights + $0.lowerBound * inputs, tile: $0, to: output) }
            return true
        }
        if isDone { return }
        if case .stored(let bytes, let format) = storage {
            // What would be widened for one row alone is multiplied as it is taken from its blocks.
            let row = StoredRow(input, count: inputs, format: format)
            bytes.withUnsafeBytes { source in
                guard let base = source.baseAddress else { return }
                share { tile in
                    switch order {
                    case .range(let range):
                        let first = range.lowerBound + tile.lowerBound
                        row.multiply(base, rows: first, tile.count, output + tile.lowerBound)
                    case .listed(let rows):
                        for index in tile { row.multiply(base, rows: rows[index], 1, output + index) }
                    }
                    addBias(tile, to: output)
                }
            }
            return
        }
        let few = Workers(count: isShared ? workers.count : 1)
        forEachTile(workers: few) { tile, weights in multiplyOne(input, weights, tile: tile, to: output) }
    }

    /// weights: [tile.count, inputs]   output: [outputs]
    private func multiplyOne(
        _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, tile: Range<Int>,
        to output: UnsafeMutablePointer<Float>
    ) {
        ck_matrix_vector(weights, tile.count, inputs, input, output + tile.lowerBound)
        addBias(tile, to: output)
    }

    /// output: [outputs]
    private func addBias(_ tile: Range<Int>, to output: UnsafeMutablePointer<Float>) {
        bias?.withUnsafeBufferPointer { bias in
            if let base = bias.baseAddress { ck_add(output + tile.lowerBound, base + tile.lowerBound, tile.count) }
        }
    }

    /// The fewest rows of a slab: as many as make the product so large that OpenBLAS takes the kernels that it takes for
    /// any larger one (for AVX-512 it does from some 38,000 multiplications on, measured with 0.3.21).
    private var slabRows: Int { max(48, (1 << 18) / max(1, outputs * inputs)) }

    /// output[r] = weights · input[r] + bias for a tile of outputs.
    ///
    /// weights: [tile.count, inputs]   output: [rows, tile.count] (stride `stride`)
    func multiply(
        _ input: UnsafePointer<Float>, rows: Int, _ weights: UnsafePointer<Float>, tile: Range<Int>,
        into output: UnsafeMutablePointer<Float>, stride: Int
    ) {
        BLAS.multiply(
            input, rows: rows, by: weights, outputs: tile.count, inputs: inputs, into: output, stride: stride)
        bias?.withUnsafeBufferPointer { bias in
            guard let base = bias.baseAddress else { return }
            for row in 0..<rows { ck_add(output + row * stride, base + tile.lowerBound, tile.count) }
        }
    }
}

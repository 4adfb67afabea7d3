import CKernels
import COpenBLAS

/// The weights of a linear layer as float32.
public struct WeightMatrix: Sendable {
    /// Rows.
    public let outputs: Int
    /// Columns.
    public let inputs: Int
    /// [outputs, inputs]
    let values: [Float]
    /// [outputs]
    let bias: [Float]?

    /// `values` has outputs x inputs numbers, row by row; `bias`, if any, one per output.
    public init(outputs: Int, inputs: Int, values: [Float], bias: [Float]? = nil) {
        precondition(values.count == outputs * inputs && (bias?.count ?? outputs) == outputs)
        self.outputs = outputs
        self.inputs = inputs
        self.values = values
        self.bias = bias
    }

    /// One row, as an embedding table is read.
    public func row(_ index: Int) -> ArraySlice<Float> { values[index * inputs..<(index + 1) * inputs] }

    /// output[r] = W · input[r] + bias for the rows of a slab, on the calling thread.
    func apply(_ input: UnsafePointer<Float>, rows: Int, to output: UnsafeMutablePointer<Float>) {
        guard rows > 0 else { return }
        values.withUnsafeBufferPointer { weights in
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(outputs), Int32(inputs), 1, input,
                Int32(inputs), weights.baseAddress, Int32(inputs), 0, output, Int32(outputs))
        }
        if let bias { ck_add_bias(output, bias, rows, outputs) }
    }

    /// output[r] = W · input[r] + bias.   input: [rows, inputs]   output: [rows, outputs]
    public func apply(to input: Matrix, rows: Int, output: Matrix, workers: Workers) {
        precondition(input.columns == inputs && output.columns == outputs && rows <= input.rows && rows <= output.rows)
        workers.forEachSlab(of: rows) { slab in
            apply(input.base + slab.lowerBound * inputs, rows: slab.count, to: output.base + slab.lowerBound * outputs)
        }
    }
}

extension WeightMatrix {
    /// Whether the two are one array in memory, as tied embeddings are.
    public func sharesStorage(with other: WeightMatrix) -> Bool {
        values.withUnsafeBufferPointer { a in other.values.withUnsafeBufferPointer { a.baseAddress == $0.baseAddress } }
    }
}

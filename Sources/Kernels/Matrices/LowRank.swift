import CRopewalkKernels

/// Matrices of low rank.
package enum LowRank {
    /// The matrix of that rank nearest to one: its largest singular values (LAPACK's sgesdd). [rows, columns]
    package static func nearest(
        _ values: [Float], rows: Int, columns: Int, rank: Int
    ) throws(KernelError) -> [Float] {
        // Sizes of one model's tensors.
        precondition(values.count == rows * columns && rank > 0 && rank <= min(rows, columns))
        try BLAS.load()
        var (copy, result) = (values, [Float](repeating: 0, count: rows * columns))
        guard ck_low_rank(&copy, rows, columns, rank, &result) == 0 else {
            throw .library(String(cString: ck_openblas_problem()))
        }
        return result
    }
}

import CKernels

/// The steps between matrix products, on the rows of matrices.
public enum Elementwise {
    /// y[r] = x[r] / sqrt(mean(x[r]²) + epsilon) · weight.
    public static func rmsNorm(
        _ x: Matrix, weight: [Float], epsilon: Float, rows: Int, into y: Matrix, workers: Workers
    ) {
        precondition(weight.count == x.columns && y.columns == x.columns && rows <= min(x.rows, y.rows))
        workers.forEachSlab(of: rows) { slab in
            let offset = slab.lowerBound * x.columns
            ck_rms_norm(x.base + offset, weight, epsilon, slab.count, x.columns, y.base + offset)
        }
    }

    /// gate = gate · sigmoid(gate) · up.
    public static func siluMultiply(_ gate: Matrix, _ up: Matrix, rows: Int, workers: Workers) {
        precondition(gate.columns == up.columns && rows <= min(gate.rows, up.rows))
        workers.forEachSlab(of: rows) { slab in
            let offset = slab.lowerBound * gate.columns
            ck_silu_multiply(gate.base + offset, up.base + offset, slab.count * gate.columns)
        }
    }

    /// x += y.
    public static func add(_ x: Matrix, _ y: Matrix, rows: Int, workers: Workers) {
        precondition(x.columns == y.columns && rows <= min(x.rows, y.rows))
        workers.forEachSlab(of: rows) { slab in
            let offset = slab.lowerBound * x.columns
            ck_add(x.base + offset, y.base + offset, slab.count * x.columns)
        }
    }
}

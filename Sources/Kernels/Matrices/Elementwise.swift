import CRopewalkKernels

/// The steps between matrix products, on the rows of matrices.
package enum Elementwise {
    /// y[r] = x[r] / sqrt(mean(x[r]²) + epsilon) · weight.
    package static func rmsNorm(
        _ x: Matrix, weight: [Float], epsilon: Float, rows: Int, into y: Matrix, workers: Workers
    ) {
        // Norms have the width of the model, read with that shape; rows are those of a chunk.
        precondition(weight.count == x.columns && y.columns == x.columns && rows <= min(x.rows, y.rows))
        workers.forEachSlab(of: rows) { slab in
            let offset = slab.lowerBound * x.columns
            ck_rms_norm(x.base + offset, weight, epsilon, slab.count, x.columns, y.base + offset)
        }
    }

    /// gate = gate · sigmoid(gate) · up.
    package static func siluMultiply(_ gate: Matrix, _ up: Matrix, rows: Int, workers: Workers) {
        // Both are made side by side with the width of the feed-forward layer.
        precondition(gate.columns == up.columns && rows <= min(gate.rows, up.rows))
        workers.forEachSlab(of: rows) { slab in
            let offset = slab.lowerBound * gate.columns
            ck_silu_multiply(gate.base + offset, up.base + offset, slab.count * gate.columns)
        }
    }

    /// x += y.
    package static func add(_ x: Matrix, _ y: Matrix, rows: Int, workers: Workers) {
        // Both are made side by side for the same chunk.
        precondition(x.columns == y.columns && rows <= min(x.rows, y.rows))
        workers.forEachSlab(of: rows) { slab in
            let offset = slab.lowerBound * x.columns
            ck_add(x.base + offset, y.base + offset, slab.count * x.columns)
        }
    }
}

/// The nonlinear functions of feed-forward layers.
package enum Activation: String, CaseIterable, Equatable, Sendable {
    case silu, relu
    /// relu(x)² (So et al. 2021).
    case reluSquared
    /// With the error function.
    case gelu
    /// With tanh (Hendrycks and Gimpel 2016).
    case geluTanh
}

extension Elementwise {
    /// y[r] = (x[r] − mean) / sqrt(variance + epsilon) · weight + bias.
    package static func layerNorm(
        _ x: Matrix, weight: [Float], bias: [Float]?, epsilon: Float, rows: Int, into y: Matrix, workers: Workers
    ) {
        // Norms have the width of the model, read with that shape.
        precondition(weight.count == x.columns && (bias?.count ?? x.columns) == x.columns)
        precondition(y.columns == x.columns && rows <= min(x.rows, y.rows))
        workers.forEachSlab(of: rows) { slab in
            let offset = slab.lowerBound * x.columns
            ck_layer_norm(x.base + offset, weight, bias, epsilon, slab.count, x.columns, y.base + offset)
        }
    }

    /// The RMS norm of every stretch of `weight.count` columns, in place: one of each head.
    package static func rmsNormOfHeads(_ x: Matrix, weight: [Float], epsilon: Float, rows: Int, workers: Workers) {
        // A norm of heads is read with the size of a head as its shape.
        precondition(x.columns % weight.count == 0 && rows <= x.rows)
        workers.forEachSlab(of: rows) { slab in
            let values = x.base + slab.lowerBound * x.columns
            let heads = slab.count * (x.columns / weight.count)
            // A row is read whole before it is written, so that it may be its own result.
            ck_rms_norm(values, weight, epsilon, heads, weight.count, values)
        }
    }

    /// x = activation(x).
    package static func apply(_ activation: Activation, to x: Matrix, rows: Int, workers: Workers) {
        // Rows of a chunk, which the matrix was made for.
        precondition(rows <= x.rows)
        workers.forEachSlab(of: rows) { slab in
            let values = x.base + slab.lowerBound * x.columns
            let count = slab.count * x.columns
            switch activation {
            case .silu: ck_silu(values, count)
            case .relu: ck_relu(values, count)
            case .reluSquared:
                ck_relu(values, count)
                ck_multiply(values, values, count)
            case .gelu: ck_gelu(values, count)
            case .geluTanh: ck_gelu_tanh(values, count, 0.797_884_56)
            }
        }
    }

    /// x *= y.
    package static func multiply(_ x: Matrix, _ y: Matrix, rows: Int, workers: Workers) {
        // Both are made side by side for the same chunk.
        precondition(x.columns == y.columns && rows <= min(x.rows, y.rows))
        workers.forEachSlab(of: rows) { slab in
            let offset = slab.lowerBound * x.columns
            ck_multiply(x.base + offset, y.base + offset, slab.count * x.columns)
        }
    }

    /// x[r] *= factor.
    package static func scale(_ x: Matrix, by factor: Float, rows: Int) {
        // Rows of a chunk, which the matrix was made for.
        precondition(rows <= x.rows)
        for i in 0..<rows * x.columns { x.base[i] *= factor }
    }

    /// Values beyond ±limit become ±limit.
    package static func clip(_ x: Matrix, to limit: Float, rows: Int) {
        // Rows of a chunk, which the matrix was made for.
        precondition(rows <= x.rows)
        for i in 0..<rows * x.columns { x.base[i] = max(-limit, min(limit, x.base[i])) }
    }
}

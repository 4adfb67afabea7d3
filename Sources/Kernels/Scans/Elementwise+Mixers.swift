import CRopewalkKernels

extension Elementwise {
    /// x = ln(1 + e^(x + bias)), but within `limits`.
    /// - Parameter bias: [columns]; nil for none
    package static func softplus(
        _ x: Matrix, bias: [Float]? = nil, limits: ClosedRange<Float> = 0...(.infinity), rows: Int, workers: Workers
    ) {
        // A bias is read with the columns as its shape.
        precondition((bias?.count ?? x.columns) == x.columns && rows <= x.rows)
        workers.forEachSlab(of: rows) { slab in
            for row in slab {
                if let bias { ck_add(x.row(row), bias, x.columns) }
                ck_softplus(x.row(row), x.columns, limits.lowerBound, limits.upperBound)
            }
        }
    }

    /// gate = y / (1 + e^−gate).
    package static func sigmoidMultiply(_ gate: Matrix, _ y: Matrix, rows: Int, workers: Workers) {
        // Both are made side by side for the same chunk.
        precondition(gate.columns == y.columns && rows <= min(gate.rows, y.rows))
        workers.forEachSlab(of: rows) { slab in
            let offset = slab.lowerBound * gate.columns
            ck_sigmoid_multiply(gate.base + offset, y.base + offset, slab.count * gate.columns)
        }
    }

    /// y[r] = x[r] · mix + x[r − 1] · (1 − mix).
    /// - Parameters:
    ///   - mix: [columns]
    ///   - before: the row before the first. [1, columns]
    package static func mixWithEarlier(
        _ x: Matrix, before: Matrix, mix: [Float], rows: Int, into y: Matrix, workers: Workers
    ) {
        // Made side by side for one mixer; the mix is read with the columns as its shape.
        precondition(mix.count == x.columns && y.columns == x.columns && before.columns == x.columns)
        precondition(rows <= min(x.rows, y.rows))
        workers.forEachSlab(of: rows) { slab in
            for row in slab {
                let (now, earlier) = (x.row(row), row == 0 ? before.row(0) : x.row(row - 1))
                let target = y.row(row)
                for i in 0..<x.columns { target[i] = now[i] * mix[i] + earlier[i] * (1 - mix[i]) }
            }
        }
    }

    /// The RMS norm of every stretch of `group` columns, in place, with weights of its own.   weight: [columns]
    package static func rmsNormOfGroups(
        _ x: Matrix, weight: [Float], group: Int, epsilon: Float, rows: Int, workers: Workers
    ) {
        // The weights are read with the columns as their shape, which groups divide.
        precondition(weight.count == x.columns && x.columns % group == 0 && rows <= x.rows)
        weight.withUnsafeBufferPointer { weight in
            guard let weights = weight.baseAddress else { return }
            workers.forEachSlab(of: rows) { slab in
                for row in slab {
                    for first in stride(from: 0, to: x.columns, by: group) {
                        let values = x.row(row) + first
                        // A row is read whole before it is written, so that it may be its own result.
                        ck_rms_norm(values, weights + first, epsilon, 1, group, values)
                    }
                }
            }
        }
    }
}

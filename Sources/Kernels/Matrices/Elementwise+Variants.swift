import CRopewalkKernels
import Foundation

extension Elementwise {
    /// LayerNorm of every stretch of weight.count / weightedHeads columns, in place: one of each head.
    /// - Parameter weightedHeads: how many heads in a row have weights of their own; 1 where all share them
    package static func layerNormOfHeads(
        _ x: Matrix, weight: [Float], bias: [Float]?, weightedHeads: Int, epsilon: Float, rows: Int, workers: Workers
    ) {
        // A norm of heads is read with the sizes of heads as its shape, and its bias with the same.
        precondition(x.columns % weight.count == 0 && weight.count % weightedHeads == 0 && rows <= x.rows)
        precondition((bias?.count ?? weight.count) == weight.count)
        let size = weight.count / weightedHeads
        workers.forEachSlab(of: rows) { slab in
            for stretch in 0..<slab.count * (x.columns / size) {
                let values = x.base + slab.lowerBound * x.columns + stretch * size
                let first = stretch % weightedHeads * size
                weight.withUnsafeBufferPointer { weight in
                    guard let weight = weight.baseAddress else { return }
                    guard let bias else { return ck_layer_norm(values, weight + first, nil, epsilon, 1, size, values) }
                    bias.withUnsafeBufferPointer {
                        ck_layer_norm(
                            values, weight + first, $0.baseAddress.map { $0 + first }, epsilon, 1, size, values)
                    }
                }
            }
        }
    }

    /// gate = gate · sigmoid(alpha · gate) · (up + 1), the gate cut off above the limit and `up` on both sides.
    package static func clampedSwish(
        _ gate: Matrix, _ up: Matrix, alpha: Float, limit: Float, rows: Int, workers: Workers
    ) {
        // Both are made side by side with the width of an expert.
        precondition(gate.columns == up.columns && rows <= min(gate.rows, up.rows))
        workers.forEachSlab(of: rows) { slab in
            for i in slab.lowerBound * gate.columns..<slab.upperBound * gate.columns {
                let (g, u) = (min(gate.base[i], limit), max(-limit, min(up.base[i], limit)))
                gate.base[i] = g / (1 + expf(-alpha * g)) * (u + 1)
            }
        }
    }
}

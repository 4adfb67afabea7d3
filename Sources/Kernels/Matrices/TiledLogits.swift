import CRopewalkKernels
import Foundation

/// Next-token probabilities of many rows: every tile of the vocabulary is taken once for all rows, widened where it must be, and
/// leaves its highest logit and sum of exponentials behind. So no product has few rows, which spends half of its time on packing
/// the weights (measured), and rows x vocabulary logits are never in memory.
struct TiledLogits {
    /// States after the final norm, [row, hidden].
    let hidden: Matrix
    let rows: Int
    /// [vocabulary, hidden]
    let output: WeightMatrix
    /// Logits become cap · tanh(logit / cap).
    let softcap: Float?
    let workers: Workers
    /// Asked before every tile: of a large vocabulary they take seconds together.
    let isCancelled: () -> Bool

    /// −ln p(target) after each row, nats; NaN where the target is negative. Where it was cancelled, any numbers.
    func negativeLogs(of targets: [Int32]) -> [Float] {
        let side = output.tileRows
        guard rows > 0, side > 0 else { return [] }
        let tiles = (output.outputs + side - 1) / side
        let highest = Matrix(rows: rows, columns: tiles)
        let sums = Matrix(rows: rows, columns: tiles)
        let chosen = Matrix(rows: rows, columns: 1, filling: .nan)
        output.forEachTile(workers: workers, isCancelled: isCancelled) { tile, weights in
            let logits = Matrix(rows: rows, columns: tile.count, filling: nil)
            output.multiply(hidden.base, rows: rows, weights, tile: tile, into: logits.base, stride: tile.count)
            if let softcap { ck_softcap(logits.base, rows * tile.count, softcap) }
            for row in 0..<rows {
                let values = logits.row(row)
                let maximum = ck_maximum(values, tile.count)
                let place = row * tiles + tile.lowerBound / side
                highest.base[place] = maximum
                sums.base[place] = ck_exp_sum(values, tile.count, maximum)
                let target = Int(targets[row])
                if tile.contains(target) { chosen.base[row] = values[target - tile.lowerBound] }
            }
        }
        return (0..<rows).map { row in
            let maximum = ck_maximum(highest.row(row), tiles)
            var sum: Float = 0
            for tile in 0..<tiles { sum += sums.row(row)[tile] * expf(highest.row(row)[tile] - maximum) }
            return maximum + logf(sum) - chosen.base[row]
        }
    }
}

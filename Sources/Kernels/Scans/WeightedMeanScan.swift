import CRopewalkKernels

/// RWKV-4's means of the values so far under weights that fade with the distance.
package enum WeightedMeanScan {
    /// Channels that one task takes.
    private static let share = 64
    /// What the logarithm of the weights begins at: no earlier token.
    package static let nothing: Float = -1e38

    /// y = the mean of values under e^(k − decay · (distance − 1)), the token itself under e^(bonus + k).
    /// - Parameters:
    ///   - decay: [channels]
    ///   - bonus: [channels]
    ///   - state: sums, weights, and the logarithm that both are divided by. [3, channels]
    package static func run(
        keys: Matrix, values: Matrix, rows: Int, decay: [Float], bonus: [Float], state: Matrix, into y: Matrix,
        workers: Workers
    ) {
        let channels = y.columns
        // Made side by side for one mixer (MixerRun).
        precondition(keys.columns == channels && values.columns == channels && state.columns == channels)
        precondition(state.rows == 3 && decay.count == channels && bonus.count == channels)
        precondition(rows <= min(keys.rows, values.rows, y.rows))
        workers.forEach((channels + share - 1) / share) { task in
            let first = task * share
            ck_weighted_mean_scan(
                keys.base, values.base, rows, channels, decay, bonus, first, min(share, channels - first), state.base,
                y.base)
        }
    }
}

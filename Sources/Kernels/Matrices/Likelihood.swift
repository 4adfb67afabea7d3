import CRopewalkKernels
import Foundation

/// Next-token probabilities from hidden states.
package enum Likelihood {
    /// −ln p(target) after each row, nats; NaN where the target is negative.
    /// - Parameters:
    ///   - hidden: states after the final norm, [row, hidden]
    ///   - output: the output projection, [vocabulary, hidden]
    ///   - softcap: logits become cap · tanh(logit / cap); nil for no cap
    ///   - isCancelled: asked again and again, by all workers; what comes back then is of no use
    package static func negativeLogs(
        hidden: Matrix, rows: Int, output: WeightMatrix, softcap: Float? = nil, targets: [Int32], workers: Workers,
        isCancelled: @Sendable () -> Bool = { false }
    ) -> [Float] {
        // Targets are the ids after the rows of the chunk that is handed over.
        precondition(targets.count == rows && rows <= hidden.rows && output.inputs == hidden.columns)
        return withoutActuallyEscaping(isCancelled) { isCancelled in
            TiledLogits(
                hidden: hidden, rows: rows, output: output, softcap: softcap, workers: workers, isCancelled: isCancelled
            ).negativeLogs(of: targets)
        }
    }

    /// ln p of every token after one hidden state, which says more than a p that is too small for a Float. [vocabulary]
    package static func logProbabilities(
        hidden: ArraySlice<Float>, output: WeightMatrix, softcap: Float? = nil
    ) -> [Float] {
        let logits = self.logits(hidden: hidden, output: output, softcap: softcap)
        return logits.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return [] }
            let total = logSumExp(base, buffer.count)
            return buffer.map { $0 - total }
        }
    }

    /// −ln p of one token under logits, nats; NaN where there is no such token.
    package static func negativeLog(of target: Int, in logits: [Float]) -> Float {
        guard logits.indices.contains(target) else { return .nan }
        return logits.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { logSumExp($0, buffer.count) - buffer[target] } ?? .nan
        }
    }

    /// The logits after one hidden state. [vocabulary]
    package static func logits(hidden: ArraySlice<Float>, output: WeightMatrix, softcap: Float? = nil) -> [Float] {
        let state = Matrix(rows: 1, columns: output.inputs)
        state.setRow(0, to: hidden)
        // A product with one row is not worth threads; to widen all weights is.
        let workers = Workers(count: output.isWidened ? 1 : 0)
        return logits(hidden: state, rows: 1, output: output, softcap: softcap, workers: workers).copy(rows: 0..<1)
    }

    /// The logits after every row of `hidden`, which cost one product together. [row, vocabulary]
    package static func logits(
        hidden: Matrix, rows: Int, output: WeightMatrix, softcap: Float? = nil, workers: Workers
    ) -> Matrix {
        let logits = Matrix(rows: max(1, rows), columns: output.outputs, filling: nil)
        output.apply(to: hidden, rows: rows, output: logits, workers: workers)
        if let softcap { ck_softcap(logits.base, rows * output.outputs, softcap) }
        return logits
    }

    private static func logSumExp(_ x: UnsafePointer<Float>, _ n: Int) -> Float {
        let highest = ck_maximum(x, n)
        return highest + logf(ck_exp_sum(x, n, highest))
    }
}

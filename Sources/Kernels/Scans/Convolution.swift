import CRopewalkKernels

/// A short convolution over the tokens of a text, each channel by itself, then silu: what the mixers of state spaces read.
package struct Convolution: Sendable {
    package let channels: Int
    /// Tokens that a token reads, itself the last.
    package let size: Int
    /// [size, channels]
    private let weights: [Float]
    /// [channels]
    private let bias: [Float]?

    /// How many tokens a convolution may read: parts of a chunk that workers take have more.
    package static let largest = 32

    /// - Parameters:
    ///   - weights: as files have them, [channels, size]
    ///   - bias: [channels]; nil for none
    package init(channels: Int, size: Int, weights: [Float], bias: [Float]?) {
        // Held to the shape that the configuration asks for (Weights.values), whose sizes it limits.
        precondition(weights.count == channels * size && (1...Self.largest).contains(size))
        self.channels = channels
        self.size = size
        self.bias = bias
        var turned = [Float](repeating: 0, count: weights.count)
        for channel in 0..<channels {
            for place in 0..<size { turned[place * channels + channel] = weights[channel * size + place] }
        }
        self.weights = turned
    }

    /// y = silu(convolution of x), and the last tokens in `before`.
    /// - Parameter before: the tokens before the first, [size − 1, channels]; those before the next chunk afterwards
    package func apply(to x: Matrix, before: Matrix, rows: Int, into y: Matrix, workers: Workers) {
        // Matrices of a run are made for the mixer (MixerRun).
        precondition(x.columns == channels && y.columns == channels && before.columns == channels)
        precondition(before.rows >= max(1, size - 1) && rows <= min(x.rows, y.rows))
        workers.forEachSlab(of: rows) { slab in
            let start = slab.lowerBound * channels
            // The tokens before a part are rows of the matrix.
            let earlier = slab.lowerBound == 0 ? before.base : x.base + start - (size - 1) * channels
            ck_causal_convolution(
                x.base + start, earlier, slab.count, channels, weights, bias, size, y.base + start)
        }
        keepLast(of: x, rows: rows, in: before)
    }

    private func keepLast(of x: Matrix, rows: Int, in before: Matrix) {
        let kept = size - 1
        let moved = max(0, kept - rows)
        for row in 0..<moved { before.row(row).update(from: before.row(row + rows), count: channels) }
        for row in moved..<kept { before.row(row).update(from: x.row(rows - kept + row), count: channels) }
    }
}

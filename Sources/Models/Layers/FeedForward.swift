import RopewalkKernels

/// What a block does to every token by itself.
enum FeedForward: Sendable {
    /// down(activation(gate(x)) · up(x))
    case gated(gate: WeightMatrix, up: WeightMatrix, down: WeightMatrix, Activation)
    /// down(activation(up(x)))
    case plain(up: WeightMatrix, down: WeightMatrix, Activation)
    /// The same as the first, of gates that lie so many standard deviations above their mean, less that limit (Gemma 3n).
    case cut(gate: WeightMatrix, up: WeightMatrix, down: WeightMatrix, Activation, deviations: Float)
    case experts(MixtureOfExperts)
    /// A key of a token and the one before it, opened by a gate (RWKV).
    case channelMix(ChannelMix)
    /// The block has none.
    case none

    /// Working memory for a chunk.
    final class Scratch {
        let gate: Matrix
        let up: Matrix

        init(rows: Int, intermediate: Int) {
            gate = Matrix(rows: rows, columns: intermediate)
            up = Matrix(rows: rows, columns: intermediate)
        }
    }

    /// Whether what it does to a token depends on how many its experts have had before.
    var countsTokens: Bool {
        if case .experts(let experts) = self { return experts.rule.capacity != nil }
        return false
    }

    /// Whether it reads the token before.
    var readsEarlier: Bool {
        if case .channelMix = self { return true }
        return false
    }

    var isNone: Bool {
        if case .none = self { return true }
        return false
    }

    /// - Parameters:
    ///   - routed: how many tokens of the text each expert has had before
    ///   - earlier: the token before the first, where it is read; the last one afterwards. [1, hidden]
    /// - Returns: what a router chose, if there is one.
    func apply(
        to x: Matrix, rows: Int, into y: Matrix, scratch: Scratch, routed: inout [Int], earlier: Matrix? = nil,
        workers: Workers
    ) -> RouterChoice? {
        switch self {
        case .gated(let gate, let up, let down, let activation):
            gate.apply(to: x, rows: rows, output: scratch.gate, workers: workers)
            up.apply(to: x, rows: rows, output: scratch.up, workers: workers)
            if activation == .silu {
                Elementwise.siluMultiply(scratch.gate, scratch.up, rows: rows, workers: workers)
            } else {
                Elementwise.apply(activation, to: scratch.gate, rows: rows, workers: workers)
                Elementwise.multiply(scratch.gate, scratch.up, rows: rows, workers: workers)
            }
            down.apply(to: scratch.gate, rows: rows, output: y, workers: workers)
            return nil
        case .plain(let up, let down, let activation):
            up.apply(to: x, rows: rows, output: scratch.up, workers: workers)
            Elementwise.apply(activation, to: scratch.up, rows: rows, workers: workers)
            down.apply(to: scratch.up, rows: rows, output: y, workers: workers)
            return nil
        case .cut(let gate, let up, let down, let activation, let deviations):
            gate.apply(to: x, rows: rows, output: scratch.gate, workers: workers)
            up.apply(to: x, rows: rows, output: scratch.up, workers: workers)
            scratch.gate.cutBelow(deviations: deviations, rows: rows)
            Elementwise.apply(activation, to: scratch.gate, rows: rows, workers: workers)
            Elementwise.multiply(scratch.gate, scratch.up, rows: rows, workers: workers)
            down.apply(to: scratch.gate, rows: rows, output: y, workers: workers)
            return nil
        case .experts(let experts):
            return experts.apply(to: x, rows: rows, into: y, routed: &routed, workers: workers)
        case .channelMix(let mix):
            mix.apply(to: x, rows: rows, into: y, keys: scratch.up, earlier: earlier, workers: workers)
            return nil
        case .none:
            y.clear(rows: rows)
            return nil
        }
    }
}

import RopewalkKernels

/// The residual stream of some tokens on its way through blocks, whatever their attention comes from.
final class BlockRun {
    private let workers: Workers
    /// [token, hidden]
    let stream: Matrix
    /// The first stream of reversible blocks, of which `stream` is the second; nil for others.
    private var firstStream: Matrix?
    private let normed: Matrix
    private let update: Matrix
    private let otherUpdate: Matrix
    private let feedForward: FeedForward.Scratch

    /// - Parameter rows: tokens at most
    init(rows: Int, hidden: Int, intermediate: Int, workers: Workers) {
        self.workers = workers
        func matrix() -> Matrix { Matrix(rows: rows, columns: hidden) }
        stream = matrix()
        normed = matrix()
        update = matrix()
        otherUpdate = matrix()
        feedForward = FeedForward.Scratch(rows: rows, intermediate: intermediate)
    }

    /// Begins both streams of reversible blocks with what `stream` holds.
    func beginReversible(count: Int) {
        let first = firstStream ?? Matrix(rows: stream.rows, columns: stream.columns)
        first.copyRows(of: stream, count: count)
        firstStream = first
    }

    /// Attention of a block. In parallel blocks its result stays in `update` until the feed-forward layer is done.
    /// - Parameters:
    ///   - isLeftOut: whether it adds nothing
    ///   - attention: writes what it gives of its first argument into its second one
    func attend<Result>(
        _ block: Block, altUp: AltUpRun? = nil, isLeftOut: Bool = false, count: Int,
        attention: (Matrix, Matrix) -> Result
    ) -> Result {
        // A row is read whole before it is written, so that it may be its own result.
        block.entryNorm?.apply(to: stream, rows: count, into: stream, workers: workers)
        let norm = block.arrangement == .normLast ? nil : block.attentionNorm
        let input = normed(by: norm, count: count)
        if block.addsToNormed { stream.copyRows(of: normed, count: count) }
        if let streams = block.altUp { altUp?.keepResidual(streams, of: input, count: count) }
        let result = attention(input, update)
        if isLeftOut { update.clear(rows: count) }
        switch block.arrangement {
        case .normFirst:
            if !isLeftOut {
                add(update, norm: block.attentionOutputNorm, scale: block.residualScale, count: count)
            }
            if block.altUp != nil { altUp?.addResidual(to: stream, count: count) }
        case .parallel: break
        case .normLast: addThenNorm(block.attentionNorm, count: count)
        case .reversible:
            if let firstStream { Elementwise.add(firstStream, update, rows: count, workers: workers) }
        }
        return result
    }

    /// Attention of a block to the encoder's result.
    func attendAcross<Result>(
        _ block: Block, _ cross: Block.CrossAttention, count: Int, attention: (Matrix, Matrix) -> Result
    ) -> Result {
        let norm = block.arrangement == .normLast ? nil : cross.norm
        let input = normed(by: norm, count: count)
        let result = attention(input, update)
        if block.arrangement == .normLast {
            addThenNorm(cross.norm, count: count)
        } else {
            add(update, norm: nil, count: count)
        }
        return result
    }

    /// The feed-forward layer of a block.
    /// - Parameters:
    ///   - isLeftOut: whether it adds nothing
    ///   - earlier: the token before, where the layer reads it
    func feedForward(
        _ block: Block, isLeftOut: Bool = false, count: Int, routed: inout [Int], earlier: Matrix? = nil
    ) -> RouterChoice? {
        if block.feedForward.isNone { return nil }
        let norm = block.arrangement == .normLast ? nil : block.feedForwardNorm
        let input = normed(by: norm, of: block.arrangement == .reversible ? firstStream : nil, count: count)
        if block.addsToNormed { stream.copyRows(of: normed, count: count) }
        let router = block.feedForward.apply(
            to: input, rows: count, into: otherUpdate, scratch: feedForward, routed: &routed, earlier: earlier,
            workers: workers)
        if isLeftOut { otherUpdate.clear(rows: count) }
        switch block.arrangement {
        case .normFirst where isLeftOut: break
        case .normFirst: add(otherUpdate, norm: block.feedForwardOutputNorm, scale: block.residualScale, count: count)
        case .parallel:
            add(update, norm: nil, count: count)
            add(otherUpdate, norm: nil, count: count)
        case .normLast:
            update.copyRows(of: otherUpdate, count: count)
            addThenNorm(block.feedForwardNorm, count: count)
        case .reversible: Elementwise.add(stream, otherUpdate, rows: count, workers: workers)
        }
        return router
    }

    /// The stream after the last norm, if there is one; of reversible blocks both, the first before the second.
    func finished(by norm: Norm?, count: Int) -> Matrix {
        if let firstStream { return finished(by: norm, first: firstStream, count: count) }
        if let norm {
            norm.apply(to: stream, rows: count, into: normed, workers: workers)
        } else {
            normed.copyRows(of: stream, count: count)
        }
        return normed
    }

    /// [token, 2 · hidden]
    private func finished(by norm: Norm?, first: Matrix, count: Int) -> Matrix {
        let both = Matrix(rows: max(1, count), columns: 2 * stream.columns)
        for row in 0..<count {
            both.setRow(row, to: (first.copy(rows: row..<row + 1) + stream.copy(rows: row..<row + 1))[...])
        }
        // A row is read whole before it is written, so that it may be its own result.
        norm?.apply(to: both, rows: count, into: both, workers: workers)
        return both
    }

    /// A stream after a norm, if there is one.
    /// - Parameter source: nil for `stream`
    private func normed(by norm: Norm?, of source: Matrix? = nil, count: Int) -> Matrix {
        let stream = source ?? stream
        guard let norm else { return stream }
        norm.apply(to: stream, rows: count, into: normed, workers: workers)
        return normed
    }

    /// stream += scale · norm(x); without a norm x is scaled in place.
    private func add(_ x: Matrix, norm: Norm?, scale: Float = 1, count: Int) {
        norm?.apply(to: x, rows: count, into: normed, workers: workers)
        let addend = norm == nil ? x : normed
        if scale != 1 { Elementwise.scale(addend, by: scale, rows: count) }
        Elementwise.add(stream, addend, rows: count, workers: workers)
    }

    /// stream = norm(stream + update).
    private func addThenNorm(_ norm: Norm?, count: Int) {
        guard let norm else { return add(update, norm: nil, count: count) }
        Elementwise.add(update, stream, rows: count, workers: workers)
        norm.apply(to: update, rows: count, into: stream, workers: workers)
    }
}

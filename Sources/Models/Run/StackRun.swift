import RopewalkKernels
import RopewalkMethods

/// One run of a stack over a text: the state that grows from chunk to chunk, and working memory for one chunk.
final class StackRun {
    private let stack: Stack
    private let shape: ModelShape
    private let setup: RunSetup
    private let crossing: Crossing?
    private let text: RunText
    private let head: OutputHead?
    private let poolBlock: Int
    private let keepsStates: Bool
    private let workers: Workers
    private let attention: AttentionRun
    private let inductionKeys: InductionKeys
    /// Streams beside `stream`.
    private let altUp: AltUpRun?

    /// The residual stream, [token of the chunk, hidden].
    private let stream: Matrix
    private let normed: Matrix
    private let update: Matrix
    private let otherUpdate: Matrix
    private let feedForward: FeedForward.Scratch
    /// How many tokens of the text each expert has had, layer by layer.
    private var routed: [[Int]]
    /// The block that the tokens are in.
    private var place = 0

    /// What a decoder needs to read an encoder's result.
    struct Crossing {
        let setup: RunSetup
        /// After the encoder's final norm. [key token, hidden]
        let states: Matrix
    }

    init(
        _ stack: Stack, shape: ModelShape, setup: RunSetup, crossing: Crossing? = nil, text: RunText,
        head: OutputHead?, chunkSize: Int, poolBlock: Int, cached: Int? = nil, keepsStates: Bool, workers: Workers
    ) {
        self.stack = stack
        self.shape = shape
        self.setup = setup
        self.crossing = crossing
        self.text = text
        self.head = head
        self.poolBlock = poolBlock
        self.keepsStates = keepsStates
        self.workers = workers
        inductionKeys = InductionKeys(ids: text.ids)
        attention = AttentionRun(
            stack, shape: shape, setup: setup, crossing: crossing, chunkSize: chunkSize, poolBlock: poolBlock,
            cached: cached ?? setup.keys, workers: workers)
        func matrix(_ columns: Int) -> Matrix { Matrix(rows: chunkSize, columns: columns) }
        stream = matrix(shape.hidden)
        normed = matrix(shape.hidden)
        update = matrix(shape.hidden)
        otherUpdate = matrix(shape.hidden)
        feedForward = FeedForward.Scratch(rows: chunkSize, intermediate: shape.intermediate)
        routed = Array(repeating: [], count: stack.blocks.count)
        altUp = stack.altUp.map {
            AltUpRun($0, hidden: shape.hidden, layers: stack.blocks.count, rows: chunkSize, workers: workers)
        }
    }

    /// Keys and values of the encoder's result, a layer each; empty without an encoder.
    var crossKeys: [RecordedKeys] { attention.crossKeys }

    /// Goes on behind chunks that another run of the same kind has recorded: all that grows from chunk to chunk is
    /// made again from what they hold, to the bit.
    func restore(_ chunks: [RecordedChunk]) {
        for chunk in chunks {
            _ = inductionKeys.next(chunk.tokens)
            attention.restore(chunk)
            for (index, layer) in chunk.layers.enumerated() { layer.router?.count(in: &routed[index]) }
        }
    }

    /// Runs the tokens of a chunk through all blocks; nil when cancelled on the way.
    func step(
        _ tokens: Range<Int>, isCancelled: @Sendable () -> Bool
    ) -> (main: RecordedChunk, cross: RecordedChunk?)? {
        let count = tokens.count
        stack.embedding.fill(
            stream, ids: text.ids, tokens: tokens, types: text.types, addition: text.embeddingAddition,
            workers: workers)
        altUp?.begin(stream, ids: text.ids[tokens])
        attention.begin(tokens, inductionKeys: inductionKeys.next(tokens))
        var layers: [RecordedLayer] = []
        var crossLayers: [RecordedLayer] = []
        for index in stack.blocks.indices {
            if isCancelled() { return nil }
            let streams = stack.blocks[index].altUp
            if let streams { altUp?.predict(streams, into: stream, count: count) }
            let input = keepsStates ? stream.copy(rows: 0..<count) : nil
            var layer = attend(index, count: count)
            if let cross = attendAcross(index, count: count) { crossLayers.append(cross) }
            layer.input = input
            layer.router = apply(stack.blocks[index], count: count)
            if let streams { altUp?.correct(streams, index: index, by: stream, count: count) }
            layers.append(layer)
        }
        altUp?.finish(into: stream, count: count)
        let output = keepsStates ? stream.copy(rows: 0..<count) : nil
        if let norm = stack.finalNorm {
            norm.apply(to: stream, rows: count, into: normed, workers: workers)
        } else {
            normed.copyRows(of: stream, count: count)
        }
        let hidden = normed.copy(rows: 0..<count)
        let likelihood = likelihood(tokens, isCancelled: isCancelled)
        if isCancelled() { return nil }
        let main = RecordedChunk(
            tokens: tokens, layers: layers, lastBlockOutput: output, lastHidden: hidden,
            negativeLogLikelihood: likelihood)
        let cross = crossing.map { _ in
            RecordedChunk(
                tokens: tokens, layers: crossLayers, lastBlockOutput: nil, lastHidden: hidden,
                negativeLogLikelihood: main.negativeLogLikelihood)
        }
        return (main, cross)
    }

    /// −ln p of the tokens that follow; only a causal model predicts them.
    private func likelihood(_ tokens: Range<Int>, isCancelled: @Sendable () -> Bool) -> [Float] {
        guard setup.kind.isCausal, let head else { return Array(repeating: .nan, count: tokens.count) }
        let targets = tokens.map { $0 + 1 < text.ids.count ? text.ids[$0 + 1] : -1 }
        return Likelihood.negativeLogs(
            hidden: head.prepare(normed, rows: tokens.count, workers: workers), rows: tokens.count,
            output: head.weights, softcap: head.softcap, targets: targets, workers: workers,
            isCancelled: isCancelled)
    }

    /// Attention of a block. In parallel blocks its result stays in `update` until the feed-forward layer is done.
    private func attend(_ index: Int, count: Int) -> RecordedLayer {
        place = index
        let block = stack.blocks[index]
        let norm = block.arrangement == .normLast ? nil : block.attentionNorm
        let input = normed(by: norm, count: count)
        if block.addsToNormed { stream.copyRows(of: normed, count: count) }
        if let streams = block.altUp { altUp?.keepResidual(streams, of: input, count: count) }
        let layer = attention.attend(index, input: input, into: update)
        switch block.arrangement {
        case .normFirst:
            add(update, norm: block.attentionOutputNorm, scale: block.residualScale, count: count)
            if block.altUp != nil { altUp?.addResidual(to: stream, count: count) }
        case .parallel: break
        case .normLast: addThenNorm(block.attentionNorm, count: count)
        }
        return layer
    }

    /// The stream after a norm, if there is one.
    private func normed(by norm: Norm?, count: Int) -> Matrix {
        guard let norm else { return stream }
        norm.apply(to: stream, rows: count, into: normed, workers: workers)
        return normed
    }

    /// Attention of a block to the encoder's result.
    private func attendAcross(_ index: Int, count: Int) -> RecordedLayer? {
        let block = stack.blocks[index]
        guard let cross = block.cross, crossing != nil else { return nil }
        let norm = block.arrangement == .normLast ? nil : cross.norm
        let input = normed(by: norm, count: count)
        let layer = attention.attendAcross(index, cross.attention, input: input, into: update)
        if block.arrangement == .normLast {
            addThenNorm(cross.norm, count: count)
        } else {
            add(update, norm: nil, count: count)
        }
        return layer
    }

    /// The feed-forward layer of a block.
    private func apply(_ block: Block, count: Int) -> RouterChoice? {
        let norm = block.arrangement == .normLast ? nil : block.feedForwardNorm
        let input = normed(by: norm, count: count)
        if block.addsToNormed { stream.copyRows(of: normed, count: count) }
        let router = block.feedForward.apply(
            to: input, rows: count, into: otherUpdate, scratch: feedForward, routed: &routed[place], workers: workers)
        switch block.arrangement {
        case .normFirst: add(otherUpdate, norm: block.feedForwardOutputNorm, scale: block.residualScale, count: count)
        case .parallel:
            add(update, norm: nil, count: count)
            add(otherUpdate, norm: nil, count: count)
        case .normLast:
            update.copyRows(of: otherUpdate, count: count)
            addThenNorm(block.feedForwardNorm, count: count)
        }
        return router
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

/// What a stack reads.
struct RunText {
    let ids: [Int32]
    /// What each token belongs to (BERT's segments); nil for all 0.
    var types: [Int32]?
    /// What a position method adds to the embedding of a token.
    var embeddingAddition: ((Int, Int) -> [Double])?
}

/// For each token, the place after the last earlier occurrence of the same token.
final class InductionKeys {
    private let ids: [Int32]
    private var lastPlace: [Int32: Int32] = [:]

    init(ids: [Int32]) { self.ids = ids }

    /// Of the next tokens; −1 where there is none.
    func next(_ tokens: Range<Int>) -> [Int32] {
        tokens.map { place in
            let earlier = lastPlace.updateValue(Int32(place), forKey: ids[place])
            return earlier.map { $0 + 1 } ?? -1
        }
    }
}

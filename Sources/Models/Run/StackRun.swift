import RopewalkKernels
import RopewalkMethods

/// One run of a stack over a text: the state that grows from chunk to chunk, and working memory for one chunk.
final class StackRun {
    private let stack: Stack
    private let shape: ModelShape
    private let setup: RunSetup
    private let crossing: Crossing?
    private var text: RunText
    private let head: OutputHead?
    private let poolBlock: Int
    private let keepsStates: Bool
    private let workers: Workers
    private let attention: AttentionRun
    private let mixers: MixerRun?
    private let inductionKeys: InductionKeys
    /// Streams beside `stream`.
    private let altUp: AltUpRun?

    private let blocks: BlockRun
    /// How many tokens of the text each expert has had, layer by layer.
    private var routed: [[Int]]
    /// What every block reads in place of what the one below it gives; nil where the stream goes on.
    var inputsOf: Recording?
    /// What another run has recorded of the layers below one; nil for a run of all layers.
    var sharedBelow: SharedLayers?

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
        mixers = MixerRun(
            stack, setup: setup, chunkSize: chunkSize, keepsOutputs: keepsStates, workers: workers)
        blocks = BlockRun(
            rows: chunkSize, hidden: shape.hidden, intermediate: shape.intermediate, workers: workers)
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
            mixers?.restore(chunk)
            for (index, layer) in chunk.layers.enumerated() { layer.router?.count(in: &routed[index]) }
        }
    }

    /// Adds tokens behind those of the text; the setup has room for them.
    func extend(by ids: [Int32]) {
        text.ids += ids
        inductionKeys.extend(by: ids)
    }

    /// Runs the tokens of a chunk, or some behind those that were run, through all blocks; nil when cancelled on the way.
    /// - Parameter hasLosses: whether −ln p of what follows the tokens is worked out; else it is NaN
    func step(
        _ tokens: Range<Int>, hasLosses: Bool = true, isCancelled: @Sendable () -> Bool
    ) -> (main: RecordedChunk, cross: RecordedChunk?)? {
        let count = tokens.count
        let stream = blocks.stream
        stack.embedding.fill(
            stream, ids: text.ids, tokens: tokens, types: text.types, addition: text.embeddingAddition,
            workers: workers)
        altUp?.begin(stream, ids: text.ids[tokens])
        if stack.isReversible { blocks.beginReversible(count: count) }
        attention.begin(tokens, inductionKeys: inductionKeys.next(tokens))
        var layers: [RecordedLayer] = []
        var crossLayers: [RecordedLayer] = []
        for index in stack.blocks.indices {
            if isCancelled() { return nil }
            if let shared = sharedBelow?.layer(index, tokens) {
                layers.append(shared)
                continue
            }
            let streams = stack.blocks[index].altUp
            if let streams { altUp?.predict(streams, into: stream, count: count) }
            takeInput(of: index, tokens)
            let input = keepsStates ? stream.copy(rows: 0..<count) : nil
            var layer = attend(index, tokens)
            if let cross = attendAcross(index, count: count) { crossLayers.append(cross) }
            layer.input = input
            feedForward(index, &layer, count: count)
            if let streams { altUp?.correct(streams, index: index, by: stream, count: count) }
            layers.append(layer)
        }
        altUp?.finish(into: stream, count: count)
        let output = keepsStates ? stream.copy(rows: 0..<count) : nil
        let normed = blocks.finished(by: stack.finalNorm, count: count)
        let hidden = normed.copy(rows: 0..<count)
        let likelihood =
            hasLosses
            ? likelihood(tokens, of: normed, isCancelled: isCancelled) : Array(repeating: .nan, count: count)
        if isCancelled() { return nil }
        let main = RecordedChunk(
            tokens: tokens, layers: layers, lastBlockOutput: output, lastHidden: KeptNumbers(hidden),
            negativeLogLikelihood: KeptNumbers(likelihood))
        let cross = crossing.map { _ in
            RecordedChunk(
                tokens: tokens, layers: crossLayers, lastBlockOutput: nil, lastHidden: main.lastHidden,
                negativeLogLikelihood: main.negativeLogLikelihood)
        }
        return (main, cross)
    }

    /// Puts what another run's block has read in place of the stream.
    private func takeInput(of layer: Int, _ tokens: Range<Int>) {
        guard let inputsOf = layer == sharedBelow?.layer ? sharedBelow?.recording : inputsOf else { return }
        let hidden = shape.hidden
        for (row, token) in tokens.enumerated() {
            guard let (chunk, place) = inputsOf.place(of: token), chunk.layers.indices.contains(layer),
                let input = chunk.layers[layer].input, input.count == chunk.tokens.count * hidden
            else { continue }
            blocks.stream.setRow(row, to: input[place * hidden..<(place + 1) * hidden])
        }
    }

    /// −ln p of the tokens that follow; only a causal model predicts them.
    private func likelihood(
        _ tokens: Range<Int>, of normed: Matrix, isCancelled: @Sendable () -> Bool
    ) -> [Float] {
        guard setup.kind.isCausal, let head else { return Array(repeating: .nan, count: tokens.count) }
        let targets = tokens.map { $0 + 1 < text.ids.count ? text.ids[$0 + 1] : -1 }
        return Likelihood.negativeLogs(
            hidden: head.prepare(normed, rows: tokens.count, workers: workers), rows: tokens.count,
            output: head.weights, softcap: head.softcap, targets: targets, workers: workers,
            isCancelled: isCancelled)
    }

    private func attend(_ index: Int, _ tokens: Range<Int>) -> RecordedLayer {
        let block = stack.blocks[index]
        return blocks.attend(
            block, altUp: altUp, isLeftOut: setup.leavesOutAttention(index), count: tokens.count
        ) { input, output in
            switch block.mixer {
            case .attention(let layer):
                attention.attend(index, layer, input: input, states: blocks.stream, into: output)
            case .recurrent(let mixer): mix(index, mixer, tokens, input: input, into: output)
            }
        }
    }

    private func mix(
        _ index: Int, _ mixer: RecurrentMixer, _ tokens: Range<Int>, input: Matrix, into output: Matrix
    ) -> RecordedLayer {
        guard let mixers else { return .unmeasured(heads: setup.heads, count: tokens.count) }
        return mixers.mix(index, mixer, tokens: tokens, input: input, into: output)
    }

    /// The feed-forward layer of a block, and what is recorded of it.
    private func feedForward(_ index: Int, _ layer: inout RecordedLayer, count: Int) {
        let block = stack.blocks[index]
        let earlier = mixers?.feedForwardMemory(index)
        layer.router = blocks.feedForward(
            block, isLeftOut: setup.leavesOutFeedForward(index), count: count, routed: &routed[index], earlier: earlier)
        if let earlier { layer.mixer?.end.feedForward = earlier.copy(rows: 0..<1) }
        if block.streamScale != 1 { Elementwise.scale(blocks.stream, by: block.streamScale, rows: count) }
    }

    /// Attention of a block to the encoder's result.
    private func attendAcross(_ index: Int, count: Int) -> RecordedLayer? {
        let block = stack.blocks[index]
        guard let cross = block.cross, crossing != nil else { return nil }
        return blocks.attendAcross(block, cross, count: count) { input, output in
            attention.attendAcross(index, cross.attention, input: input, into: output)
        }
    }
}

/// What a stack reads.
struct RunText {
    var ids: [Int32]
    /// What each token belongs to (BERT's segments); nil for all 0.
    var types: [Int32]?
    /// What a position method adds to the embedding of a token.
    var embeddingAddition: ((Int, Int) -> [Double])?
}

/// For each token, the place after the last earlier occurrence of the same token.
final class InductionKeys {
    private var ids: [Int32]
    private var lastPlace: [Int32: Int32] = [:]

    init(ids: [Int32]) { self.ids = ids }

    func extend(by ids: [Int32]) { self.ids += ids }

    /// Of the next tokens; −1 where there is none.
    func next(_ tokens: Range<Int>) -> [Int32] {
        tokens.map { place in
            let earlier = lastPlace.updateValue(Int32(place), forKey: ids[place])
            return earlier.map { $0 + 1 } ?? -1
        }
    }
}

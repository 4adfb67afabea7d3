import RopewalkKernels

/// The recurrent mixers of a run: a state for each that goes from chunk to chunk, and working memory for one chunk.
final class MixerRun {
    private let workers: Workers
    private let scratch: MixerScratch
    private let setup: RunSetup
    private let keepsOutputs: Bool
    /// Nil where a layer has none.
    private let memories: [MixerMemory?]

    /// Nil where no layer has one.
    init?(_ stack: Stack, setup: RunSetup, chunkSize: Int, keepsOutputs: Bool, workers: Workers) {
        memories = stack.blocks.map { $0.mixer.recurrent?.makeMemory($0.feedForward) }
        if memories.allSatisfy({ $0 == nil }) { return nil }
        self.setup = setup
        self.keepsOutputs = keepsOutputs
        self.workers = workers
        scratch = MixerScratch(rows: chunkSize)
    }

    /// The token before, which a layer's feed-forward layer reads.
    func feedForwardMemory(_ layer: Int) -> Matrix? { memories[layer]?.feedForward }

    /// output = mixer(input), for tokens behind those that the layer has had.
    func mix(
        _ layer: Int, _ mixer: RecurrentMixer, tokens: Range<Int>, input: Matrix, into output: Matrix
    ) -> RecordedLayer {
        var recorded = RecordedLayer.unmeasured(heads: setup.heads, count: tokens.count)
        guard let memory = memories[layer] else { return recorded }
        let call = MixerCall(
            input: input, count: tokens.count, output: output, memory: memory, scratch: scratch,
            precision: setup.modelTraits.precision, keepsOutputs: keepsOutputs, workers: workers)
        recorded.mixer = mixer.apply(call)
        return recorded
    }

    /// Goes on behind a chunk.
    func restore(_ chunk: RecordedChunk) {
        for (index, layer) in chunk.layers.enumerated() {
            if let end = layer.mixer?.end { memories[index]?.restore(end) }
        }
    }
}

extension RecordedLayer {
    /// Of a layer without attention.
    static func unmeasured(heads: Int, count: Int) -> RecordedLayer {
        RecordedLayer(
            keys: nil, queries: .single([]), attention: .unmeasured(heads: heads, count: count), global: nil,
            choices: nil)
    }
}

/// What a recurrent mixer works on for a chunk.
struct MixerCall {
    /// [token of the chunk, hidden]
    let input: Matrix
    let count: Int
    /// [token of the chunk, hidden]
    let output: Matrix
    let memory: MixerMemory
    let scratch: MixerScratch
    let precision: RecordingPrecision
    let keepsOutputs: Bool
    let workers: Workers

    /// Columns of a matrix as a recording keeps them. [token, columns.count]
    func kept(_ matrix: Matrix, _ columns: Range<Int>) -> RecordedNumbers {
        RecordedNumbers(matrix.copy(columns: columns, rows: count), in: precision)
    }
}

extension RecurrentMixer {
    func makeMemory(_ feedForward: FeedForward) -> MixerMemory {
        switch self {
        case .selective(let mixer): mixer.makeMemory()
        case .heads(let mixer): mixer.makeMemory()
        case .mean(let mixer): mixer.makeMemory(feedForward)
        }
    }

    func apply(_ call: MixerCall) -> RecordedMixer {
        switch self {
        case .selective(let mixer): mixer.apply(call)
        case .heads(let mixer): mixer.apply(call)
        case .mean(let mixer): mixer.apply(call)
        }
    }
}

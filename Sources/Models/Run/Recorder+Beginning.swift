import RopewalkKernels
import RopewalkMethods

extension Recorder {
    /// Tokens of a beginning: of a model of 135 million weights they take half a second, where a chunk takes four.
    package static let beginning = 96
    package static let slowFrom = 32 << 20

    /// The first tokens of a text alone, so that something is seen before the first chunk is there; exact, as a run of all
    /// tokens has them.
    ///
    /// A run of the text does not go on from it: its chunks are larger.
    /// - Parameter parameters: numbers of weights from which on the first chunk keeps a reader waiting
    /// - Returns: nil where a chunk is soon there, or the tokens are not read one after the other.
    package func beginning(of inputs: ModelInputs, slowFrom parameters: Int = slowFrom) -> Recordings? {
        guard model.parameters >= parameters, let stack = model.architecture.decoder,
            model.architecture.encoder == nil, scenario == model.defaultScenario, inputs.ids.count > Self.beginning,
            let inputs = try? model.checked(inputs), (try? model.check(scenario, tokens: inputs.ids.count)) != nil
        else { return nil }
        let count = inputs.ids.count
        let block = Self.poolBlock(tokens: count)
        let setup = setup(kind: .decoder, inputs: inputs, queries: count, keys: count)
        guard setup.compression == nil, setup.stateSelection == nil, setup.globals.isEmpty else { return nil }
        let text = RunText(ids: inputs.ids, embeddingAddition: model.embeddingAddition(scenario, tokens: count))
        let run = StackRun(
            stack, shape: model.traits.shape(.decoder), setup: setup, text: text, head: model.architecture.head,
            chunkSize: Self.beginning, poolBlock: block, cached: Self.beginning, keepsStates: false, workers: workers)
        guard let main = run.step(0..<Self.beginning, isCancelled: isCancelled)?.main else { return nil }
        let recording = Recording(
            shape: model.traits.shape(.decoder), kind: .decoder, scenario: scenario, ids: inputs.ids,
            keyIDs: inputs.ids, setup: setup, chunks: [main], crossKeys: [], chunkSize: Self.beginning,
            poolBlock: block, run: Self.newRun())
        return Recordings(decoder: recording, encoder: nil, cross: nil)
    }
}

extension Recording {
    /// Whether it is a beginning that no run goes on from.
    package var isBeginning: Bool { chunkSize == Recorder.beginning }
}

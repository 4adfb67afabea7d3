import Kernels
import Methods
import Synchronization

/// Runs a model over tokens, chunk by chunk, and records what the lenses ask for.
public struct Recorder: Sendable {
    let model: Model
    let scenario: Scenario
    let workers: Workers
    /// Whether the inputs of all blocks are kept too, as a trace wants.
    let keepsStates: Bool
    let chunkSize: Int?

    private static let runs = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - threads: processors to use; 0 for all.
    ///   - chunkSize: tokens of a chunk, a multiple of 256; nil for what suits the text.
    public init(
        model: Model, scenario: Scenario = .plain, threads: Int = 0, keepsStates: Bool = false, chunkSize: Int? = nil
    ) {
        self.model = model
        self.scenario = scenario
        workers = Workers(count: threads)
        self.keepsStates = keepsStates
        self.chunkSize = chunkSize
    }

    /// The side of the blocks of the recorded map: about 512 of them, so that the map stays small whatever the text.
    static func poolBlock(tokens: Int) -> Int {
        var block = 16
        while block * 512 < tokens { block *= 2 }
        return block
    }

    /// Records `ids`.
    /// - Parameter progress: gets a snapshot after every chunk and says whether to go on.
    /// - Throws: `ModelError.cancelled` when `progress` said no.
    public func record(
        _ ids: [Int32], progress: (Recording) -> Bool = { _ in true }
    ) throws(ModelError) -> Recording {
        guard !ids.isEmpty else { throw .noTokens }
        if let place = ids.firstIndex(where: { $0 < 0 || $0 >= model.shape.vocabulary }) {
            throw .token(id: Int(ids[place]), place: place, vocabulary: model.shape.vocabulary)
        }
        let block = Self.poolBlock(tokens: ids.count)
        let size = max(chunkSize ?? 512, block)
        let run = Self.runs.wrappingAdd(1, ordering: .relaxed).newValue
        let rotation = model.rotation(scenario, tokens: ids.count)
        let table = RotaryTable(
            frequencies: rotation.inverseFrequencies.map { Float($0) }, positions: ids.count,
            factor: Float(rotation.attentionFactor), workers: workers)
        let llama = LlamaRun(
            model.llama, scenario: scenario, ids: ids, table: table, chunkSize: min(size, ids.count), poolBlock: block,
            keepsStates: keepsStates, workers: workers)
        var chunks: [RecordedChunk] = []
        while true {
            let start = chunks.last?.tokens.upperBound ?? 0
            chunks.append(llama.step(start..<min(start + size, ids.count)))
            let recording = Recording(
                shape: model.shape, scenario: scenario, ids: ids, chunks: chunks, chunkSize: size, poolBlock: block,
                table: table, run: run)
            let goesOn = progress(recording)
            if recording.isComplete { return recording }
            if !goesOn { throw .cancelled }
        }
    }
}

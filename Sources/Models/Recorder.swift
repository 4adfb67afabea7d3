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

    /// The side of the blocks of the recorded map: at most 512 of them, so that the map stays small whatever the text.
    /// Smaller windows than a block are computed when they are asked for; below 64 keys a block costs the run more
    /// than it saves there.
    public static func poolBlock(tokens: Int) -> Int {
        var block = 64
        while block * 512 < tokens { block *= 2 }
        return block
    }

    /// Larger chunks make faster matrix products, smaller ones show something sooner.
    static func chunkSize(tokens: Int) -> Int { tokens > 4096 ? 1024 : 512 }

    /// Records `ids`.
    /// - Parameters:
    ///   - isCancelled: asked before every layer, so that a run ends within a fraction of a second.
    ///   - progress: gets a snapshot after every chunk and says whether to go on.
    /// - Throws: `ModelError.cancelled` when one of them said so.
    public func record(
        _ ids: [Int32], isCancelled: () -> Bool = { false }, progress: (Recording) -> Bool = { _ in true }
    ) throws(ModelError) -> Recording {
        guard !ids.isEmpty else { throw .noTokens }
        if let place = ids.firstIndex(where: { $0 < 0 || $0 >= model.shape.vocabulary }) {
            throw .token(id: Int(ids[place]), place: place, vocabulary: model.shape.vocabulary)
        }
        let block = Self.poolBlock(tokens: ids.count)
        let size = max(chunkSize ?? Self.chunkSize(tokens: ids.count), block)
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
            guard let chunk = llama.step(start..<min(start + size, ids.count), isCancelled: isCancelled) else {
                throw .cancelled
            }
            chunks.append(chunk)
            let recording = Recording(
                shape: model.shape, scenario: scenario, ids: ids, chunks: chunks, chunkSize: size, poolBlock: block,
                table: table, run: run)
            let goesOn = progress(recording)
            if recording.isComplete { return recording }
            if !goesOn { throw .cancelled }
        }
    }
}

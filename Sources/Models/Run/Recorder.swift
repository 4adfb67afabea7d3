import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import Synchronization

/// Runs a model over tokens, chunk by chunk, and records what the lenses ask for.
public struct Recorder: Sendable {
    let model: Model
    let scenario: Scenario
    let workers: Workers
    /// Whether the inputs of all blocks are kept too, as a trace wants.
    let keepsStates: Bool
    let chunkSize: Int?
    /// A run with states whose inputs every block reads in place of what the one below it gives; nil for a run by itself.
    ///
    /// What it records of a layer is what that layer alone has changed; its losses mean nothing.
    package var inputsOf: Recording?
    /// A run with states over the same tokens, in the same chunks, that agrees with this one below a layer: what it has recorded
    /// of the layers there is taken over, to the bit what would be recorded again. Nil for a run of all layers.
    package var sharedBelow: SharedLayers?
    /// Whether what was recorded of earlier chunks stays in the snapshots; else they have the last one alone, and whoever
    /// gets them keeps what it wants.
    package var keepsChunks = true
    /// Asked before every layer, so that a run ends within a fraction of a second.
    package var isCancelled: @Sendable () -> Bool = { Task.isCancelled }

    private static let runs = Atomic<UInt64>(0)

    /// Runs a model under a scenario.
    /// - Parameters:
    ///   - model: what is run.
    ///   - scenario: from `Model.scenario`; nil for what the model's own configuration asks for.
    ///   - threads: processors to use; 0 for all.
    public init(model: Model, scenario: Scenario? = nil, threads: Int = 0) {
        self.init(model: model, scenario: scenario, threads: threads, keepsStates: false, chunkSize: nil)
    }

    /// - Parameters:
    ///   - threads: processors to use; 0 for all.
    ///   - chunkSize: tokens of a chunk, a multiple of 256; nil for what suits the text.
    package init(
        model: Model, scenario: Scenario? = nil, threads: Int = 0, keepsStates: Bool = false, chunkSize: Int? = nil
    ) {
        self.model = model
        self.scenario = scenario ?? model.defaultScenario
        workers = Workers(count: threads)
        self.keepsStates = keepsStates
        self.chunkSize = chunkSize
    }

    /// A number that no other run has.
    static func newRun() -> UInt64 { runs.wrappingAdd(1, ordering: .relaxed).newValue }

    /// The side of the blocks of the recorded map: at most 512 of them, so that the map stays small whatever the text.
    /// Smaller windows than a block are computed when they are asked for; below 64 keys a block costs the run more
    /// than it saves there.
    package static func poolBlock(tokens: Int) -> Int {
        var block = 64
        while block * 512 < tokens { block *= 2 }
        return block
    }

    /// Larger chunks make faster matrix products, smaller ones show something sooner: a chunk of a large model shall not
    /// take much longer than a second. Below 256 tokens it would cost too much to widen the weights again for each.
    /// - Parameter parameters: numbers of weights
    static func chunkSize(tokens: Int, parameters: Int) -> Int {
        let largest = parameters > 512 << 20 ? 256 : parameters > 64 << 20 ? 512 : 1024
        return min(largest, tokens > 4096 ? 1024 : 512)
    }

    /// Records tokens with the model's main stack: its decoder, or its encoder where it has no other.
    ///
    /// What it takes of memory and time is in ARCHITECTURE: the recording of books-4m has 10,116 bytes a token.
    /// - Parameters:
    ///   - ids: tokens of the model's vocabulary, at least one.
    ///   - progress: gets a snapshot after every chunk of 256 to 1,024 tokens and says whether to go on.
    /// - Returns: what the run has left behind of all tokens.
    /// - Throws: `ModelError.cancelled` when `progress` said no, or within a layer when the task that the run works for
    ///   is cancelled; before any work what makes tokens or scenario impossible for the model.
    public func record(
        _ ids: [Int32], progress: (Recording) -> Bool = { _ in true }
    ) throws(ModelError) -> Recording {
        let recordings = try record(ModelInputs(ids: ids)) { recordings in recordings.main.map(progress) ?? true }
        guard let main = recordings.main else { throw .noTokens }
        return main
    }

    /// Records everything that the model has: an encoder first, then the decoder that reads it.
    /// - Parameters:
    ///   - inputs: tokens, and what else the model takes.
    ///   - progress: gets a snapshot after every chunk and says whether to go on.
    /// - Returns: what the run has left behind of every kind of attention.
    /// - Throws: as with tokens alone.
    public func record(
        _ inputs: ModelInputs, progress: (Recordings) -> Bool = { _ in true }
    ) throws(ModelError) -> Recordings {
        try record(inputs, after: nil, progress: progress)
    }

    /// Goes on where a run of the same model over the same inputs was stopped; the result is to the bit that of a run
    /// that was not. A recording that was rounded has no keys to go on with, and one with a compressed memory no states.
    /// - Parameter stopped: what it left behind; another scenario or other tokens begin anew
    package func record(
        _ inputs: ModelInputs, after stopped: Recordings?, progress: (Recordings) -> Bool = { _ in true }
    ) throws(ModelError) -> Recordings {
        let inputs = try model.checked(inputs)
        try model.check(scenario, tokens: inputs.ids.count)
        let kept = recorded(of: inputs)
        if let kept, kept.isComplete || !model.hasWeights {
            let goesOn = progress(kept)
            if let problem = MappedFile.problem { throw .format(problem) }
            if kept.isComplete { return kept }
            throw goesOn ? model.endsEarly(kept) : .cancelled
        }
        guard model.hasWeights else { throw model.lacksRun(of: scenario, inputs) }
        let longest = [stopped, kept].compactMap { $0 }.max { $0.main?.tokens ?? 0 < $1.main?.tokens ?? 0 }
        let stopped = longest.flatMap { canGoOn(after: $0, inputs) ? $0 : nil }
        try checkMemory(inputs.ids.count, recorded: stopped?.main?.tokens ?? 0)
        let run = stopped?.main?.run ?? Self.newRun()
        var encoder = stopped?.encoder
        if encoder == nil { encoder = try recordEncoder(inputs, run: run, progress: progress) }
        guard let stack = model.architecture.decoder else {
            return Recordings(decoder: nil, encoder: encoder, cross: nil)
        }
        var ids = inputs.ids
        var crossing: StackRun.Crossing?
        if let encoder {
            ids = inputs.decoderIDs ?? model.decoderIDs(after: inputs.ids)
            crossing = StackRun.Crossing(
                setup: stopped?.cross?.setup
                    ?? setup(kind: .cross, inputs: inputs, queries: ids.count, keys: encoder.ids.count),
                states: model.encoderStates(encoder))
        }
        let text = RunText(ids: ids, embeddingAddition: model.embeddingAddition(scenario, tokens: ids.count))
        let recorded = try record(
            stack, kind: .decoder, text: text, inputs: inputs, crossing: crossing, run: run,
            after: stopped?.decoder.map { ($0, stopped?.cross) }
        ) { main, cross in progress(Recordings(decoder: main, encoder: encoder, cross: cross)) }
        return Recordings(decoder: recorded.main, encoder: encoder, cross: recorded.cross)
    }

    /// What a run of the model's encoder leaves behind; nil without one.
    func recordEncoder(
        _ inputs: ModelInputs, run: UInt64, progress: (Recordings) -> Bool
    ) throws(ModelError) -> Recording? {
        guard let stack = model.architecture.encoder else { return nil }
        return try record(
            stack, kind: .encoder, text: RunText(ids: inputs.ids, types: inputs.types), inputs: inputs, crossing: nil,
            run: run
        ) { main, _ in progress(Recordings(decoder: nil, encoder: main, cross: nil)) }.main
    }

    /// Whether what a run left behind is the beginning of this one: the same work, cut into the same chunks.
    private func canGoOn(after stopped: Recordings, _ inputs: ModelInputs) -> Bool {
        guard !keepsStates, scenario.slotMemory == nil, stopped.main?.isRounded == false,
            stopped.encoder?.isComplete ?? true,
            stopped.encoder.map({ $0.ids == inputs.ids }) ?? true,
            stopped.main?.scenario == scenario, (stopped.encoder == nil) == (model.architecture.encoder == nil)
        else { return false }
        guard let decoder = stopped.decoder else { return true }
        let ids = stopped.encoder == nil ? inputs.ids : inputs.decoderIDs ?? model.decoderIDs(after: inputs.ids)
        return decoder.ids == ids && !decoder.isComplete && decoder.shape == model.traits.shape(.decoder)
            && decoder.chunkSize == chunkLength(.decoder, tokens: ids.count)
    }

    /// Whether what is chosen for a token depends on later ones.
    var readsAhead: Bool {
        scenario.stateSelection?.readsAhead ?? model.traits.decoder.contains { $0.selection?.readsAhead ?? false }
    }

    /// Tokens of a chunk of a text; every token of an encoder reads every other, so all go through a layer together.
    func chunkLength(_ kind: AttentionKind, tokens count: Int) -> Int {
        let size =
            kind == .encoder || kind == .decoder && readsAhead
            ? (count + tileSize - 1) / tileSize * tileSize
            : chunkSize ?? Self.chunkSize(tokens: count, parameters: model.parameters)
        return max(size, Self.poolBlock(tokens: count))
    }

    /// A run that cannot fit ends before it begins: later, the system would end the process.
    func checkMemory(_ tokens: Int, recorded: Int) throws(ModelError) {
        let size = RecordingSize(
            model: model.traits, scenario: scenario, tokens: tokens, keepsChunks: keepsChunks)
        let bytes = size.bytes(after: recorded)
        guard let available = AvailableMemory.bytes, bytes > Double(available) else { return }
        let fitting = MemoryRoom(size: size).tokens(tokens, available: available)
        throw .memory(
            megabytes: Int(min(bytes / 1e6, 1e12)) + 1, available: available / 1_000_000, tokens: tokens,
            fitting: fitting)
    }

    /// What all chunks have in common.
    func setup(kind: AttentionKind, inputs: ModelInputs, queries: Int, keys: Int) -> RunSetup {
        RunSetup(
            model.traits, kind: kind, scenario: scenario, inputs: inputs, learned: model.learnedScores(kind),
            queries: queries, keys: keys)
    }

    private func record(
        _ stack: Stack, kind: AttentionKind, text: RunText, inputs: ModelInputs, crossing: StackRun.Crossing?,
        run: UInt64, after stopped: (main: Recording, cross: Recording?)? = nil,
        progress: (Recording, Recording?) -> Bool
    ) throws(ModelError) -> (main: Recording, cross: Recording?) {
        let count = text.ids.count
        let block = Self.poolBlock(tokens: count)
        let chunkSize = chunkLength(kind, tokens: count)
        let setup = stopped?.main.setup ?? setup(kind: kind, inputs: inputs, queries: count, keys: count)
        let stackRun = StackRun(
            stack, shape: model.traits.shape(kind), setup: setup, crossing: crossing, text: text,
            head: model.architecture.head,
            chunkSize: min(chunkSize, count), poolBlock: block, keepsStates: keepsStates, workers: workers)
        stackRun.inputsOf = inputsOf
        stackRun.sharedBelow = sharedBelow?.fitting(text.ids, chunkSize: chunkSize, in: stack)
        var chunks = stopped?.main.chunks ?? []
        var crossChunks = stopped?.cross?.chunks ?? []
        stackRun.restore(chunks)
        while true {
            let start = chunks.last?.tokens.upperBound ?? 0
            guard let (main, cross) = stackRun.step(start..<min(start + chunkSize, count), isCancelled: isCancelled)
            else { throw .cancelled }
            chunks.append(main)
            if let cross { crossChunks.append(cross) }
            func recording(_ kind: AttentionKind, _ setup: RunSetup, _ chunks: [RecordedChunk]) -> Recording {
                Recording(
                    shape: model.traits.shape(kind), kind: kind, scenario: scenario, ids: text.ids,
                    keyIDs: kind == .cross ? inputs.ids : text.ids, setup: setup, chunks: chunks,
                    crossKeys: kind == .cross ? stackRun.crossKeys : [], chunkSize: chunkSize, poolBlock: block,
                    run: run)
            }
            let recorded = recording(kind, setup, chunks)
            let crossRecorded = crossing.map { recording(.cross, $0.setup, crossChunks) }
            if let problem = MappedFile.problem { throw .format(problem) }
            let goesOn = progress(recorded, crossRecorded)
            if recorded.isComplete { return (recorded, crossRecorded) }
            if !goesOn { throw .cancelled }
            guard !keepsChunks, let last = chunks.indices.last else { continue }
            chunks[last] = chunks[last].hollow
            for index in crossChunks.indices.suffix(1) { crossChunks[index] = crossChunks[index].hollow }
        }
    }
}

import RopewalkKernels
import RopewalkMethods

/// A run of a decoder that takes further tokens behind those that it has had: keys and values, states and choices of all of
/// them are there.
final class SteppedRun {
    private let recorder: Recorder
    private let run: StackRun
    private let setup: RunSetup
    private let crossing: StackRun.Crossing?
    private let encoder: Recording?
    private let chunkSize: Int
    private let poolBlock: Int
    private let number = Recorder.newRun()
    private(set) var ids: [Int32]
    /// Tokens that it has room for.
    private let room: Int
    private var chunks: [RecordedChunk] = []
    private var crossChunks: [RecordedChunk] = []
    private var tail: ChunkTail
    private var crossTail: ChunkTail?

    private var shape: ModelShape { recorder.model.traits.shape(.decoder) }
    private var precision: RecordingPrecision { recorder.model.traits.precision }

    /// - Parameters:
    ///   - setup: with room for all tokens to come
    ///   - ids: of the decoder, at least one, none of which is run yet
    ///   - chunkSize: as a run over them has it
    init(
        _ recorder: Recorder, _ stack: Stack, setup: RunSetup, crossing: StackRun.Crossing?, encoder: Recording?,
        ids: [Int32], chunkSize: Int, poolBlock: Int
    ) {
        self.recorder = recorder
        self.setup = setup
        self.crossing = crossing
        self.encoder = encoder
        self.ids = ids
        self.chunkSize = chunkSize
        self.poolBlock = poolBlock
        room = setup.queries
        let traits = recorder.model.traits
        let text = RunText(
            ids: ids, embeddingAddition: recorder.model.embeddingAddition(recorder.scenario, tokens: setup.queries))
        run = StackRun(
            stack, shape: traits.shape(.decoder), setup: setup, crossing: crossing, text: text,
            head: recorder.model.architecture.head, chunkSize: min(chunkSize, room), poolBlock: poolBlock,
            keepsStates: false, workers: recorder.workers)
        tail = ChunkTail(
            start: 0, shape: traits.shape(.decoder), precision: traits.precision, poolBlock: poolBlock)
        crossTail = crossing.map { _ in
            ChunkTail(start: 0, shape: traits.shape(.decoder), precision: traits.precision, poolBlock: poolBlock)
        }
    }

    /// Takes over what another run has recorded of the first tokens.
    /// - Parameters:
    ///   - old: whole chunks, of which the last may have fewer tokens
    ///   - cross: the same of what the decoder reads of an encoder
    func restore(_ old: [RecordedChunk], cross: [RecordedChunk]) {
        run.restore(old)
        for chunk in old { keep(chunk, nil) }
        for chunk in cross { keepCross(chunk) }
        setLastLoss(.nan)
    }

    /// Tokens that are recorded.
    var recorded: Int { tail.start + tail.count }

    /// Adds tokens, which are not run yet.
    func extend(by added: [Int32]) {
        ids += added
        run.extend(by: added)
    }

    /// Runs the next tokens, up to the end of a chunk; false where it was cancelled on the way, after which the run is of no
    /// more use, and has the tokens that are recorded.
    func step() -> Bool {
        let start = recorded
        let tokens = start..<min(ids.count, (start / chunkSize + 1) * chunkSize)
        // The last token's loss is known when the next one is, from logits that are made anyway.
        let hasLosses = tokens.count > 1 || tokens.upperBound < ids.count
        guard let piece = run.step(tokens, hasLosses: hasLosses, isCancelled: recorder.isCancelled) else {
            ids.removeSubrange(start...)
            setLastLoss(.nan)
            return false
        }
        keep(piece.main, piece.cross)
        return true
    }

    /// −ln p of what follows the last recorded token.
    func setLastLoss(_ loss: Float) {
        tail.setLastLoss(loss)
        crossTail?.setLastLoss(loss)
    }

    private func newTail(at start: Int) -> ChunkTail {
        ChunkTail(start: start, shape: shape, precision: precision, poolBlock: poolBlock)
    }

    private func keep(_ piece: RecordedChunk, _ cross: RecordedChunk?) {
        if tail.count == chunkSize {
            chunks.append(tail.chunk)
            tail = newTail(at: tail.start + tail.count)
        }
        tail.append(piece)
        if let cross { keepCross(cross) }
    }

    private func keepCross(_ piece: RecordedChunk) {
        if let full = crossTail, full.count == chunkSize {
            crossChunks.append(full.chunk)
            crossTail = newTail(at: full.start + full.count)
        }
        crossTail?.append(piece)
    }

    /// What is recorded so far.
    var recordings: Recordings {
        let count = ids.count
        func recording(_ kind: AttentionKind, _ setup: RunSetup, _ chunks: [RecordedChunk]) -> Recording {
            Recording(
                shape: recorder.model.traits.shape(kind), kind: kind, scenario: recorder.scenario, ids: ids,
                keyIDs: kind == .cross ? encoder?.ids ?? [] : ids,
                setup: setup.sized(queries: count, keys: kind == .cross ? setup.keys : count), chunks: chunks,
                crossKeys: kind == .cross ? run.crossKeys : [], chunkSize: chunkSize, poolBlock: poolBlock, run: number)
        }
        let cross = crossing.flatMap { crossing in
            crossTail.map { recording(.cross, crossing.setup, crossChunks + ($0.count > 0 ? [$0.chunk] : [])) }
        }
        return Recordings(
            decoder: recording(.decoder, setup, chunks + (tail.count > 0 ? [tail.chunk] : [])), encoder: encoder,
            cross: cross)
    }

    /// After the final norm, of the last recorded token.
    var lastHidden: [Float] { tail.lastState }
}

import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// A run that is continued: tokens are added behind those that it has read, and it says what it expects next.
///
/// What it has recorded is at every time what a run over all tokens so far leaves behind: the same work on the same numbers,
/// but products with one row sum up in another order than those with many, so that numbers differ by rounding of float32.
/// Where what is recorded of earlier tokens would change as the text grows, every step runs the whole text again
/// (`recomputes` says why).
///
/// One thread at a time may use it.
package final class Continuation {
    private var recorder: Recorder
    private var inputs: ModelInputs
    private let head: OutputHead
    private var stepped: SteppedRun?
    private var whole: Recordings?
    /// Tokens that `stepped` has room for.
    private var capacity = 0
    /// All tokens of the decoder so far.
    package private(set) var ids: [Int32]
    /// Why every step runs the whole text again; nil where the run goes on from keys and values.
    package private(set) var recomputes: String?
    /// Of what follows the last token. [vocabulary]
    package private(set) var logits: [Float] = []

    private var model: Model { recorder.model }

    /// Reads the tokens that are there.
    /// - Parameters:
    ///   - recorder: the model and the scenario.
    ///   - inputs: of a model with an encoder, what that reads, and of its decoder `decoderIDs`.
    ///   - room: how many tokens are expected to follow; more cost a new beginning on the way.
    ///   - recordings: of a run of the model, whose tokens need not be read again as far as they are the same; nil for none.
    ///   - progress: gets a snapshot after every chunk that is read and says whether to go on.
    /// - Throws: `ModelError.cannotGenerate` for a model that predicts no next token, and what a run may throw.
    package init(
        _ recorder: Recorder, inputs: ModelInputs, room: Int, after recordings: Recordings? = nil,
        progress: (Recordings) -> Bool = { _ in true }
    ) throws(ModelError) {
        head = try recorder.model.generatingHead()
        self.recorder = recorder
        self.inputs = try recorder.model.checked(inputs)
        ids =
            recorder.model.architecture.encoder == nil
            ? inputs.ids : inputs.decoderIDs ?? recorder.model.decoderIDs(after: inputs.ids)
        try recorder.model.check(recorder.scenario, tokens: ids.count)
        try begin(room: max(1, room), after: recordings, progress: progress)
    }

    /// Asked before every layer, so that a step ends within a fraction of a second.
    package var isCancelled: @Sendable () -> Bool { recorder.isCancelled }

    /// What has been recorded so far.
    package var recordings: Recordings {
        stepped?.recordings ?? whole ?? Recordings(decoder: nil, encoder: nil, cross: nil)
    }

    /// Adds tokens and reads them.
    /// - Throws: `ModelError.tooLong` where the model has no place for them, `.token` for one that it has not, `.cancelled`,
    ///   after which the continuation has the tokens that it had read and takes no more.
    package func append(_ added: [Int32]) throws(ModelError) {
        guard !added.isEmpty else { return }
        try model.checkVocabulary(added)
        let count = ids.count + added.count
        if let limit = model.traits.limit, count > limit { throw .tooLong(tokens: count, limit: limit) }
        guard let stepped else {
            ids += added
            return try runAgain { _ in true }
        }
        if count > capacity {
            let before = stepped.recordings
            try begin(room: max(added.count, ids.count), after: before) { _ in true }
            return try append(added)
        }
        stepped.setLastLoss(Likelihood.negativeLog(of: Int(added[0]), in: logits))
        stepped.extend(by: added)
        try readOn(stepped) { _ in true }
    }

    /// ln p of a token that may follow, nats; NaN for one that the model has not.
    package func logProbability(of id: Int32) -> Float { -Likelihood.negativeLog(of: Int(id), in: logits) }

    // MARK: Beginning

    private func begin(
        room: Int, after old: Recordings?, progress: (Recordings) -> Bool
    ) throws(ModelError) {
        guard let stack = model.architecture.decoder else { return }
        let count = ids.count
        let (sum, isTooLarge) = count.addingReportingOverflow(room)
        capacity = min(isTooLarge ? .max : sum, model.traits.limit ?? .max)
        try recorder.checkMemory(capacity, recorded: 0)
        let encoder = try encoderRecording(after: old, progress: progress)
        let setup = recorder.setup(kind: .decoder, inputs: inputs, queries: capacity, keys: capacity)
        recomputes = obstacle(to: setup, count: count)
        guard recomputes == nil else {
            stepped = nil
            whole = encoder.map { Recordings(decoder: nil, encoder: $0, cross: nil) }
            return try runAgain(progress)
        }
        var crossing: StackRun.Crossing?
        if let encoder {
            crossing = StackRun.Crossing(
                setup: recorder.setup(kind: .cross, inputs: inputs, queries: capacity, keys: encoder.ids.count),
                states: model.encoderStates(encoder))
        }
        var kept: Kept?
        if let old { kept = self.kept(of: old, setup: setup) }
        let run = SteppedRun(
            recorder, stack, setup: setup, crossing: crossing, encoder: encoder, ids: ids,
            chunkSize: kept?.chunkSize ?? recorder.chunkLength(.decoder, tokens: capacity),
            poolBlock: kept?.poolBlock ?? Recorder.poolBlock(tokens: capacity))
        if let kept { run.restore(kept.main, cross: kept.cross) }
        stepped = run
        // What was taken over ends before a token whose loss it does not know yet.
        if run.recorded > 0, run.recorded < run.ids.count {
            let logits = run.lastHidden.isEmpty ? [] : logits(after: run.lastHidden)
            run.setLastLoss(Likelihood.negativeLog(of: Int(run.ids[run.recorded]), in: logits))
        }
        try readOn(run, progress: progress)
    }

    /// Runs the tokens that are not recorded yet.
    private func readOn(_ run: SteppedRun, progress: (Recordings) -> Bool) throws(ModelError) {
        while run.recorded < run.ids.count {
            guard run.step() else {
                ids = run.ids
                throw .cancelled
            }
            if let problem = MappedFile.problem { throw .format(problem) }
            if run.recorded < run.ids.count, !progress(run.recordings) { throw .cancelled }
        }
        ids = run.ids
        logits = logits(after: run.lastHidden)
    }

    /// Runs all tokens.
    private func runAgain(_ progress: (Recordings) -> Bool) throws(ModelError) {
        var inputs = inputs
        if model.architecture.encoder == nil { inputs.ids = ids } else { inputs.decoderIDs = ids }
        let encoder = whole?.encoder.map { Recordings(decoder: nil, encoder: $0, cross: nil) }
        whole = try recorder.record(inputs, after: encoder, progress: progress)
        guard let decoder = whole?.decoder, let state = decoder.lastHidden(of: ids.count - 1) else { return }
        logits = logits(after: Array(state))
    }

    /// [vocabulary]
    private func logits(after state: [Float]) -> [Float] {
        let row = Matrix(rows: 1, columns: state.count)
        row.setRow(0, to: state[...])
        return Likelihood.logits(
            hidden: head.prepare(row, rows: 1, workers: recorder.workers), rows: 1, output: head.weights,
            softcap: head.softcap, workers: recorder.workers
        ).copy(rows: 0..<1)
    }

    // MARK: What can be taken over

    private func obstacle(to setup: RunSetup, count: Int) -> String? {
        do throws(ModelError) { try model.check(recorder.scenario, tokens: capacity) } catch {
            return error.description
        }
        let own = recorder.setup(kind: .decoder, inputs: inputs, queries: count, keys: count)
        return setup.growthObstacle(from: own, tokens: count)
    }

    private func encoderRecording(
        after old: Recordings?, progress: (Recordings) -> Bool
    ) throws(ModelError) -> Recording? {
        if let encoder = old?.encoder, encoder.isComplete, !encoder.isRounded, encoder.ids == inputs.ids,
            encoder.scenario == recorder.scenario, encoder.shape == model.traits.shape(.encoder),
            encoder.setup.present == inputs.presentKeys
        {
            return encoder
        }
        return try recorder.recordEncoder(inputs, run: Recorder.newRun(), progress: progress)
    }

    /// The chunks of another run that this one would record alike.
    private struct Kept {
        let main: [RecordedChunk]
        let cross: [RecordedChunk]
        let chunkSize: Int
        let poolBlock: Int
    }

    private func kept(of old: Recordings, setup: RunSetup) -> Kept? {
        guard let decoder = old.decoder, !decoder.isRounded, recorder.scenario.slotMemory == nil,
            decoder.scenario == recorder.scenario, decoder.shape == model.traits.shape(.decoder),
            decoder.chunkSize % max(tileSize, decoder.poolBlock) == 0,
            (old.encoder == nil) == (model.architecture.encoder == nil),
            old.encoder.map({ $0.ids == inputs.ids && $0.setup.present == inputs.presentKeys }) ?? true
        else { return nil }
        let common = zip(decoder.ids, ids).prefix { $0 == $1 }.count
        let main = Array(decoder.chunks.prefix { $0.tokens.upperBound <= common })
        guard let end = main.last?.tokens.upperBound, setup.turnsAlike(decoder.setup, tokens: end) else { return nil }
        return Kept(
            main: main, cross: Array((old.cross?.chunks ?? []).prefix(main.count)), chunkSize: decoder.chunkSize,
            poolBlock: decoder.poolBlock)
    }
}

extension Model {
    /// What makes logits of the last states.
    /// - Throws: `ModelError.cannotGenerate` for a model that predicts no next token.
    func generatingHead() throws(ModelError) -> OutputHead {
        try requireWeights(for: say("a text is continued with them"))
        guard architecture.decoder != nil else {
            throw .cannotGenerate(model: name, say("reads a text from both sides and has no decoder"))
        }
        guard let head = architecture.head else {
            throw .cannotGenerate(model: name, say("has no language head"))
        }
        return head
    }
}

import RopewalkKernels
import RopewalkPhrases

/// The states of one recorded token between the blocks, made again from what its heads read: a recording does not keep them.
package struct TokenReplay: Sendable {
    private let model: Model
    private let stack: Stack
    private let shape: ModelShape
    private let setup: RunSetup
    private let workers: Workers
    package let token: Int
    /// Before the first block, then after each one that is done. [hidden]
    package private(set) var states: [[Float]]
    /// What attention did in each block that is done.
    package private(set) var attended: [Attended] = []

    package struct Attended: Equatable, Sendable {
        /// What the output projection makes of all heads, its bias among it. [hidden]
        package let projected: [Float]
        /// The state with it, before the feed-forward layer; nil where both are added together. [hidden]
        package let state: [Float]?
    }

    /// Nil where the recording has no such token, or the model cannot be replayed (`replayObstacle`).
    package init?(of token: Int, in recording: Recording, model: Model, threads: Int) {
        guard model.replayObstacle == nil, let stack = model.architecture.decoder, recording.kind == .decoder,
            recording.place(of: token) != nil, recording.shape == model.traits.shape(.decoder)
        else { return nil }
        self.model = model
        self.stack = stack
        self.token = token
        shape = recording.shape
        setup = recording.setup
        workers = Workers(count: threads)
        let stream = Matrix(rows: 1, columns: shape.hidden)
        stack.embedding.fill(
            stream, ids: recording.ids, tokens: token..<token + 1, types: nil,
            addition: model.embeddingAddition(recording.scenario, tokens: recording.ids.count), workers: workers)
        states = [stream.copy(rows: 0..<1)]
    }

    package var isComplete: Bool { states.count > stack.blocks.count }
    /// The block that the token comes to next.
    package var block: Int { states.count - 1 }

    /// Goes through one block.
    /// - Parameter context: what its heads give, one after the other. [head · dimension]
    package mutating func step(context: [Float]) {
        guard !isComplete, context.count == shape.heads * shape.headDimension,
            let attention = stack.blocks[block].mixer.attention
        else { return }
        let run = BlockRun(rows: 1, hidden: shape.hidden, intermediate: shape.intermediate, workers: workers)
        run.stream.setRow(0, to: states[block][...])
        let given = Matrix(rows: 1, columns: context.count)
        given.setRow(0, to: context[...])
        given.clearColumns(of: setup.headsLeftOut(block), width: shape.headDimension, rows: 1)
        let isLeftOut = setup.leavesOutAttention(block)
        let projected = run.attend(stack.blocks[block], isLeftOut: isLeftOut, count: 1) { _, output in
            let narrowed = attention.narrowed(given, rows: 1, shape: shape)
            attention.output.apply(to: narrowed, rows: 1, output: output, workers: workers)
            if isLeftOut { output.clear(rows: 1) }
            return output.copy(rows: 0..<1)
        }
        let isParallel = stack.blocks[block].arrangement == .parallel
        attended.append(Attended(projected: projected, state: isParallel ? nil : run.stream.copy(rows: 0..<1)))
        var routed: [Int] = []
        _ = run.feedForward(
            stack.blocks[block], isLeftOut: setup.leavesOutFeedForward(block), count: 1, routed: &routed)
        states.append(run.stream.copy(rows: 0..<1))
    }

    /// A state as the model's last norm leaves it. [hidden]
    private func finished(_ state: Int) -> [Float] {
        let run = BlockRun(rows: 1, hidden: shape.hidden, intermediate: 1, workers: workers)
        run.stream.setRow(0, to: states[state][...])
        return run.finished(by: stack.finalNorm, count: 1).copy(rows: 0..<1)
    }

    /// ln p of every token, if the model ended after so many blocks. [vocabulary]
    package func logProbabilities(after blocks: Int) -> [Float]? {
        guard let head = model.architecture.head, states.indices.contains(blocks) else { return nil }
        return Likelihood.logProbabilities(
            hidden: head.prepare(finished(blocks)[...]), output: head.weights, softcap: head.softcap)
    }

    /// How far the last state is from the recorded one, as a share of its length; nil before the last block.
    package func deviation(from recording: Recording) -> Float? {
        guard isComplete, let recorded = recording.lastHidden(of: token) else { return nil }
        let made = finished(stack.blocks.count)
        let (off, all) = zip(made, recorded).reduce((Float(0), Float(0))) { sum, pair in
            (sum.0 + (pair.0 - pair.1) * (pair.0 - pair.1), sum.1 + pair.1 * pair.1)
        }
        return all > 0 ? (off / all).squareRoot() : 0
    }
}

extension Model {
    /// Why its states between the blocks cannot be made again for one token; nil where they can.
    package var replayObstacle: String? {
        if !hasWeights { return say("a recording has no weights: the logit lens reads them (--model names the model)") }
        guard kinds == [.decoder], let decoder = architecture.decoder, hasHead else {
            return say("the logit lens reads the layers of a decoder alone with a language head, and \(name) is none")
        }
        if decoder.altUp != nil || decoder.isReversible {
            return say("\(name) has several streams beside each other: a logit lens of one of them would say nothing")
        }
        if decoder.blocks.contains(where: { $0.feedForward.countsTokens }) {
            return say("experts of \(name) turn tokens away by how many they have had: one token alone is another")
        }
        if decoder.blocks.contains(where: { $0.mixer.recurrent != nil }) {
            return say("layers of \(name) keep a state that goes from token to token: one token alone is another")
        }
        return nil
    }
}

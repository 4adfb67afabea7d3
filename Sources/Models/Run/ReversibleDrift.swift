import RopewalkKernels
import RopewalkMethods

/// How far the states of reversible layers are off that are made again from those behind the last layer, as training does
/// in place of keeping them: in float32 the inverse is not exact.
package struct ReversibleDrift: Equatable, Sendable {
    /// The largest difference of any number of both streams, before each layer, the first one first. [layer]
    package let errors: [Float]
    /// The largest number of both streams there. [layer]
    package let sizes: [Float]
}

extension Model {
    /// Goes through all layers and back; nil for a model whose layers are not reversible.
    ///
    /// Both streams of all layers are in memory at once. Buckets are those of the way there, as in training.
    package func reversibleDrift(_ ids: [Int32], threads: Int) throws(ModelError) -> ReversibleDrift? {
        guard let stack = architecture.decoder, stack.isReversible else { return nil }
        let inputs = try checked(ModelInputs(ids: ids))
        try check(defaultScenario, tokens: ids.count)
        let run = ReversibleRun(self, stack, inputs: inputs, threads: threads)
        var states = [run.first]
        for index in stack.blocks.indices {
            states.append(states[index].forward({ run.attend(index, $0) }, { run.feedForward(index, $0) }))
        }
        var back = states[stack.blocks.count]
        var errors: [Float] = []
        for index in stack.blocks.indices.reversed() {
            back = back.inverse({ run.attend(index, $0) }, { run.feedForward(index, $0) })
            errors.append(back.distance(to: states[index]))
        }
        return ReversibleDrift(errors: errors.reversed(), sizes: states.dropLast().map(\.largest))
    }
}

/// The parts of reversible blocks over a text in one piece, each as a function of one stream. [token · hidden]
private final class ReversibleRun {
    private let stack: Stack
    private let hidden: Int
    private let count: Int
    private let attention: AttentionRun
    private let scratch: FeedForward.Scratch
    private let normed: Matrix
    private let update: Matrix
    private let workers: Workers
    /// What both streams begin with.
    let first: ReversiblePair

    init(_ model: Model, _ stack: Stack, inputs: ModelInputs, threads: Int) {
        self.stack = stack
        let shape = model.traits.shape(.decoder)
        let workers = Workers(count: threads)
        let count = inputs.ids.count
        let recorder = Recorder(model: model, threads: threads)
        let setup = recorder.setup(kind: .decoder, inputs: inputs, queries: count, keys: count)
        attention = AttentionRun(
            stack, shape: shape, setup: setup, crossing: nil, chunkSize: count,
            poolBlock: Recorder.poolBlock(tokens: count), cached: count, workers: workers)
        attention.begin(0..<count, inductionKeys: Array(repeating: -1, count: count))
        scratch = FeedForward.Scratch(rows: count, intermediate: shape.intermediate)
        normed = Matrix(rows: count, columns: shape.hidden)
        update = Matrix(rows: count, columns: shape.hidden)
        let stream = Matrix(rows: count, columns: shape.hidden)
        stack.embedding.fill(
            stream, ids: inputs.ids, tokens: 0..<count, types: nil, addition: nil, workers: workers)
        let states = stream.copy(rows: 0..<count)
        first = ReversiblePair(first: states, second: states)
        hidden = shape.hidden
        self.count = count
        self.workers = workers
    }

    func attend(_ index: Int, _ states: [Float]) -> [Float] {
        norm(states, by: stack.blocks[index].attentionNorm)
        // Reversible layers are those of Reformer, which have attention all of them.
        guard let layer = stack.blocks[index].mixer.attention else {
            return Array(repeating: 0, count: count * hidden)
        }
        _ = attention.attend(index, layer, input: normed, states: normed, into: update)
        return update.copy(rows: 0..<count)
    }

    func feedForward(_ index: Int, _ states: [Float]) -> [Float] {
        norm(states, by: stack.blocks[index].feedForwardNorm)
        var routed: [Int] = []
        _ = stack.blocks[index].feedForward.apply(
            to: normed, rows: count, into: update, scratch: scratch, routed: &routed, workers: workers)
        return update.copy(rows: 0..<count)
    }

    private func norm(_ states: [Float], by norm: Norm?) {
        for row in 0..<count { normed.setRow(row, to: states[row * hidden..<(row + 1) * hidden]) }
        // A row is read whole before it is written, so that it may be its own result.
        norm?.apply(to: normed, rows: count, into: normed, workers: workers)
    }
}

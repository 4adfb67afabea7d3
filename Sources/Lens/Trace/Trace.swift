import Foundation
import RopewalkKernels
import RopewalkModels

/// The tensors of a complete run, handed out in parts so that none is ever whole in memory.
package struct Trace: Sendable {
    package let model: Model
    package let recordings: Recordings
    package let selection: TraceSelection
    package let tensors: [TraceTensor]
    private let lenses: [AttentionKind: Lens]
    private let workers: Workers
    /// Tokens of a part.
    private static let slab = 128

    package init(model: Model, recordings: Recordings, selection: TraceSelection, threads: Int = 0) {
        self.model = model
        self.recordings = recordings
        self.selection = selection
        tensors = selection.tensors(of: recordings, model: model)
        lenses = Dictionary(
            recordings.kinds.compactMap { kind in recordings[kind].map { (kind, Lens(recording: $0, threads: threads)) }
            },
            uniquingKeysWith: { first, _ in first })
        workers = Workers(count: threads)
    }

    /// Behind the last norm; of two streams before it, as the states between their layers are those of the second one.
    private func last(_ chunk: RecordedChunk, _ shape: ModelShape) -> [Float] {
        chunk.lastWidth == shape.hidden ? chunk.lastHidden.array : chunk.lastBlockOutput ?? []
    }

    /// Calls `body` with the numbers of a tensor, part by part, in the order of its axes.
    package func forEachPart<Failure: Error>(
        of tensor: TraceTensor, _ body: ([Float]) throws(Failure) -> Void
    ) throws(Failure) {
        guard let lens = lenses[tensor.stack] else { return }
        let recording = lens.recording
        let shape = recording.shape
        let index = tensor.index ?? 0
        switch tensor.kind {
        case .logits: try forEachLogits(recording, body)
        case .attentions:
            for head in selection.heads(of: shape) {
                try forEachRow(lens, layer: index, head: head, body)
            }
        case .hiddenStates:
            for chunk in recording.chunks {
                try body(index < shape.layers ? chunk.layers[index].input ?? [] : last(chunk, shape))
            }
        case .lastBlockOutput: for chunk in recording.chunks { try body(chunk.lastBlockOutput ?? []) }
        case .lastHiddenState: for chunk in recording.chunks { try body(chunk.lastHidden.array) }
        case .poolerOutput: try body(model.pooled(recording) ?? [])
        case .routerLogits: try forEachRouter(recording, index, body) { $0.logits }
        case .routerExperts: try forEachRouter(recording, index, body) { $0.experts.map { Float($0) } }
        case .routerWeights: try forEachRouter(recording, index, body) { $0.weights }
        case .queries:
            for head in selection.heads(of: shape) {
                try forEachState(recording.tokens, body) { query(recording, index, head, $0) }
            }
        case .keys:
            for head in selection.keyValueHeads(of: shape) {
                try forEachState(recording.keyTokens, body) { key(recording, index, head, $0) }
            }
        case .values:
            for head in selection.keyValueHeads(of: shape) {
                try forEachState(recording.keyTokens, body) {
                    Array(recording.value(layer: index, keyValueHead: head, token: $0) ?? [])
                }
            }
        case .logSumExp:
            for head in selection.heads(of: shape) {
                try forEachState(recording.tokens, body) { token in
                    // The sum of no terms is 0; a run keeps +infinity there, so that weights made with it are 0.
                    let sum = recording.measure(\.logSumExp, layer: index, head: head, query: token) ?? .nan
                    return [sum == .infinity ? -.infinity : sum]
                }
            }
        case .negativeLogLikelihood: try body(recording.negativeLogLikelihood)
        case .mixerSteps, .mixerInputs, .mixerWrites, .mixerReads, .mixerOutputs:
            for chunk in recording.chunks {
                guard let mixer = chunk.layers[index].mixer else { return }
                try body(tensor.kind.ofMixer.map { mixer[keyPath: $0].floats } ?? mixer.outputs ?? [])
            }
        }
    }

    /// Turned by its position, as scores are made of it; of positions with several pieces, by the first, and where a selection
    /// takes keys to other places, as the text has it.
    private func query(_ recording: Recording, _ layer: Int, _ head: Int, _ token: Int) -> [Float] {
        let state = recording.query(layer: layer, head: head, token: token) ?? []
        return recording.setup.positions(layer).pieces[0].queries.rotated(Array(state), position: token)
    }

    private func key(_ recording: Recording, _ layer: Int, _ head: Int, _ token: Int) -> [Float] {
        let state = recording.key(layer: layer, keyValueHead: head, token: token) ?? []
        return recording.setup.positions(layer).keys[0].rotated(state, position: token)
    }

    private func forEachLogits<Failure: Error>(
        _ recording: Recording, _ body: ([Float]) throws(Failure) -> Void
    ) throws(Failure) {
        for slab in slabs(selection.rows(of: recording)) {
            guard let logits = model.logits(after: slab, in: recording, workers: workers) else { return }
            for row in 0..<slab.count { try body(logits.copy(rows: row..<row + 1)) }
        }
    }

    private func forEachRow<Failure: Error>(
        _ lens: Lens, layer: Int, head: Int, _ body: ([Float]) throws(Failure) -> Void
    ) throws(Failure) {
        let keys = lens.recording.keyTokens
        for slab in slabs(selection.rows(of: lens.recording)) {
            for row in lens.rows(layer: layer, head: head, queries: Array(slab)) {
                try body(row.weights + [Float](repeating: 0, count: keys - row.weights.count))
            }
        }
    }

    private func forEachRouter<Failure: Error>(
        _ recording: Recording, _ layer: Int, _ body: ([Float]) throws(Failure) -> Void,
        _ values: (RouterChoice) -> [Float]
    ) throws(Failure) {
        for chunk in recording.chunks {
            if let router = chunk.layers[layer].router { try body(values(router)) }
        }
    }

    private func forEachState<Failure: Error>(
        _ tokens: Int, _ body: ([Float]) throws(Failure) -> Void, _ state: (Int) -> [Float]
    ) throws(Failure) {
        for slab in slabs(0..<tokens) { try body(slab.flatMap(state)) }
    }

    private func slabs(_ range: Range<Int>) -> [Range<Int>] {
        stride(from: range.lowerBound, to: range.upperBound, by: Self.slab).map {
            $0..<min($0 + Self.slab, range.upperBound)
        }
    }
}

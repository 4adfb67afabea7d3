import Kernels
import Models

/// The tensors of a complete recording, handed out in parts so that none is ever whole in memory.
public struct Trace: Sendable {
    public let model: Model
    public let recording: Recording
    public let selection: TraceSelection
    private let lens: Lens
    private let workers: Workers
    /// Tokens of a part.
    private static let slab = 128

    public init(model: Model, recording: Recording, selection: TraceSelection, threads: Int = 0) {
        self.model = model
        self.recording = recording
        self.selection = selection
        lens = Lens(recording: recording, threads: threads)
        workers = Workers(count: threads)
    }

    private var shape: ModelShape { recording.shape }

    /// Calls `body` with the numbers of a tensor, part by part, in the order of its axes.
    public func forEachPart<Failure: Error>(
        of tensor: TraceTensor, _ body: ([Float]) throws(Failure) -> Void
    ) throws(Failure) {
        let index = tensor.index ?? 0
        switch tensor.kind {
        case .logits: try forEachLogits(body)
        case .attentions: for head in selection.heads { try forEachRow(layer: index, head: head, body) }
        case .hiddenStates:
            for chunk in recording.chunks {
                try body(index < shape.layers ? chunk.layers[index].input ?? [] : chunk.lastHidden)
            }
        case .lastBlockOutput: for chunk in recording.chunks { try body(chunk.lastBlockOutput ?? []) }
        case .queries: for head in 0..<shape.heads { try forEachState(body) { query(index, head, $0) } }
        case .keys: for head in 0..<shape.keyValueHeads { try forEachState(body) { key(index, head, $0) } }
        case .values:
            for head in 0..<shape.keyValueHeads {
                try forEachState(body) { Array(recording.value(layer: index, keyValueHead: head, token: $0) ?? []) }
            }
        case .logSumExp:
            for head in 0..<shape.heads {
                try forEachState(body) { token in
                    [recording.measure(\.logSumExp, layer: index, head: head, query: token) ?? .nan]
                }
            }
        case .negativeLogLikelihood:
            try body(Array(recording.chunks.flatMap(\.negativeLogLikelihood).prefix(recording.tokens - 1)))
        }
    }

    /// Turned by its position, as scores are made of it.
    private func query(_ layer: Int, _ head: Int, _ token: Int) -> [Float] {
        let state = recording.query(layer: layer, head: head, token: token) ?? []
        return recording.table.rotated(Array(state), position: token)
    }

    private func key(_ layer: Int, _ head: Int, _ token: Int) -> [Float] {
        let state = recording.key(layer: layer, keyValueHead: head, token: token) ?? []
        return recording.table.rotated(state, position: token)
    }

    private func forEachLogits<Failure: Error>(_ body: ([Float]) throws(Failure) -> Void) throws(Failure) {
        for slab in slabs(0..<recording.tokens) {
            for logits in workers.map(slab.count, { model.logits(after: slab.lowerBound + $0, in: recording) ?? [] }) {
                try body(logits)
            }
        }
    }

    private func forEachRow<Failure: Error>(
        layer: Int, head: Int, _ body: ([Float]) throws(Failure) -> Void
    ) throws(Failure) {
        for slab in slabs(selection.rows) {
            for row in lens.rows(layer: layer, head: head, queries: Array(slab)) {
                try body(row.weights + [Float](repeating: 0, count: recording.tokens - row.weights.count))
            }
        }
    }

    private func forEachState<Failure: Error>(
        _ body: ([Float]) throws(Failure) -> Void, _ state: (Int) -> [Float]
    ) throws(Failure) {
        for slab in slabs(0..<recording.tokens) { try body(slab.flatMap(state)) }
    }

    private func slabs(_ range: Range<Int>) -> [Range<Int>] {
        stride(from: range.lowerBound, to: range.upperBound, by: Self.slab).map {
            $0..<min($0 + Self.slab, range.upperBound)
        }
    }
}

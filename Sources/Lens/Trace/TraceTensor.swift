import RopewalkKernels
import RopewalkModels

/// A kind of tensor that a trace can hold, by the name that files use.
package enum TraceKind: String, CaseIterable, Sendable {
    case logits
    case attentions
    case hiddenStates = "hidden_states"
    case lastBlockOutput = "last_block_output"
    case lastHiddenState = "last_hidden_state"
    case poolerOutput = "pooler_output"
    case routerLogits = "router_logits"
    case routerExperts = "router_experts"
    case routerWeights = "router_weights"
    case queries
    case keys
    case values
    case logSumExp = "logsumexp"
    case negativeLogLikelihood = "nll"
    /// Of recurrent mixers: Δ or RWKV's keys, what the state takes in, B and C, and what it gives before its gate.
    case mixerSteps = "mixer_steps"
    case mixerInputs = "mixer_inputs"
    case mixerWrites = "mixer_writes"
    case mixerReads = "mixer_reads"
    case mixerOutputs = "mixer_outputs"

    /// Whether the recording must keep the states between the blocks.
    package var needsStates: Bool { [.hiddenStates, .lastBlockOutput, .mixerOutputs].contains(self) }

    /// Whether a recording in files has it without the weights of its model.
    package var isRecorded: Bool {
        [.attentions, .queries, .keys, .values, .logSumExp, .negativeLogLikelihood].contains(self)
    }

    /// What a recurrent mixer leaves behind; nil for other kinds.
    var ofMixer: KeyPath<RecordedMixer, RecordedNumbers>? {
        switch self {
        case .mixerSteps: \.steps
        case .mixerInputs: \.inputs
        case .mixerWrites: \.writes
        case .mixerReads: \.reads
        case .logits, .attentions, .hiddenStates, .lastBlockOutput, .lastHiddenState, .poolerOutput, .routerLogits,
            .routerExperts, .routerWeights, .queries, .keys, .values, .logSumExp, .negativeLogLikelihood,
            .mixerOutputs:
            nil
        }
    }

    /// Whether there is one such tensor, of what predicts the text, however many stacks a model has.
    var isOfModel: Bool { [.logits, .poolerOutput, .negativeLogLikelihood].contains(self) }
}

/// One tensor of a trace: what Hugging Face's outputs hold, float32 with a batch of one.
package struct TraceTensor: Equatable, Sendable {
    package let kind: TraceKind
    /// What it is of.
    package let stack: AttentionKind
    /// The layer, or for hidden states how many blocks they have passed; nil where there is one such tensor.
    package let index: Int?
    /// As the file has it: `attentions.3`, `cross_attentions.0`.
    package let name: String
    package let shape: [Int]

    /// Whether its numbers are indices, written as I32.
    package var isIndices: Bool { kind == .routerExperts }
}

/// Which tensors, and which part of those of attention.
package struct TraceSelection: Equatable, Sendable {
    package var kinds: Set<TraceKind>
    /// Layers and query heads of all that attention has: maps, queries, keys, values and sums.
    package var layers: [Int]
    package var heads: [Int]
    /// Queries of the attention maps, and tokens after which there are logits; nil for all.
    package var rows: Range<Int>?

    package init(kinds: Set<TraceKind>, layers: [Int], heads: [Int], rows: Range<Int>?) {
        self.kinds = kinds
        self.layers = layers
        self.heads = heads
        self.rows = rows
    }

    /// The tensors in the order of a file; what the model does not have is left out.
    package func tensors(of recordings: Recordings, model: Model) -> [TraceTensor] {
        TraceKind.allCases.filter(kinds.contains).flatMap { kind in
            recordings.kinds.flatMap { stack -> [TraceTensor] in
                guard let recording = recordings[stack] else { return [] }
                return tensors(kind, of: recording, isAlone: recordings.kinds.count == 1, model: model)
            }
        }
    }

    private func tensors(
        _ kind: TraceKind, of recording: Recording, isAlone: Bool, model: Model
    ) -> [TraceTensor] {
        let stack = recording.kind
        // What predicts the text stands for the model; cross attention has no states of its own.
        if kind.isOfModel, !isAlone, stack != .decoder { return [] }
        if stack == .cross, ![.attentions, .queries, .keys, .values, .logSumExp].contains(kind) { return [] }
        let prefix = isAlone || kind.isOfModel ? "" : stack.rawValue + "_"
        return indices(kind, of: recording, isAlone: isAlone, model: model).map { index in
            let base = kind == .attentions && isAlone ? recording.attentionsName : kind.rawValue
            return TraceTensor(
                kind: kind, stack: stack, index: index, name: prefix + base + (index.map { ".\($0)" } ?? ""),
                shape: shape(kind, of: recording, layer: index ?? 0))
        }
    }

    /// Empty where the model has no such tensor.
    private func indices(_ kind: TraceKind, of recording: Recording, isAlone: Bool, model: Model) -> [Int?] {
        let layers = recording.shape.layers
        switch kind {
        case .logits: return model.hasHead ? [nil] : []
        case .negativeLogLikelihood:
            return recording.isCausal && (model.hasHead || !model.hasWeights && recording.hasLosses) ? [nil] : []
        case .poolerOutput: return model.hasPooler ? [nil] : []
        case .lastBlockOutput: return [nil]
        // Of an encoder that stands alone, the last state is its result.
        case .lastHiddenState: return recording.kind == .encoder && (!isAlone || !model.hasHead) ? [nil] : []
        case .hiddenStates: return (0...layers).map { $0 }
        case .routerLogits, .routerExperts, .routerWeights:
            return (0..<layers).filter { recording.chunks.first?.layers[$0].router != nil }
        case .attentions, .queries, .keys, .values, .logSumExp:
            return self.layers.filter(recording.hasAttention)
        case .mixerSteps, .mixerInputs, .mixerWrites, .mixerReads, .mixerOutputs:
            return self.layers.filter { width(kind, of: recording, layer: $0) > 0 }
        }
    }

    /// The chosen heads that a stack has.
    func heads(of shape: ModelShape) -> [Int] { heads.filter { $0 < shape.heads } }

    /// The key/value heads that the chosen heads read, ascending.
    package func keyValueHeads(of shape: ModelShape) -> [Int] {
        Set(heads(of: shape).map { $0 / shape.groupSize }).sorted()
    }

    /// The queries of the attention maps of a recording, and the tokens of its logits.
    func rows(of recording: Recording) -> Range<Int> {
        (rows ?? 0..<recording.tokens).clamped(to: 0..<recording.tokens)
    }

    /// Numbers of a token that a recurrent mixer leaves behind; 0 of other layers.
    private func width(_ kind: TraceKind, of recording: Recording, layer: Int) -> Int {
        guard let chunk = recording.chunks.first, chunk.layers.indices.contains(layer),
            let mixer = chunk.layers[layer].mixer
        else { return 0 }
        let count = kind.ofMixer.map { mixer[keyPath: $0].count } ?? mixer.outputs?.count ?? 0
        return count / max(1, chunk.tokens.count)
    }

    private func shape(_ kind: TraceKind, of recording: Recording, layer: Int) -> [Int] {
        let shape = recording.shape
        let tokens = recording.tokens
        let router = recording.chunks.first?.layers.lazy.compactMap(\.router).first
        switch kind {
        case .logits: return [1, rows(of: recording).count, shape.vocabulary]
        case .attentions:
            return [1, heads(of: shape).count, rows(of: recording).count, recording.keyTokens]
        case .hiddenStates, .lastBlockOutput, .lastHiddenState: return [1, tokens, shape.hidden]
        case .poolerOutput: return [1, shape.hidden]
        case .routerLogits: return [tokens, router?.count ?? 0]
        case .routerExperts, .routerWeights: return [tokens, router?.chosen ?? 0]
        case .queries: return [1, heads(of: shape).count, tokens, shape.headDimension]
        case .keys, .values:
            return [1, keyValueHeads(of: shape).count, recording.keyTokens, shape.headDimension]
        case .logSumExp: return [1, heads(of: shape).count, tokens]
        case .negativeLogLikelihood: return [1, max(0, tokens - 1)]
        case .mixerSteps, .mixerInputs, .mixerWrites, .mixerReads, .mixerOutputs:
            return [1, tokens, width(kind, of: recording, layer: layer)]
        }
    }
}

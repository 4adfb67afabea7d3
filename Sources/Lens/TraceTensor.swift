import Models

/// A kind of tensor that a trace can hold, by the name that files use.
public enum TraceKind: String, CaseIterable, Sendable {
    case logits
    case attentions
    case hiddenStates = "hidden_states"
    case lastBlockOutput = "last_block_output"
    case queries
    case keys
    case values
    case logSumExp = "logsumexp"
    case negativeLogLikelihood = "nll"

    /// Whether the recording must keep the states between the blocks.
    public var needsStates: Bool { self == .hiddenStates || self == .lastBlockOutput }
}

/// One tensor of a trace: what Hugging Face's outputs hold, float32 with a batch of one.
public struct TraceTensor: Equatable, Sendable {
    public let kind: TraceKind
    /// The layer, or for hidden states how many blocks they have passed; nil where there is one such tensor.
    public let index: Int?

    public init(_ kind: TraceKind, _ index: Int? = nil) {
        self.kind = kind
        self.index = index
    }

    /// As the file has it: `attentions.3`.
    public var name: String { kind.rawValue + (index.map { ".\($0)" } ?? "") }
}

/// Which tensors, and which part of the attention maps.
public struct TraceSelection: Equatable, Sendable {
    public var kinds: Set<TraceKind>
    /// Layers and heads of the attention maps.
    public var layers: [Int]
    public var heads: [Int]
    /// Queries of the attention maps.
    public var rows: Range<Int>

    public init(kinds: Set<TraceKind>, layers: [Int], heads: [Int], rows: Range<Int>) {
        self.kinds = kinds
        self.layers = layers
        self.heads = heads
        self.rows = rows
    }

    /// The tensors in the order of a file.
    public func tensors(of shape: ModelShape) -> [TraceTensor] {
        TraceKind.allCases.filter(kinds.contains).flatMap { kind in
            switch kind {
            case .logits, .lastBlockOutput, .negativeLogLikelihood: [TraceTensor(kind)]
            case .attentions: layers.map { TraceTensor(kind, $0) }
            case .hiddenStates: (0...shape.layers).map { TraceTensor(kind, $0) }
            case .queries, .keys, .values, .logSumExp: (0..<shape.layers).map { TraceTensor(kind, $0) }
            }
        }
    }

    /// The shape of a tensor over a text of `tokens` tokens.
    public func shape(of tensor: TraceTensor, _ shape: ModelShape, tokens: Int) -> [Int] {
        switch tensor.kind {
        case .logits: [1, tokens, shape.vocabulary]
        case .attentions: [1, heads.count, rows.count, tokens]
        case .hiddenStates, .lastBlockOutput: [1, tokens, shape.hidden]
        case .queries: [1, shape.heads, tokens, shape.headDimension]
        case .keys, .values: [1, shape.keyValueHeads, tokens, shape.headDimension]
        case .logSumExp: [1, shape.heads, tokens]
        case .negativeLogLikelihood: [1, max(0, tokens - 1)]
        }
    }
}

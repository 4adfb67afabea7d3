import RopewalkKernels

/// The last chunk of a recording, to which tokens are added.
struct ChunkTail {
    let start: Int
    private(set) var count = 0
    private let shape: ModelShape
    private let precision: RecordingPrecision
    private let poolBlock: Int
    private var layers: [LayerTail] = []
    private var lastHidden = GrowingRows<Float>(groups: 1)
    private var losses = GrowingRows<Float>(groups: 1)

    /// - Parameter start: its first token, where a chunk begins
    init(start: Int, shape: ModelShape, precision: RecordingPrecision, poolBlock: Int) {
        self.start = start
        self.shape = shape
        self.precision = precision
        self.poolBlock = poolBlock
    }

    /// Adds what a run has left behind of the tokens that come next.
    mutating func append(_ piece: RecordedChunk) {
        if layers.isEmpty {
            layers = piece.layers.map { LayerTail($0, shape: shape, poolBlock: poolBlock, first: start) }
        }
        for (index, layer) in piece.layers.enumerated() { layers[index].append(layer, tokens: piece.tokens) }
        lastHidden.append(piece.lastHidden.array)
        lastState = Array(piece.lastHidden.suffix(piece.lastWidth))
        losses.append(piece.negativeLogLikelihood.array)
        count += piece.tokens.count
    }

    /// −ln p of what follows the last token, once that is known.
    mutating func setLastLoss(_ loss: Float) { losses.setLast(loss) }

    /// After the final norm, of the last token; empty before the first. [hidden, or 2 · hidden of reversible blocks]
    private(set) var lastState: [Float] = []

    /// As a run would have recorded all of them together.
    var chunk: RecordedChunk {
        RecordedChunk(
            tokens: start..<start + count, layers: layers.map { $0.layer(precision) }, lastBlockOutput: nil,
            lastHidden: KeptNumbers(lastHidden.joined), negativeLogLikelihood: KeptNumbers(losses.joined))
    }
}

/// What is recorded of one layer, to which tokens are added.
private struct LayerTail {
    private var count = 0
    private var keys: GrowingTiles?
    private var values: GrowingRows<Float>?
    private var queries: GrowingRows<Float>
    private var attention: SummaryTail
    private var router: RouterChoice?
    private var choices: [RecordedChoices]?
    private var mixer: MixerTail?
    private var slots: SlotTail?

    /// - Parameter layer: what comes first, which is not added yet
    init(_ layer: RecordedLayer, shape: ModelShape, poolBlock: Int, first: Int) {
        if layer.keys != nil {
            keys = GrowingTiles(heads: shape.keyValueHeads, dimension: shape.headDimension)
            values = GrowingRows(groups: shape.keyValueHeads)
        }
        queries = GrowingRows(groups: shape.heads)
        attention = SummaryTail(heads: shape.heads, poolBlock: poolBlock, first: first)
        mixer = layer.mixer.map { MixerTail(constants: $0.constants, end: $0.end) }
        slots = layer.slots.map { SlotTail(first: $0.first, heads: shape.keyValueHeads, queryHeads: shape.heads) }
    }

    mutating func append(_ layer: RecordedLayer, tokens: Range<Int>) {
        if let added = layer.keys {
            keys?.append(added.keys.floats, count: tokens.count)
            values?.append(added.values.floats)
        }
        queries.append(layer.queries.floats)
        attention.append(layer.attention, tokens: tokens)
        if let added = layer.router {
            if router == nil { router = added } else { router?.append(added) }
        }
        if let added = layer.choices {
            if choices == nil {
                choices = added
            } else {
                for (head, choice) in added.enumerated() { choices?[head].append(choice) }
            }
        }
        if let added = layer.mixer { mixer?.append(added) }
        if let added = layer.slots { slots?.append(added, tokens: tokens.count) }
        count += tokens.count
    }

    func layer(_ precision: RecordingPrecision) -> RecordedLayer {
        var keys: RecordedKeys?
        if let tiles = self.keys, let values {
            keys = RecordedKeys(PackedKeys(keys: tiles.joined, values: values.joined), in: precision)
        }
        var layer = RecordedLayer(
            keys: keys, queries: RecordedNumbers(queries.joined, in: precision), attention: attention.summary,
            global: nil, choices: choices)
        layer.router = router
        layer.mixer = mixer?.recorded(precision)
        layer.slots = slots?.recorded
        return layer
    }
}

/// What is recorded of a recurrent mixer, to which tokens are added.
private struct MixerTail {
    private let constants: MixerConstants
    private var steps = GrowingRows<Float>(groups: 1)
    private var inputs = GrowingRows<Float>(groups: 1)
    private var writes = GrowingRows<Float>(groups: 1)
    private var reads = GrowingRows<Float>(groups: 1)
    private var end: MixerState

    init(constants: MixerConstants, end: MixerState) {
        self.constants = constants
        self.end = end
    }

    mutating func append(_ mixer: RecordedMixer) {
        steps.append(mixer.steps.floats)
        inputs.append(mixer.inputs.floats)
        writes.append(mixer.writes.floats)
        reads.append(mixer.reads.floats)
        end = mixer.end
    }

    func recorded(_ precision: RecordingPrecision) -> RecordedMixer {
        func kept(_ rows: GrowingRows<Float>) -> RecordedNumbers { RecordedNumbers(rows.joined, in: precision) }
        return RecordedMixer(
            constants: constants, steps: kept(steps), inputs: kept(inputs), writes: kept(writes), reads: kept(reads),
            outputs: nil, end: end)
    }
}

/// What is recorded of the slots of a compressed memory, to which tokens are added.
private struct SlotTail {
    private let first: Int
    private var count = 0
    private var tokens = 0
    private let queryHeads: Int
    private var keys: GrowingRows<Float>
    private var values: GrowingRows<Float>
    private var logSumExp: GrowingRows<Float>?

    init(first: Int, heads: Int, queryHeads: Int) {
        self.first = first
        self.queryHeads = queryHeads
        keys = GrowingRows(groups: heads)
        values = GrowingRows(groups: heads)
    }

    mutating func append(_ slots: RecordedSlots, tokens added: Int) {
        keys.append(slots.keys)
        values.append(slots.values)
        count += slots.count
        let nothing = { [queryHeads] (count: Int) in [Float](repeating: -.infinity, count: queryHeads * count) }
        if let sums = slots.logSumExp {
            if logSumExp == nil {
                var rows = GrowingRows<Float>(groups: queryHeads)
                rows.append(nothing(tokens))
                logSumExp = rows
            }
            logSumExp?.append(sums)
        } else {
            logSumExp?.append(nothing(added))
        }
        tokens += added
    }

    var recorded: RecordedSlots {
        var slots = RecordedSlots(first: first, count: count, keys: keys.joined, values: values.joined)
        slots.logSumExp = logSumExp?.joined
        return slots
    }
}

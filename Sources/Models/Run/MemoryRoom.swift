import RopewalkKernels
import RopewalkMethods

/// How many tokens can be recorded in the memory there is.
package struct MemoryRoom {
    /// The part of the available memory that a recording may take.
    package static let share = 0.6

    /// What one token takes while a run goes on, and what the whole recording takes besides.
    package let size: RecordingSize

    package init(size: RecordingSize) { self.size = size }

    /// The tokens, at most `wanted`, whose recording fits into `available` bytes; at least one.
    package func tokens(_ wanted: Int, available: Int?) -> Int {
        guard let available else { return wanted }
        let room = Double(available) * Self.share - size.mapBytes
        let fitting = max(1, room / max(1, size.bytesPerToken))
        return fitting >= Double(wanted) ? wanted : Int(fitting)
    }
}

/// What a recording takes, in numbers of four bytes.
package struct RecordingSize {
    package let model: ModelTraits
    let scenario: Scenario
    /// Of the text.
    let tokens: Int
    /// Whether what was recorded stays in memory; else only that of a chunk does.
    let keepsChunks: Bool
    /// The part of the decoder's keys that a run keeps: under windows that forget, what queries can still see.
    private let keptShare: Double

    package init(model: ModelTraits, scenario: Scenario, tokens: Int, keepsChunks: Bool = true) {
        self.model = model
        self.scenario = scenario
        self.tokens = tokens
        self.keepsChunks = keepsChunks
        keptShare = Self.keptShare(model, scenario, tokens)
    }

    /// Tokens of a chunk at most, but for texts so long that a block of the map is longer.
    private static func chunk(_ tokens: Int) -> Int { max(1024, Recorder.poolBlock(tokens: tokens)) }

    private static func keptShare(_ model: ModelTraits, _ scenario: Scenario, _ tokens: Int) -> Double {
        let layers = model.layers(.decoder)
        guard !layers.isEmpty, tokens > 0 else { return 1 }
        let reach = LayerReach(
            traits: model, kind: .decoder, layers: layers, scenario: scenario, heads: model.shape(.decoder).heads,
            tokens: tokens, hasGlobals: false)
        let rooms = layers.indices.map { layer in
            reach.of(layer).map {
                min(tokens, KeyValueCache.room(first: $0.first, recent: $0.recent, chunk: chunk(tokens)))
            } ?? tokens
        }
        return Double(rooms.reduce(0, +)) / Double(layers.count * tokens)
    }

    /// Of the whole text.
    package var bytes: Double { bytesPerToken * Double(tokens) + mapBytes }

    /// What a run takes that goes on behind tokens that are recorded: theirs is there but for what a run has beside it.
    func bytes(after recorded: Int) -> Double {
        bytes - Double(recorded) * (bytesPerToken - 4 * model.kinds.reduce(0) { $0 + cached($1) })
    }

    /// Turned keys, and values, of a token while a run goes on.
    private func cached(_ kind: AttentionKind) -> Double {
        let shape = model.shape(kind)
        let slots = kind == .cross ? 1 : keySlots
        return attentionLayers(kind) * (slots * Self.keys(shape) + Self.values(shape)) * cacheShare(kind)
    }

    private func cacheShare(_ kind: AttentionKind) -> Double { kind == .decoder ? keptShare : 1 }

    /// The part of what is recorded that stays in memory.
    private var recordedShare: Double {
        keepsChunks ? 1 : min(1, 2 * Double(Self.chunk(tokens)) / Double(max(1, tokens)))
    }

    /// Of one token of the text, with all that a run has beside its recording.
    package var bytesPerToken: Double {
        4 * model.kinds.reduce(0) { $0 + numbers($1) }
    }

    /// Of the blocks of the map, at most 512 x 512: two numbers for each, half of them where nothing sees later tokens.
    package var mapBytes: Double {
        let block = Recorder.poolBlock(tokens: tokens)
        let side = Double((tokens + block - 1) / block)
        return model.kinds.reduce(0) { sum, kind in
            let shape = model.shape(kind)
            return sum + attentionLayers(kind) * Double(shape.heads) * 8 * side
                * (kind.isCausal ? (side + 1) / 2 : side)
        }
    }

    private func numbers(_ kind: AttentionKind) -> Double {
        let shape = model.shape(kind)
        let layers = Double(shape.layers)
        let queries = Double(shape.heads * shape.headDimension)
        let (keys, values) = (Self.keys(shape), Self.values(shape))
        let measures = 7 * Double(shape.heads) * recordedShare
        // Keys and values are recorded and kept by the run; turned keys once for every way to turn them.
        let share = model.precision.share
        let recorded = share * (keys + values + queries) * recordedShare
        let states = Double(shape.hidden) * recordedShare
        if kind == .cross { return layers * (keys + values + recorded + measures) + states }
        var layer = (keySlots * keys + values) * cacheShare(kind) + recorded + measures
        // Longformer's global tokens have projections of their own, which are recorded of all tokens.
        if model.standardGlobals != nil { layer += keys + values + recorded }
        var mixers = 0.0
        for traits in model.layers(kind) {
            guard let mixer = traits.mixer else { continue }
            // What goes on to the next chunk is kept once a chunk, of 256 tokens or more.
            mixers += share * Double(mixer.recordedNumbers) + Double(mixer.stateNumbers) / 256 + measures
        }
        if let experts = model.experts { layer += Double(experts.count + 2 * experts.chosen) }
        if kind == .decoder, let memory = scenario.slotMemory {
            // Slots are recorded and kept by the run, with what they are made of and what every query reads of them.
            layer += 2 * (keys + values) / Double(memory.rate) + Double(shape.heads)
        }
        let selections = kind == .decoder ? model.decoder.map { scenario.stateSelection ?? $0.selection } : []
        let isWhole = kind == .encoder || selections.contains { $0?.readsAhead ?? false }
        let working = (isWhole ? encoderWork(shape) : 0) + selections.reduce(0) { $0 + Self.table($1, shape) }
        let rest = states + 1 + angles + working
        return attentionLayers(kind) * layer + mixers + rest
    }

    /// Layers with softmax attention.
    private func attentionLayers(_ kind: AttentionKind) -> Double {
        Double(model.layers(kind).count { $0.mixer == nil })
    }

    /// An encoder's text is one chunk: its states, projections and feed-forward layer are there for all tokens.
    private func encoderWork(_ shape: ModelShape) -> Double {
        let vectors = 2 * Double((shape.heads + shape.keyValueHeads) * shape.headDimension)
        return 4 * Double(shape.hidden) + vectors + 2 * Double(shape.intermediate)
    }

    /// What a selection that reads ahead keeps of a token in a layer.
    private static func table(_ selection: (any StateSelection)?, _ shape: ModelShape) -> Double {
        Double(shape.heads) * (selection?.tableNumbers ?? 0)
    }

    private static func keys(_ shape: ModelShape) -> Double { Double(shape.keyValueHeads * shape.headDimension) }

    /// Values are stored in multiples of 16.
    private static func values(_ shape: ModelShape) -> Double {
        Double(shape.keyValueHeads * ((shape.headDimension + 15) / 16 * 16))
    }

    private var pieces: [Int] {
        model.ropes.indices.map { model.encoding(scenario, rope: $0, tokens: tokens).pieces.count }
    }

    private var keySlots: Double { Double(max(1, pieces.max() ?? 1)) + (turnsTwice ? 1 : 0) }

    /// Whether keys are turned as at other places too.
    private var turnsTwice: Bool { !model.decoder.isEmpty && scenario.stateSelection?.keyPeriod != nil }

    /// Cosines and sines of every rotary setting; where far keys are turned otherwise, those of queries and keys.
    private var angles: Double {
        zip(model.ropes, pieces).reduce(0) { $0 + Double($1.0.dimensions * ($1.1 > 1 || turnsTwice ? 2 * $1.1 : 1)) }
    }
}

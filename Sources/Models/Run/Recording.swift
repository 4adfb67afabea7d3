import RopewalkKernels
import RopewalkMethods

/// Keys and values that a run has left behind of one layer for some tokens.
package struct RecordedKeys: Sendable {
    /// Before rotation, [key/value head, tile, dimension, tileSize].
    package let keys: RecordedNumbers
    /// [key/value head, token, value width]
    package let values: RecordedNumbers

    init(keys: RecordedNumbers, values: RecordedNumbers) {
        self.keys = keys
        self.values = values
    }

    init(_ exact: PackedKeys, in precision: RecordingPrecision) {
        keys = RecordedNumbers(exact.keys, in: precision)
        values = RecordedNumbers(exact.values, in: precision)
    }
}

/// The same as they were computed, for the cache of a run.
struct PackedKeys {
    let keys: [Float]
    let values: [Float]
}

/// What a run has left behind of one layer for one chunk of tokens.
package struct RecordedLayer: Sendable {
    /// Of the chunk's tokens; nil where the keys are another stack's (cross attention).
    package let keys: RecordedKeys?
    /// Before rotation, [head, token of the chunk, dimension].
    package let queries: RecordedNumbers
    package let attention: AttentionSummary
    /// Into the block, [token of the chunk, hidden]; only where a trace asks for it.
    package internal(set) var input: [Float]?
    /// What the router of a mixture of experts chose.
    package internal(set) var router: RouterChoice?
    /// Of Longformer's global tokens: their queries, and what they read of all tokens.
    package let global: RecordedGlobals?
    /// The keys that a selection by states chose, for every head; nil without one.
    package let choices: [RecordedChoices]?
    /// Of a layer with a recurrent mixer, which has no queries, keys and weights: nothing above says anything then.
    package internal(set) var mixer: RecordedMixer?
    /// What a selection that reads ahead worked out, for every head; nil without one.
    package var tables: [any KeyTable]?
    /// The slots of a compressed memory that the chunk has filled; nil without one.
    package var slots: RecordedSlots?
}

/// The second projections of a chunk for tokens that see everything.
package struct RecordedGlobals: Sendable {
    package let keys: RecordedKeys
    /// [head, token of the chunk, dimension]
    package let queries: RecordedNumbers
}

/// What a run has left behind for one chunk of tokens.
package struct RecordedChunk: Sendable {
    package let tokens: Range<Int>
    package let layers: [RecordedLayer]
    /// After the last block and before the final norm, [token of the chunk, hidden]; only where a trace asks for it.
    package let lastBlockOutput: [Float]?
    /// After the final norm, [token of the chunk, hidden]; of reversible blocks both streams, [token of the chunk, 2 · hidden].
    package let lastHidden: KeptNumbers<Float>
    /// −ln p of the token that follows each; NaN after the last token of the text. Nats.
    package let negativeLogLikelihood: KeptNumbers<Float>

    /// The same tokens without anything recorded of them.
    var hollow: RecordedChunk {
        RecordedChunk(
            tokens: tokens, layers: [], lastBlockOutput: nil, lastHidden: KeptNumbers([]),
            negativeLogLikelihood: KeptNumbers([]))
    }

    /// Numbers of a last state.
    package var lastWidth: Int { tokens.isEmpty ? 0 : lastHidden.count / tokens.count }
}

/// An immutable snapshot of what a run over a text has left behind so far: linear in the tokens.
public struct Recording: Sendable {
    /// The sizes of what was run.
    public let shape: ModelShape
    /// What reads what.
    public let kind: AttentionKind
    /// What it was run under.
    public let scenario: Scenario
    /// All tokens of the queries, recorded or not yet.
    public let ids: [Int32]
    /// All tokens of the keys: the same but for cross attention.
    public let keyIDs: [Int32]
    /// What is common to all chunks of the run.
    package let setup: RunSetup
    /// Queries recorded so far: 0..<tokens can be asked about.
    public var tokens: Int { chunks.last?.tokens.upperBound ?? 0 }
    package let chunks: [RecordedChunk]
    /// Of cross attention, all keys of every layer.
    package let crossKeys: [RecordedKeys]
    /// Tokens of a chunk; the last one may have fewer.
    package let chunkSize: Int
    /// Queries and keys on one side of a block of the recorded map.
    package let poolBlock: Int
    /// Tells runs apart.
    package let run: UInt64
    /// The heads that are recorded; nil for all.
    package var recordedHeads: RecordedHeads?
    /// Whether it was read from files, whose sums may be anything.
    package var isStored = false
    /// The memory that its numbers take where they lie in files; nil for those in memory.
    package var pages: RecordedPages?
    /// When it was recorded, of one that the cache had: "2026-11-29 18:40"; nil for all others.
    package var recorded: String?
    /// Maps of weights that were given in place of queries, keys and values, of which there are none then; nil for a run.
    package var given: GivenWeights?

    /// Whether queries, keys and values were rounded to half precision, so that weights and scores made of them are
    /// approximations; measures of the run, losses and the last hidden states are not.
    public var isRounded: Bool { setup.modelTraits.isRounded }
    /// Whether the run has come to the last token.
    public var isComplete: Bool { tokens == ids.count }
    /// Whether a query sees keys up to its own only.
    public var isCausal: Bool { kind.isCausal }
    /// Keys recorded so far.
    public var keyTokens: Int { kind == .cross ? keyIDs.count : tokens }
    /// Where the keys end that a query could see without any window.
    package func keyEnd(after query: Int) -> Int { isCausal ? query + 1 : keyIDs.count }

    /// The chunk of a recorded query, and its place there.
    package func place(of token: Int) -> (chunk: RecordedChunk, row: Int)? {
        guard token >= 0, token < tokens else { return nil }
        return (chunks[token / chunkSize], token % chunkSize)
    }

    /// Whether a layer's run looked at every pair, so that entropies, strongest keys and highest weights are known.
    package func hasPairs(layer: Int) -> Bool {
        chunks.first?.layers.indices.contains(layer) != true || chunks[0].layers[layer].attention.hasPairs
    }

    /// Whether blocks of a layer's map are recorded; true where there is no such layer.
    package func hasPools(layer: Int) -> Bool {
        guard let layers = chunks.first?.layers, layers.indices.contains(layer) else { return true }
        return layers[layer].attention.poolColumns > 0 || !hasAttention(layer: layer)
    }

    /// Whether a head is recorded, of all that the model has.
    package func holds(layer: Int, head: Int) -> Bool { recordedHeads?.contains(layer: layer, head: head) ?? true }

    /// Whether a layer has softmax attention; false where there is no such layer.
    package func hasAttention(layer: Int) -> Bool {
        setup.layerTraits.indices.contains(layer) && setup.layerTraits[layer].mixer == nil
            && recordedHeads?.layers.contains(layer) ?? true
    }

    /// What traces call its weights, after Hugging Face: those of sparse patterns have names of their own.
    package var attentionsName: String {
        let name = setup.modelTraits.attentionsName
        if case .multiplicity = setup.layerTraits.first?.bias { return name }
        return setup.modelTraits.layersOfText == nil || setup.layerTraits.first?.windows.isEmpty ?? true
            ? "attentions" : name
    }

    /// The layer as its configuration has it.
    package func traits(_ layer: Int) -> LayerTraits { setup.layerTraits[layer] }

    /// After the final norm; nil where the token is not recorded. [hidden]
    ///
    /// A slice: its indices do not begin at 0.
    public func lastHidden(of token: Int) -> ArraySlice<Float>? {
        guard let (chunk, row) = place(of: token) else { return nil }
        let width = chunk.lastWidth
        guard width > 0 else { return nil }
        return Array(chunk.lastHidden[row * width..<(row + 1) * width])[...]
    }

    /// Whether the model has such a layer with so many heads.
    private func has(layer: Int, head: Int, of heads: Int) -> Bool {
        given == nil && hasAttention(layer: layer) && (0..<shape.layers).contains(layer) && (0..<heads).contains(head)
            && recordedHeads.map { $0.reads(layer: layer, head: head, of: heads, in: shape) } ?? true
    }

    /// A query before rotation; nil where the token is not recorded or the model has no such head. [dimension]
    ///
    /// A slice: its indices do not begin at 0.
    public func query(layer: Int, head: Int, token: Int) -> ArraySlice<Float>? {
        guard has(layer: layer, head: head, of: shape.heads), let (chunk, row) = place(of: token) else { return nil }
        let start = (head * chunk.tokens.count + row) * shape.headDimension
        let recorded = chunk.layers[layer]
        let queries = isGlobal(query: token) ? recorded.global?.queries ?? recorded.queries : recorded.queries
        return queries[start..<start + shape.headDimension][...]
    }

    /// Whether a query has the projections of a global token.
    package func isGlobal(query: Int) -> Bool { setup.globals.contains(query) }

    /// The keys of a layer that hold a token, and how many tokens they are of from which on.
    func keys(layer: Int, token: Int, global: Bool) -> (keys: RecordedKeys, count: Int, first: Int)? {
        guard given == nil, token >= 0, token < keyTokens else { return nil }
        if kind == .cross { return (crossKeys[layer], keyIDs.count, 0) }
        let chunk = chunks[token / chunkSize]
        let recorded = chunk.layers[layer]
        return (global ? recorded.global?.keys : recorded.keys).map {
            ($0, chunk.tokens.count, chunk.tokens.lowerBound)
        }
    }

    /// A key before rotation; nil where the token is not recorded or the model has no such head. [dimension]
    /// - Parameters:
    ///   - layer: from 0.
    ///   - keyValueHead: from 0; query head h reads key/value head h / `shape.groupSize`.
    ///   - token: from 0.
    ///   - global: as queries of global tokens see it.
    /// - Returns: the numbers that a position method turns.
    public func key(layer: Int, keyValueHead: Int, token: Int, global: Bool = false) -> [Float]? {
        guard has(layer: layer, head: keyValueHead, of: shape.keyValueHeads),
            let (keys, count, first) = keys(layer: layer, token: token, global: global)
        else { return nil }
        let tiles = (count + tileSize - 1) / tileSize
        let row = token - first
        let tile = (keyValueHead * tiles + row / tileSize) * shape.headDimension * tileSize
        return (0..<shape.headDimension).map { keys.keys[tile + $0 * tileSize + row % tileSize] }
    }

    /// A value; nil where the token is not recorded or the model has no such head. [dimension]
    ///
    /// A slice: its indices do not begin at 0.
    public func value(layer: Int, keyValueHead: Int, token: Int, global: Bool = false) -> ArraySlice<Float>? {
        guard has(layer: layer, head: keyValueHead, of: shape.keyValueHeads),
            let (keys, count, first) = keys(layer: layer, token: token, global: global)
        else { return nil }
        let start = (keyValueHead * count + token - first) * KeyValueCache.width(of: shape.headDimension)
        return keys.values[start..<start + shape.headDimension][...]
    }

    /// The tiles of keys that hold tokens of `range`, recorded ones only; of given maps their places alone.
    package func keyTiles(layer: Int, keyValueHead: Int, tokens range: Range<Int>, global: Bool = false) -> [KeyTile] {
        let range = range.clamped(to: 0..<keyTokens)
        guard !range.isEmpty else { return [] }
        if given != nil {
            return (range.lowerBound / tileSize...(range.upperBound - 1) / tileSize).map {
                KeyTile(keys: [], offset: 0, index: $0)
            }
        }
        let size = shape.headDimension * tileSize
        return (range.lowerBound / tileSize...(range.upperBound - 1) / tileSize).compactMap { tile in
            keys(layer: layer, token: tile * tileSize, global: global).map { keys, count, first in
                let tiles = (count + tileSize - 1) / tileSize
                return KeyTile(
                    keys: keys.keys, offset: (keyValueHead * tiles + tile - first / tileSize) * size, index: tile)
            }
        }
    }

    /// The sum of the values of a head under weights, a weight a key. [dimension]
    package func weightedValues(
        layer: Int, keyValueHead: Int, weights: Matrix, row: Int, keys end: Int, global: Bool = false
    ) -> [Float] {
        guard given == nil else { return Array(repeating: .nan, count: shape.headDimension) }
        var sum = WeightedSum(dimension: shape.headDimension)
        let width = KeyValueCache.width(of: shape.headDimension)
        var token = 0
        while token < min(end, keyTokens) {
            guard let (keys, count, first) = keys(layer: layer, token: token, global: global) else { break }
            sum.add(
                keys.values, offset: keyValueHead * count * width, width: width, count: min(end, first + count) - first,
                weights: weights, row: row, first: first)
            token = first + count
        }
        return sum.total
    }

    /// The keys that the run's selection by states chose for a query; nil without one.
    package func chosenKeys(layer: Int, head: Int, query: Int) -> KeyRanges? {
        guard let (chunk, row) = place(of: query) else { return nil }
        let recorded = chunk.layers[layer]
        return recorded.tables?[head].choice(for: query).keys ?? recorded.choices?[head].keys(row)
    }

    /// Those of them that count more than once.
    package func copies(layer: Int, head: Int, query: Int) -> [KeyCopies] {
        guard let (chunk, row) = place(of: query) else { return [] }
        let recorded = chunk.layers[layer]
        return recorded.tables?[head].choice(for: query).copies ?? recorded.choices?[head].copies(row) ?? []
    }

    /// What was added to the scores of some of them.
    package func additions(layer: Int, head: Int, query: Int) -> [KeyAddition] {
        guard let (chunk, row) = place(of: query) else { return [] }
        return chunk.layers[layer].choices?[head].additions(row) ?? []
    }

    /// All buckets of a head of the run; nil where it was not run in one piece.
    package func sortedBuckets(layer: Int, head: Int) -> SortedBuckets? {
        guard (0..<shape.layers).contains(layer), (0..<shape.heads).contains(head) else { return nil }
        return chunks.first?.layers[layer].tables?[head] as? SortedBuckets
    }

    /// Why the run's selection chose what it chose, where that is worked out for the whole text; nil elsewhere.
    package func tabled(layer: Int, head: Int, query: Int) -> KeyChoice? {
        guard let (chunk, _) = place(of: query) else { return nil }
        return chunk.layers[layer].tables?[head].choice(for: query)
    }

    /// A measure of a query that the run took on the way; nil where the token is not recorded.
    package func measure(
        _ measure: KeyPath<AttentionSummary, KeptNumbers<Float>>, layer: Int, head: Int, query: Int
    ) -> Float? {
        guard let (chunk, row) = place(of: query) else { return nil }
        return chunk.layers[layer].attention[keyPath: measure][head * chunk.tokens.count + row]
    }

    /// −ln p of the token that follows a recorded one; nil after the last token of the text.
    ///
    /// Nats.
    public func negativeLogLikelihood(after token: Int) -> Float? {
        guard let (chunk, row) = place(of: token), token + 1 < ids.count else { return nil }
        let value = chunk.negativeLogLikelihood[row]
        return value.isNaN ? nil : value
    }

    /// Whether the run knows what it lost by any token.
    package var hasLosses: Bool { chunks.contains { $0.negativeLogLikelihood.contains { !$0.isNaN } } }

    /// −ln p of every recorded token but the first, nats. [tokens − 1]
    public var negativeLogLikelihood: [Float] {
        Array(chunks.flatMap(\.negativeLogLikelihood).prefix(max(0, tokens - 1)))
    }
}

extension Recording: Equatable {
    /// Snapshots of one run are equal when they are equally long.
    public static func == (a: Recording, b: Recording) -> Bool {
        a.run == b.run && a.kind == b.kind && a.tokens == b.tokens
    }
}

/// All that one run has left behind so far: of a decoder, of an encoder, or of both and what joins them.
public struct Recordings: Equatable, Sendable {
    /// Of the decoder's self-attention; nil before it begins, or where there is none.
    public let decoder: Recording?
    /// Of the encoder; nil where there is none.
    public let encoder: Recording?
    /// Of what the decoder reads of the encoder; nil where one of them is missing.
    public let cross: Recording?

    init(decoder: Recording?, encoder: Recording?, cross: Recording?) {
        self.decoder = decoder
        self.encoder = encoder
        self.cross = cross
    }

    /// Of one kind of attention alone.
    package init(_ recording: Recording) {
        self.init(
            decoder: recording.kind == .decoder ? recording : nil,
            encoder: recording.kind == .encoder ? recording : nil, cross: recording.kind == .cross ? recording : nil)
    }

    /// The decoder's where there is one: what predicts the text. Of maps between two texts alone, these.
    public var main: Recording? { decoder ?? encoder ?? (cross?.given == nil ? nil : cross) }

    /// The recording of one kind of attention; nil where the run has none.
    public subscript(kind: AttentionKind) -> Recording? {
        switch kind {
        case .decoder: decoder
        case .encoder: encoder
        case .cross: cross
        }
    }

    /// The kinds that are there, the main one first.
    public var kinds: [AttentionKind] { AttentionKind.allCases.filter { self[$0] != nil } }
}

import Kernels
import Methods

/// What a run has left behind of one layer for one chunk of tokens.
public struct RecordedLayer: Sendable {
    /// Before rotation, [key/value head, tile, dimension, tileSize].
    public let keys: [Float]
    /// [key/value head, token of the chunk, value width]
    public let values: [Float]
    /// Before rotation, [head, token of the chunk, dimension].
    public let queries: [Float]
    public let attention: AttentionSummary
    /// Into the block, [token of the chunk, hidden]; only where a trace asks for it.
    public let input: [Float]?
}

/// What a run has left behind for one chunk of tokens.
public struct RecordedChunk: Sendable {
    public let tokens: Range<Int>
    public let layers: [RecordedLayer]
    /// After the last block and before the final norm, [token of the chunk, hidden]; only where a trace asks for it.
    public let lastBlockOutput: [Float]?
    /// After the final norm, [token of the chunk, hidden].
    public let lastHidden: [Float]
    /// −ln p of the token that follows each; NaN after the last token of the text. Nats.
    public let negativeLogLikelihood: [Float]
}

/// An immutable snapshot of what a run over a text has left behind so far: linear in the tokens.
public struct Recording: Sendable {
    public let shape: ModelShape
    public let scenario: Scenario
    /// All tokens of the run, recorded or not yet.
    public let ids: [Int32]
    /// Tokens recorded so far: 0..<tokens can be asked about.
    public var tokens: Int { chunks.last?.tokens.upperBound ?? 0 }
    public let chunks: [RecordedChunk]
    /// Tokens of a chunk; the last one may have fewer.
    public let chunkSize: Int
    /// Queries and keys on one side of a block of the recorded map.
    public let poolBlock: Int
    /// cos and sin under the scenario, for all planned tokens.
    public let table: RotaryTable
    /// Tells runs apart.
    public let run: UInt64

    public var isComplete: Bool { tokens == ids.count }

    /// The chunk of a recorded token, and its place there.
    public func place(of token: Int) -> (chunk: RecordedChunk, row: Int)? {
        guard token >= 0, token < tokens else { return nil }
        return (chunks[token / chunkSize], token % chunkSize)
    }

    /// After the final norm; nil where the token is not recorded. [hidden]
    public func lastHidden(of token: Int) -> ArraySlice<Float>? {
        guard let (chunk, row) = place(of: token) else { return nil }
        return chunk.lastHidden[row * shape.hidden..<(row + 1) * shape.hidden]
    }

    /// A query before rotation; nil where the token is not recorded. [dimension]
    public func query(layer: Int, head: Int, token: Int) -> ArraySlice<Float>? {
        guard let (chunk, row) = place(of: token) else { return nil }
        let start = (head * chunk.tokens.count + row) * shape.headDimension
        return chunk.layers[layer].queries[start..<start + shape.headDimension]
    }

    /// A key before rotation; nil where the token is not recorded. [dimension]
    public func key(layer: Int, keyValueHead: Int, token: Int) -> [Float]? {
        guard let (chunk, row) = place(of: token) else { return nil }
        let tiles = (chunk.tokens.count + tileSize - 1) / tileSize
        let tile = (keyValueHead * tiles + row / tileSize) * shape.headDimension * tileSize
        let keys = chunk.layers[layer].keys
        return (0..<shape.headDimension).map { keys[tile + $0 * tileSize + row % tileSize] }
    }

    /// A value; nil where the token is not recorded. [dimension]
    public func value(layer: Int, keyValueHead: Int, token: Int) -> ArraySlice<Float>? {
        guard let (chunk, row) = place(of: token) else { return nil }
        let width = KeyValueCache.width(of: shape.headDimension)
        let start = (keyValueHead * chunk.tokens.count + row) * width
        return chunk.layers[layer].values[start..<start + shape.headDimension]
    }

    /// The tiles of keys that hold tokens of `range`, recorded ones only.
    public func keyTiles(layer: Int, keyValueHead: Int, tokens range: Range<Int>) -> [KeyTile] {
        let range = range.clamped(to: 0..<tokens)
        guard !range.isEmpty else { return [] }
        let size = shape.headDimension * tileSize
        return (range.lowerBound / tileSize...(range.upperBound - 1) / tileSize).map { tile in
            let chunk = chunks[tile * tileSize / chunkSize]
            let tiles = (chunk.tokens.count + tileSize - 1) / tileSize
            let place = tile - chunk.tokens.lowerBound / tileSize
            return KeyTile(
                keys: chunk.layers[layer].keys, offset: (keyValueHead * tiles + place) * size, index: tile)
        }
    }

    /// A measure of a query that the run took on the way; nil where the token is not recorded.
    public func measure(
        _ measure: KeyPath<AttentionSummary, [Float]>, layer: Int, head: Int, query: Int
    ) -> Float? {
        guard let (chunk, row) = place(of: query) else { return nil }
        return chunk.layers[layer].attention[keyPath: measure][head * chunk.tokens.count + row]
    }

    /// −ln p of the token that follows a recorded one; nil after the last token of the text. Nats.
    public func negativeLogLikelihood(after token: Int) -> Float? {
        guard let (chunk, row) = place(of: token), token + 1 < ids.count else { return nil }
        return chunk.negativeLogLikelihood[row]
    }

    /// −ln p of every recorded token but the first, nats. [tokens − 1]
    public var negativeLogLikelihood: [Float] {
        Array(chunks.flatMap(\.negativeLogLikelihood).prefix(max(0, tokens - 1)))
    }
}

extension Recording: Equatable {
    /// Snapshots of one run are equal when they are equally long.
    public static func == (a: Recording, b: Recording) -> Bool {
        a.run == b.run && a.tokens == b.tokens
    }
}

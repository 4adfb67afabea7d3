import RopewalkKernels
import RopewalkMethods

/// The selectors of a run: one for every layer and head, asked for one query after the other.
final class SelectionRun {
    private let selection: any StateSelection
    private let setup: RunSetup
    private let shape: ModelShape
    private let workers: Workers
    /// [layer, selector]
    private var selectors: [[Selector]]
    private let caches: [KeyValueCache]
    /// Queries of all chunks so far, [layer, chunk], each [head, token, dimension].
    private var queries: [[(first: Int, count: Int, states: [Float])]]
    /// Keys of all chunks so far as they are recorded, before rotation. [layer, chunk]
    private var keys: [[RecordedNumbers]]

    /// A box, so that every worker changes a selector of its own.
    private final class Selector {
        var selector: any KeySelector
        init(_ selector: any KeySelector) { self.selector = selector }
    }

    init?(setup: RunSetup, shape: ModelShape, caches: [KeyValueCache], workers: Workers) {
        guard let selection = setup.stateSelection else { return nil }
        self.selection = selection
        self.setup = setup
        self.shape = shape
        self.caches = caches
        self.workers = workers
        selectors = Array(repeating: [], count: setup.layers)
        queries = Array(repeating: [], count: setup.layers)
        keys = Array(repeating: [], count: setup.layers)
    }

    /// How many query heads one selector serves.
    private var share: Int {
        switch selection.sharing {
        case .head: 1
        case .group: shape.groupSize
        case .layer: shape.heads
        }
    }

    /// The choices for the queries of a chunk whose keys are in the cache, [head][query of the chunk].
    func choose(layer: Int, tokens: Range<Int>, queries chunk: [Float], keys chunkKeys: RecordedKeys) -> [[KeyRanges]] {
        queries[layer].append((tokens.lowerBound, tokens.count, chunk))
        keys[layer].append(chunkKeys.keys)
        if selectors[layer].isEmpty { selectors[layer] = makeSelectors(layer) }
        let layerSelectors = selectors[layer]
        let chosen = workers.map(layerSelectors.count) { index in
            tokens.map { _ in layerSelectors[index].selector.next().keys }
        }
        return (0..<shape.heads).map { chosen[$0 / share] }
    }

    private func makeSelectors(_ layer: Int) -> [Selector] {
        stride(from: 0, to: shape.heads, by: share).map { head in
            Selector(
                selection.selector(
                    for: HeadPlace(layer: layer, head: head, layers: setup.layers, heads: shape.heads),
                    states: states(layer)))
        }
    }

    /// States of their own for every selector: they keep what was asked last.
    private func states(_ layer: Int) -> any LayerStates {
        TurnedStates(
            setup: setup, layer: layer, shape: shape,
            keys: (0..<shape.keyValueHeads).map { head in
                TurnedKeys(caches[layer], head: head, positions: setup.positions(layer)) { [unowned self] tile in
                    plainTile(layer, tile: tile, head: head)
                }
            },
            count: { [unowned self] in queries[layer].last.map { $0.first + $0.count } ?? 0 },
            query: { [unowned self] in query(layer, token: $0, head: $1) },
            value: { [caches] in caches[layer].value($0, head: $1) },
            lower: { [unowned self] in 0..<layer ~= $0 ? states($0) : nil })
    }

    private func plainTile(_ layer: Int, tile: Int, head: Int) -> KeyTile {
        // Chunks are of one size but for the last, and begin at tiles.
        let chunk = tile * tileSize / max(1, queries[layer][0].count)
        let (first, count, _) = queries[layer][chunk]
        let tiles = (count + tileSize - 1) / tileSize
        let place = head * tiles + tile - first / tileSize
        return KeyTile(keys: keys[layer][chunk], offset: place * shape.headDimension * tileSize, index: tile)
    }

    private func query(_ layer: Int, token: Int, head: Int) -> [Float] {
        guard let size = queries[layer].first?.count, size > 0 else { return [] }
        let chunk = queries[layer][token / size]
        let start = (head * chunk.count + token - chunk.first) * shape.headDimension
        return Array(chunk.states[start..<start + shape.headDimension])
    }
}

import RopewalkKernels
import RopewalkMethods

/// The selectors of a run: one for every layer and head, asked for one query after the other.
final class SelectionRun {
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
        guard setup.stateSelection != nil else { return nil }
        self.setup = setup
        self.shape = shape
        self.caches = caches
        self.workers = workers
        selectors = Array(repeating: [], count: setup.layers)
        queries = Array(repeating: [], count: setup.layers)
        keys = Array(repeating: [], count: setup.layers)
    }

    /// How many query heads one selector serves.
    private func share(_ selection: any StateSelection) -> Int {
        switch selection.sharing {
        case .head: 1
        case .group: shape.groupSize
        case .layer: shape.heads
        }
    }

    /// What the heads of a layer have chosen for the queries of a chunk.
    enum Chosen {
        /// [head][query of the chunk]
        case rows([[KeyChoice]])
        /// Of the whole text. [head]
        case tables([any KeyTable])
    }

    /// The choices for the queries of a chunk whose keys are in the cache; nil for a layer that makes none.
    func choose(layer: Int, tokens: Range<Int>, queries chunk: [Float], keys chunkKeys: RecordedKeys) -> Chosen? {
        queries[layer].append((tokens.lowerBound, tokens.count, chunk))
        keys[layer].append(chunkKeys.keys)
        guard let selection = setup.stateSelection(layer) else { return nil }
        let share = share(selection)
        if selection.readsAhead { return .tables(tables(selection, layer: layer, share: share)) }
        if selectors[layer].isEmpty { selectors[layer] = makeSelectors(selection, layer: layer, share: share) }
        let layerSelectors = selectors[layer]
        let chosen = workers.map(layerSelectors.count) { index in
            tokens.map { _ in layerSelectors[index].selector.next() }
        }
        return .rows((0..<shape.heads).map { chosen[$0 / share] })
    }

    /// Of a text that is run in one piece.
    private func tables(_ selection: any StateSelection, layer: Int, share: Int) -> [any KeyTable] {
        let places = stride(from: 0, to: shape.heads, by: share).map { place(layer, $0) }
        let made = workers.map(places.count) { index in
            selection.table(for: places[index], states: states(layer))
        }
        return (0..<shape.heads).compactMap { made[$0 / share] }
    }

    private func place(_ layer: Int, _ head: Int) -> HeadPlace {
        HeadPlace(layer: layer, head: head, layers: setup.layers, heads: shape.heads)
    }

    private func makeSelectors(_ selection: any StateSelection, layer: Int, share: Int) -> [Selector] {
        stride(from: 0, to: shape.heads, by: share).map { head in
            Selector(selection.selector(for: place(layer, head), states: states(layer)))
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

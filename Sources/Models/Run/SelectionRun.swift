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
    /// Queries and keys of all tokens so far. [layer, stretch]
    private var stretches: [[SelectionStretch]]

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
        stretches = Array(repeating: [], count: setup.layers)
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
        remember(layer, tokens, queries: chunk, keys: chunkKeys.keys)
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

    /// A stretch begins with a tile: what comes behind one that ends within a tile belongs to it.
    private func remember(_ layer: Int, _ tokens: Range<Int>, queries: [Float], keys: RecordedNumbers) {
        if let last = stretches[layer].indices.last, tokens.lowerBound % tileSize != 0 {
            stretches[layer][last].append(queries: queries, keys: keys.floats, count: tokens.count)
        } else {
            stretches[layer].append(
                SelectionStretch(
                    first: tokens.lowerBound, count: tokens.count, queries: queries, keys: keys, shape: shape))
        }
    }

    /// The stretch that holds a token.
    private func stretch(_ layer: Int, of token: Int) -> SelectionStretch? {
        let next = stretches[layer].partitionPoint { $0.first > token }
        return next > 0 ? stretches[layer][next - 1] : nil
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
            count: { [unowned self] in stretches[layer].last.map { $0.first + $0.count } ?? 0 },
            query: { [unowned self] in stretch(layer, of: $0)?.query($0, head: $1) ?? [] },
            value: { [caches] in caches[layer].value($0, head: $1) },
            lower: { [unowned self] in 0..<layer ~= $0 ? states($0) : nil })
    }

    private func plainTile(_ layer: Int, tile: Int, head: Int) -> KeyTile {
        stretch(layer, of: tile * tileSize)?.tile(tile, head: head) ?? KeyTile(keys: [], offset: 0, index: tile)
    }
}

import RopewalkKernels

/// The layers of a run whose attention is a recurrence, with what each keeps of all keys so far.
final class RecurrenceRun {
    /// Nil where a layer is none.
    private let layers: [(any RecurrentAttention)?]

    /// Nil where no layer is.
    init?(setup: RunSetup, shape: ModelShape, caches: [KeyValueCache], poolBlock: Int) {
        layers = caches.enumerated().map { layer, cache in
            guard setup.layerTraits[layer].mixer == nil, setup.isRecurrent(layer: layer) else { return nil }
            let (positions, scale) = (setup.positions(layer), setup.layerTraits[layer].scoreScale)
            if let map = setup.rules[layer].signed {
                return SignedAttention(
                    map: map, cache: cache, positions: positions, heads: shape.heads, scale: scale)
            }
            guard let map = setup.rules[layer].features else { return nil }
            return FeatureAttention(
                states: (0..<cache.heads).map { _ in FeatureState(map: map, valueWidth: cache.width) },
                mapBlocks: (0..<cache.heads).map { _ in FeatureMapBlocks() }, cache: cache,
                positions: positions, heads: shape.heads, rule: setup.rules[layer], scale: scale,
                poolBlock: poolBlock)
        }
        if layers.allSatisfy({ $0 == nil }) { return nil }
    }

    subscript(layer: Int) -> (any RecurrentAttention)? { layers[layer] }
}

import RopewalkKernels

/// The layers of a run whose attention is a recurrence, with what each keeps of all keys so far.
final class RecurrenceRun {
    /// Nil where a layer is none.
    private let layers: [FeatureAttention?]

    /// Nil where no layer is.
    init?(setup: RunSetup, shape: ModelShape, caches: [KeyValueCache], poolBlock: Int) {
        layers = caches.enumerated().map { layer, cache in
            guard setup.layerTraits[layer].mixer == nil, setup.isRecurrent(layer: layer),
                let map = setup.rules[layer].features
            else { return nil }
            return FeatureAttention(
                states: (0..<cache.heads).map { _ in FeatureState(map: map, valueWidth: cache.width) },
                mapBlocks: (0..<cache.heads).map { _ in FeatureMapBlocks() }, cache: cache,
                positions: setup.positions(layer), heads: shape.heads, rule: setup.rules[layer],
                scale: setup.layerTraits[layer].scoreScale, poolBlock: poolBlock)
        }
        if layers.allSatisfy({ $0 == nil }) { return nil }
    }

    subscript(layer: Int) -> FeatureAttention? { layers[layer] }
}

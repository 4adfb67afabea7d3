import RopewalkKernels
import RopewalkModels

extension Lens {
    /// What a layer has in place of softmax attention; nil where it has that, or where there is no such layer.
    package func mixer(layer: Int) -> MixerTraits? {
        setup.layerTraits.indices.contains(layer) ? setup.layerTraits[layer].mixer : nil
    }

    /// A window of a layer's hidden map; nil where the layer has none, or not that matrix.
    package func mixerWindow(_ request: MixerRequest) -> MixerWindow? {
        guard let source = source(request.layer), request.matrix.isKnown(of: source.traits.kind),
            !request.units.isEmpty, request.units.lowerBound >= 0, request.units.upperBound <= source.traits.units,
            request.rows > 0, request.columns > 0, request.cell > 0
        else { return nil }
        return HiddenWindow(source, request, workers: workers).window(recording)
    }

    /// A row of a channel's or head's hidden map; nil where the layer has none or the token is not recorded.
    /// - Parameter count: of keys at most
    package func mixerRow(layer: Int, unit: Int, query: Int, keys count: Int = 12) -> MixerRow? {
        guard let source = source(layer), (0..<source.traits.units).contains(unit),
            (0..<recording.tokens).contains(query)
        else { return nil }
        let row = HiddenUnit(source, unit: unit).row(query, source, unit: unit)
        let absolute = row.weights.reduce(0) { $0 + abs($1) }
        let highest = row.weights.indices.sorted { abs(row.weights[$0]) > abs(row.weights[$1]) }.prefix(max(0, count))
        return MixerRow(
            layer: layer, unit: unit, query: query, sum: row.weights.reduce(0, +), absoluteSum: absolute,
            keys: highest.map { place in
                MixerRow.Key(
                    token: place, weight: row.weights[place],
                    share: absolute > 0 ? abs(row.weights[place]) / absolute : 0,
                    left: row.fading.isEmpty ? nil : row.fading[place])
            },
            through: source.through(unit), provenance: provenance)
    }

    /// How fast a channel or head forgets; nil where the layer has no such.
    package func mixerFading(layer: Int, unit: Int) -> MixerFading? {
        guard let source = source(layer), (0..<source.traits.units).contains(unit) else { return nil }
        return HiddenUnit(source, unit: unit).fading(layer: layer, unit: unit)
    }

    /// What a layer keeps of the tokens before; nil where it has attention.
    package func mixerStateSize(layer: Int) -> MixerStateSize? {
        guard let traits = mixer(layer: layer) else { return nil }
        let hasAttention = setup.layerTraits.contains { $0.mixer == nil }
        let perToken = hasAttention ? 2 * shape.keyValueHeads * shape.headDimension : 2 * shape.hidden
        return MixerStateSize(
            numbers: traits.stateNumbers, cachedPerToken: perToken, hasAttention: hasAttention,
            tokens: recording.ids.count)
    }

    private func source(_ layer: Int) -> MixerSource? {
        guard hasWholeModel, let traits = mixer(layer: layer) else { return nil }
        return MixerSource(recording: recording, layer: layer, traits: traits)
    }
}

import RopewalkMethods

/// Layers of a model that read alike: the same window, the same positions, the same scale.
package struct LayerKind: Equatable, Sendable, Encodable {
    /// How a kind of layers turns queries and keys.
    package struct Rope: Equatable, Sendable, Encodable {
        package let base: Double
        /// The spec of the position method that the configuration asks for.
        package let method: String
        /// Dimensions of a head that turn.
        package let dimensions: Int
    }

    /// Of a decoder, of an encoder, or across.
    package let attention: String
    /// "global", "local", "chunked", "sparse", or what is in the place of attention: "Mamba", "Mamba-2", "RWKV-4".
    package let kind: String
    /// From 0, ascending.
    package let layers: [Int]
    /// The windows' specs; empty where every query sees all that there is.
    package let windows: [String]
    /// One more than the furthest that a query and a key are apart, tokens; nil for no bound.
    package let reach: Int?
    /// "rotary positions", "ALiBi slopes", "none" ...
    package let positions: String
    /// Nil where nothing turns.
    package let rope: Rope?
    /// What products of queries and keys are multiplied by; nil where there are none.
    package let scale: Float?
    /// Scores become cap · tanh(score / cap); nil without.
    package let cap: Float?
    /// Whether a learned score of each head takes its share of the softmax.
    package let sinks: Bool
    /// How queries grow with their place; nil where they do not.
    package let growth: String?
    /// What a token leaves in the cache of one layer, numbers; nil where there is no cache.
    package let cached: Int?
    /// Whether that is a narrow state that keys and values are made of.
    package let isLatent: Bool
    /// Numbers that a layer keeps of all tokens before, whatever their number; nil where it has attention.
    package let state: Int?

    private enum CodingKeys: String, CodingKey {
        case attention, kind, layers, windows, reach, positions, rope, scale, cap, sinks, growth, cached, isLatent,
            state
    }

    /// As the JSON form: what there is none of is null, so that the keys are always the same.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(attention, forKey: .attention)
        try object.encode(kind, forKey: .kind)
        try object.encode(layers, forKey: .layers)
        try object.encode(windows, forKey: .windows)
        try object.encode(reach, forKey: .reach)
        try object.encode(positions, forKey: .positions)
        try object.encode(rope, forKey: .rope)
        try object.encode(scale, forKey: .scale)
        try object.encode(cap, forKey: .cap)
        try object.encode(sinks, forKey: .sinks)
        try object.encode(growth, forKey: .growth)
        try object.encode(cached, forKey: .cached)
        try object.encode(isLatent, forKey: .isLatent)
        try object.encode(state, forKey: .state)
    }
}

extension ModelTraits {
    /// The kinds of layers, those of the main attention first, each where its first layer comes.
    package var layerKinds: [LayerKind] { kinds.flatMap(layerKinds) }

    private func layerKinds(_ kind: AttentionKind) -> [LayerKind] {
        var found: [(LayerKind, layers: [Int])] = []
        for (index, layer) in layers(kind).enumerated() {
            let described = describe(layer, kind, layers: [])
            if let known = found.firstIndex(where: { $0.0 == described }) {
                found[known].layers.append(index)
            } else {
                found.append((described, layers: [index]))
            }
        }
        return found.map { describe(layers(kind)[$0.layers[0]], kind, layers: $0.layers) }
    }

    private func describe(_ layer: LayerTraits, _ kind: AttentionKind, layers: [Int]) -> LayerKind {
        let settings = layer.rope.flatMap { ropes.indices.contains($0) ? ropes[$0] : nil }
        let shape = shape(kind)
        let full = shape.keyValueHeads * shape.headDimension * 2
        return LayerKind(
            attention: kind.rawValue, kind: layer.reading, layers: layers,
            windows: layer.windows.map(\.spec) + [layer.selection?.spec].compactMap { $0 },
            reach: layer.reach, positions: positions(of: layer, kind),
            rope: settings.map { LayerKind.Rope(base: $0.base, method: $0.position.spec, dimensions: $0.dimensions) },
            scale: layer.mixer == nil ? layer.scoreScale : nil, cap: layer.softcap, sinks: layer.hasSinks,
            growth: layer.growth,
            cached: kind == .encoder || layer.mixer != nil ? nil : latent?.numbers ?? full, isLatent: latent != nil,
            state: layer.mixer?.stateNumbers)
    }

    /// What tells positions in a layer.
    private func positions(of layer: LayerTraits, _ kind: AttentionKind) -> String {
        guard kind != .cross else { return "none" }
        if case .rotary = scheme { return layer.rope == nil ? "none" : scheme.title }
        return scheme.title
    }
}

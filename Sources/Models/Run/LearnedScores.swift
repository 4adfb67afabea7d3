import RopewalkKernels
import RopewalkMethods

/// What of a model's weights scores are made with beside queries and keys.
struct LearnedScores: Sendable {
    /// Of every layer; nil for those without. [head]
    var sinks: [[Float]?] = []
    /// Of T5, the same in all layers.
    var buckets: RelativeBuckets?

    var isEmpty: Bool { buckets == nil && sinks.allSatisfy { $0 == nil } }
}

extension Model {
    func learnedScores(_ kind: AttentionKind) -> LearnedScores {
        let stack = kind == .encoder ? architecture.encoder : kind == .decoder ? architecture.decoder : nil
        guard let stack else { return LearnedScores() }
        return LearnedScores(sinks: stack.blocks.map { $0.mixer.attention?.sinks }, buckets: stack.relativeBuckets)
    }
}

extension RunSetup {
    /// Of a run of one kind of attention.
    /// - Parameters:
    ///   - inputs: of the model, whatever the kind.
    ///   - queries: tokens.
    ///   - keys: tokens.
    init(
        _ traits: ModelTraits, kind: AttentionKind, scenario: Scenario, inputs: ModelInputs, learned: LearnedScores,
        queries: Int, keys: Int
    ) {
        let globals = kind == .encoder ? inputs.globals ?? traits.standardGlobals?(inputs.ids) ?? [] : []
        var layers = traits.layers(kind)
        if kind != .cross, let change = traits.layersOfText { layers = change(layers, keys, globals) }
        if let buckets = learned.buckets {
            for layer in layers.indices { layers[layer].bias = .buckets(buckets) }
        }
        for (layer, sinks) in learned.sinks.enumerated() where layers.indices.contains(layer) {
            layers[layer].sinks = sinks
        }
        let present = kind == .decoder ? nil : inputs.presentKeys
        let shape = traits.shape(kind)
        self.init(
            modelTraits: traits, kind: kind, layerTraits: layers, scenario: scenario, layers: layers.count,
            heads: shape.heads,
            queries: queries, keys: keys, present: present, paddingSeesNothing: traits.paddingSeesNothing,
            globals: Set(globals.filter { (0..<keys).contains($0) && present?.contains($0) ?? true }),
            positions: traits.positions(scenario, kind: kind, tokens: max(queries, keys)),
            rules: traits.rules(scenario, layers: layers, heads: shape.heads, queries: queries, keys: keys))
    }
}

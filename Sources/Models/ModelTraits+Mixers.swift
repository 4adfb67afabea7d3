import RopewalkMethods
import RopewalkPhrases

extension ModelTraits {
    /// The decoder's layers with softmax attention; all of a model with another main stack.
    package var attentionLayers: [Int] {
        let layers = kinds.first.map(layers) ?? []
        return layers.indices.filter { layers[$0].mixer == nil }
    }

    /// Whether some layer has softmax attention.
    package var hasAttention: Bool { !attentionLayers.isEmpty }

    /// The decoder's layers with a recurrent mixer.
    package var mixerLayers: [Int] { decoder.indices.filter { decoder[$0].mixer != nil } }

    /// The sizes of what has softmax attention: no more layers than have it.
    package var attentionShape: ModelShape {
        var shape = shape
        shape.layers = attentionLayers.count
        return shape
    }

    /// Numbers that recurrent mixers keep of all tokens before, whatever their number.
    package var stateNumbers: Int { decoder.reduce(0) { $0 + ($1.mixer?.stateNumbers ?? 0) } }

    /// Why a layer has no heads, weights, keys and masks; nil where it has softmax attention.
    /// - Parameter model: its name
    package func attentionObstacle(layer: Int, model: String) -> String? {
        guard let layers = kinds.first.map(layers), layers.indices.contains(layer), let mixer = layers[layer].mixer
        else { return nil }
        let others = attentionLayers
        let rest =
            others.isEmpty
            ? say("no layer of \(model) has attention")
            : say(
                """
                of \(model) only \(others.count, one: "layer", many: "layers") \(others.rangesText) \
                \(others.count, one: "has", many: "have") attention
                """)
        return say("layer \(layer) has a state (\(mixer.kind.title)) in place of softmax attention; \(rest)")
    }

    /// The first method that finds no attention to work on, and why; nil where there is none.
    func obstacleOfMixers(to scenario: Scenario) -> (any Method, String)? {
        let recurrent = Set(mixerLayers)
        guard !recurrent.isEmpty else { return nil }
        if !hasAttention {
            let working: [(any Method)?] =
                scenario.windows.map { $0 } + [
                    scenario.selection, scenario.stateSelection, scenario.compression, scenario.kernel,
                ]
            if let method = working.compactMap({ $0 }).first {
                return (method, say("it works on softmax attention, and no layer of the model has any: leave it out"))
            }
        }
        for ablation in scenario.ablations where !ablation.heads.isEmpty {
            let layers = ablation.layers.isEmpty ? Array(decoder.indices) : ablation.layers
            guard let layer = layers.first(where: recurrent.contains) else { continue }
            return (ablation, say("layer \(layer) has no heads of attention: leave heads out, or name other layers"))
        }
        return nil
    }
}

import RopewalkMethods
import RopewalkPhrases

extension ModelTraits {
    /// What a position method has to work with for one of the model's rotary settings on a text.
    func context(rope: Int, tokens: Int) -> RotaryContext {
        RotaryContext(
            dimensions: ropes[rope].dimensions, base: ropes[rope].base, trainedWindow: shape.trainedWindow,
            tokens: tokens, heads: shape.heads)
    }
}

extension ModelOutline {
    /// The kinds of the model's layers.
    package var layerKinds: [LayerKind] { traits.layerKinds }
}

extension Model {
    /// Whether the model predicts the token after each, which losses are measured by.
    package func checkPredictsNext() throws(ModelError) {
        try requireWeights(for: say("what is lost is counted with them"))
        guard hasHead, kinds.first?.isCausal ?? false else { throw .noNextToken(model: name) }
    }
}

extension ModelTraits {
    /// Whether layers of a kind have different windows or rotary settings, so that what is shown is of one of them.
    package func differs(_ kind: AttentionKind) -> Bool {
        let layers = layers(kind)
        return layers.contains { $0.rope != layers[0].rope || $0.reach != layers[0].reach }
    }

    /// What a layer is among others: "local, window 512, base 10,000"; "global, no positions".
    package func title(of layer: LayerTraits) -> String {
        var parts = [layer.reading.said]
        if let reach = layer.reach?.grouped {
            parts.append(layer.reading == "chunked" ? say("chunk \(reach)") : say("window \(reach)"))
        }
        if let rope = layer.rope, ropes.indices.contains(rope) {
            parts.append(base(rope))
        } else if case .rotary = scheme {
            parts.append(say("no positions"))
        }
        return parts.joined(separator: ", ")
    }

    /// Which layers a position method changes, and what the others keep; nil where it changes all, or can change none.
    package var positionScope: String? {
        let layers = kinds.first.map(layers) ?? []
        let changed = layers.indices.filter { layers[$0].rope == 0 }
        guard isRotary, changed.count < layers.count else { return nil }
        func name(_ indices: [Int]) -> String {
            say("\(indices.count, one: "layer", many: "layers") \(indices.rangesText)")
        }
        var parts = [
            changed.isEmpty
                ? say("position methods change no layer")
                : say("position methods change \(name(changed)) (\(base(0)))")
        ]
        for rope in ropes.indices.dropFirst() {
            let own = layers.indices.filter { layers[$0].rope == rope }
            if !own.isEmpty { parts.append(say("\(name(own)) \(own.count, one: "keeps", many: "keep") \(base(rope))")) }
        }
        let still = layers.indices.filter { layers[$0].rope == nil }
        if !still.isEmpty { parts.append(say("\(name(still)) \(still.count, one: "has", many: "have") no positions")) }
        return parts.joined(separator: "; ")
    }

    private func base(_ rope: Int) -> String { say("base \(ropes[rope].baseText)") }
}

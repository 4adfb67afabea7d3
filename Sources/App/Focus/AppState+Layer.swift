import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

extension AppState {
    /// Which tokens a row of attention is about.
    var direction: AttentionDirection {
        switch focus.kind {
        case .decoder: .before
        case .encoder: .around
        case .cross: .across
        }
    }

    /// How the layer on the screen differs from plain softmax; windows that the text decides are known with the first
    /// recording.
    var traits: LayerTraits? {
        let known = lens?.setup.layerTraits ?? sources.model.value?.traits.layers(focus.kind) ?? []
        return known.indices.contains(focus.layer) ? known[focus.layer] : nil
    }

    /// The windows of the model itself in the layer on the screen.
    var ownWindows: [any WindowMethod] { traits?.windows ?? [] }

    /// Whether every query sees all keys that there are.
    var isDense: Bool {
        guard let setup = lens?.setup else { return scenario.isDense && ownWindows.isEmpty }
        return setup.isDense(layer: focus.layer, head: focus.head)
    }

    /// Why the head on the screen has no weights and masks; nil where its layer has softmax attention, and it is recorded.
    var attentionObstacle: String? {
        sources.model.value.flatMap { $0.traits.attentionObstacle(layer: focus.layer, model: $0.name) } ?? unrecorded
    }

    /// Why nothing is known of the head on the screen; nil where it is recorded.
    var unrecorded: String? { unrecorded(layer: focus.layer, head: focus.head) }

    /// What a recording of some layers or heads has, where a head is not among them; nil where it is.
    func unrecorded(layer: Int, head: Int) -> String? {
        guard let recording = lens?.recording, !recording.holds(layer: layer, head: head),
            let recorded = recording.recordedHeads
        else { return nil }
        let heads = (0..<recording.shape.heads).filter { recorded.contains(layer: layer, head: $0) }
        if heads.isEmpty {
            let layers = recorded.layers
            return say(
                """
                Layer \(layer) was not recorded: \(layers.count, one: "layer", many: "layers") \(layers.rangesText) \
                \(layers.count, one: "was", many: "were").
                """)
        }
        return say(
            """
            L\(layer) H\(head) was not recorded: of this layer \(heads.count, one: "head", many: "heads") \(heads.rangesText) \
            \(heads.count, one: "was", many: "were").
            """)
    }

    /// Why nothing is known of what weights are made of and lead to; nil where it is.
    var statesObstacle: String? {
        sources.model.value?.given == nil
            ? nil
            : say("Given maps: weights alone, without the queries, keys and values that this is about.")
    }

    /// How the model tells positions, in a few words.
    var positionName: String {
        guard focus.kind != .cross else { return say("content alone") }
        switch sources.model.value?.traits.scheme {
        case .alibi: return "ALiBi"
        case .learned: return say("learned positions")
        case .relativeBuckets: return say("relative buckets")
        case .relativeSinusoids: return say("relative sinusoids")
        case .recurrent: return say("a state")
        case .given: return say("given maps")
        case .rotary, nil: return "RoPE"
        }
    }

    /// Whether letters of experts stand below the rows of the text.
    var showsExperts: Bool { appearance.showsExperts && sources.model.value?.traits.experts != nil }

    /// The experts of the tokens that have bytes in `bytes`, in the layer on the screen; nil where they are not shown.
    func expertMarks(in bytes: Range<Int>) -> ExpertMarks? {
        guard showsExperts, let experts = sources.model.value?.traits.experts, let document = queryDocument,
            let recording = lens?.recording
        else { return nil }
        func choice(_ token: Int) -> [ExpertMarks.Share]? {
            guard let (chunk, row) = recording.place(of: token), chunk.layers.indices.contains(focus.layer),
                let router = chunk.layers[focus.layer].router
            else { return nil }
            return (row * router.chosen..<(row + 1) * router.chosen).map {
                ExpertMarks.Share(expert: Int(router.experts[$0]), share: router.weights[$0])
            }
        }
        let tokens = document.tokens(in: bytes).clamped(to: 0..<recording.tokens)
        return ExpertMarks(
            layer: focus.layer, count: experts.count, tokens: tokens,
            first: tokens.map { choice($0)?.first?.expert ?? 0 },
            atCursor: choice(focus.cursor) ?? [])
    }
}

extension AttentionDirection {
    /// As short as the header wants it.
    var shortName: String {
        switch self {
        case .before: say("full causal")
        case .around: say("full, both sides")
        case .across: say("all of the encoder")
        }
    }
}

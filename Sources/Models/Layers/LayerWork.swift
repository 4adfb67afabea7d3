import RopewalkKernels

/// Multiplications with weights that a layer takes for one token. What attention takes with other tokens is not among them.
package struct LayerWork: Hashable, Sendable {
    /// Of queries, keys, values and of what the heads give; of a recurrent mixer all that stands around its state.
    package let projections: Int
    /// Of the feed-forward layer; 0 where experts take its place.
    package var feedForward = 0
    /// Of the router, of one expert, and of the expert that works for every token; 0 without experts.
    package var router = 0
    package var expert = 0
    package var shared = 0

    /// - Parameter isAcross: whether keys and values are another text's, which are not made token by token
    init(_ block: Block, isAcross: Bool) {
        guard !isAcross else {
            let attention = block.cross?.attention
            projections = Self.weights([attention?.query, attention?.output])
            return
        }
        projections = Self.projections(block.mixer)
        switch block.feedForward {
        case .gated(let gate, let up, let down, _), .cut(let gate, let up, let down, _, _):
            feedForward = Self.weights([gate, up, down])
        case .plain(let up, let down, _): feedForward = Self.weights([up, down])
        case .experts(let experts):
            router = Self.weights([experts.router])
            expert = experts.experts.first.map(Self.weights) ?? 0
            shared = experts.shared.map { Self.weights($0.expert) + Self.weights([$0.gate]) } ?? 0
        case .channelMix(let mix): feedForward = Self.weights([mix.key, mix.value, mix.gate])
        case .none: break
        }
    }

    private static func projections(_ mixer: Mixer) -> Int {
        switch mixer {
        case .attention(let layer): projections(layer)
        case .recurrent(.selective(let mixer)):
            weights([mixer.input, mixer.gate, mixer.narrow, mixer.step, mixer.output])
        case .recurrent(.heads(let mixer)): weights([mixer.gate, mixer.input, mixer.step, mixer.output])
        case .recurrent(.mean(let mixer)): weights([mixer.key, mixer.value, mixer.gate, mixer.output])
        }
    }

    private static func projections(_ attention: AttentionLayer) -> Int {
        let latent = attention.latent
        // A layer that reads another one's keys and values makes none.
        let own = attention.keysOf == nil ? [attention.key, attention.value] : []
        return weights(
            own + [attention.query, attention.output, latent?.queryDown, latent?.down, latent?.turned]
                + (attention.relative?.turning ?? []))
    }

    private static func weights(_ expert: MixtureOfExperts.Expert) -> Int {
        weights([expert.gate, expert.up, expert.down])
    }

    private static func weights(_ matrices: [WeightMatrix?]) -> Int {
        matrices.reduce(0) { $0 + ($1.map { $0.outputs * $0.inputs } ?? 0) }
    }
}

extension Model {
    /// What every layer with such attention takes for a token. [layer]
    package func layerWork(_ kind: AttentionKind) -> [LayerWork] {
        let stack = kind == .encoder ? architecture.encoder : architecture.decoder
        return (stack?.blocks ?? []).map { LayerWork($0, isAcross: kind == .cross) }
    }
}

import RopewalkMethods
import RopewalkModels

/// What one layer computes for one token: how many keys its heads read, and which experts work.
package struct ComputedLayer: Equatable, Sendable {
    /// An expert that was chosen, and what it was multiplied by.
    package struct Expert: Equatable, Sendable {
        package let expert: Int
        package let weight: Float
        /// Whether it had no room, so that nothing is computed.
        package let isDropped: Bool
    }

    package let layer: Int
    /// Keys that a head reads, the head with the fewest and the one with the most.
    package let fewestKeys: Int
    package let mostKeys: Int
    /// Keys of all heads together.
    package let pairs: Int
    /// Keys that there are for the query.
    package let reachable: Int
    /// What hides keys in some head, as methods are written; empty where every head reads all there are.
    package let windows: [String]
    /// Whether the layer reads a state, in place of the keys (linear, performer, Mamba, RWKV).
    package let isRecurrent: Bool
    /// The strongest first; empty where the layer has one feed-forward network.
    package let experts: [Expert]
    /// Experts of the layer.
    package let expertCount: Int
    /// What the expert that works for every token is multiplied by; nil without one.
    package let sharedWeight: Float?
    /// Floating-point operations, two a multiplication with a weight.
    package let attentionFLOPs: Double
    package let projectionFLOPs: Double
    package let feedForwardFLOPs: Double

    package var flops: Double { attentionFLOPs + projectionFLOPs + feedForwardFLOPs }
}

extension Lens {
    /// What each layer computes for a token under the scenario; empty where the token is not recorded.
    ///
    /// Experts are those of the run. A head takes 4 · keys · dimension operations for scores and values.
    /// - Parameter work: of the model's layers with this kind of attention
    package func computed(for token: Int, work: [LayerWork]) -> [ComputedLayer] {
        guard (0..<recording.tokens).contains(token) else { return [] }
        return work.indices.prefix(shape.layers).map { computed(layer: $0, token: token, work: work[$0]) }
    }

    private func computed(layer: Int, token: Int, work: LayerWork) -> ComputedLayer {
        let mixer = mixer(layer: layer)
        let keys = mixer == nil ? (0..<shape.heads).map { seenCount(token, layer: layer, head: $0) } : []
        let router = router(layer: layer)
        let experts = experts(of: token, in: router)
        let working = experts.count { !$0.isDropped }
        let shared = router?.sharedWeight(token)
        let layerWeights =
            work.feedForward + work.router + working * work.expert + (shared == nil ? 0 : work.shared)
        let isRecurrent = mixer != nil || setup.isRecurrent(layer: layer)
        return ComputedLayer(
            layer: layer, fewestKeys: keys.min() ?? 0, mostKeys: keys.max() ?? 0, pairs: keys.reduce(0, +),
            reachable: keyEnd(token), windows: mixer == nil ? hidingSpecs(layer) : [], isRecurrent: isRecurrent,
            experts: experts,
            expertCount: router?.count ?? 0, sharedWeight: shared,
            attentionFLOPs: mixer.map(Self.scanFLOPs)
                ?? (isRecurrent ? recurrentFLOPs : 4 * Double(shape.headDimension) * Double(keys.reduce(0, +))),
            projectionFLOPs: 2 * Double(work.projections), feedForwardFLOPs: 2 * Double(layerWeights))
    }

    private func experts(of token: Int, in router: RouterReading?) -> [ComputedLayer.Expert] {
        guard let router, token < router.tokens else { return [] }
        return zip(router.experts(token), router.weights(token)).map {
            ComputedLayer.Expert(
                expert: $0, weight: $1, isDropped: router.rule.capacity != nil && $1 == 0)
        }
    }

    /// What hides keys in some head of a layer, each once.
    private func hidingSpecs(_ layer: Int) -> [String] {
        var specs: [String] = []
        for head in 0..<shape.heads {
            for window in setup.windows(layer: layer, head: head) {
                let hidesNothing = window is Full || recording.isCausal && window is Causal
                if !hidesNothing, !specs.contains(window.spec) { specs.append(window.spec) }
            }
        }
        let chosen: [(any Method)?] = [scenario.selection, setup.stateSelection]
        return specs + chosen.compactMap { $0?.spec }
    }

    /// Every number of the state fades, takes in what the token writes, and is read: three multiplications.
    private static func scanFLOPs(_ mixer: MixerTraits) -> Double { 6 * Double(mixer.channels * mixer.states) }

    /// The features of a query and a key, and a product of each with the state, in all heads.
    private var recurrentFLOPs: Double {
        guard let kernel = scenario.kernel else { return 0 }
        let attention = AttentionShape(
            tokens: 1, layers: 1, heads: shape.heads, keyHeads: shape.keyValueHeads, dimension: shape.headDimension)
        return MethodCost.recurrence(kernel, attention).flops
    }
}

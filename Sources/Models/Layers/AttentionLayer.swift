import RopewalkKernels

/// The projections of one layer's attention.
struct AttentionLayer: Sendable {
    let query: WeightMatrix
    let key: WeightMatrix
    let value: WeightMatrix
    let output: WeightMatrix
    /// RMS norms of every head before rotation.
    var queryNorm: Norm?
    var keyNorm: Norm?
    /// Queries, keys and values beyond ±clip are cut off.
    var clip: Float?
    /// What global tokens have in place of the projections above.
    var global: GlobalProjections?

    /// Longformer's second set of projections.
    struct GlobalProjections: Sendable {
        let query: WeightMatrix
        let key: WeightMatrix
        let value: WeightMatrix
    }
}

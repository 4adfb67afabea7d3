import RopewalkKernels

/// Several streams beside each other, of which every block runs on one and corrects the others (Gemma 3n; AltUp, Baykal et al.
/// 2023), and a narrow input of its own for every block.
struct AltUp: Sendable {
    /// The stream that blocks run on.
    let active: Int
    /// Make the other streams of the embedding, [hidden, hidden] each.
    let projections: [WeightMatrix]
    /// Bring the other streams back behind the last block, [hidden, hidden] each.
    let returns: [WeightMatrix]
    /// What a token is to every block, [token, block · width]; tokens beyond the table are token 0.
    let tokens: WeightMatrix
    /// The same from the embedding, [block · width, hidden].
    let projection: WeightMatrix
    /// Of each block's part.
    let norm: Norm
    /// Numbers of a block's input.
    let width: Int

    var streams: Int { projections.count + 1 }

    /// What a block has for its streams.
    struct Layer: Sendable {
        /// tanh(router · norm(x) / hidden) are the weights of the kinds of tokens. [streams, hidden]
        let router: WeightMatrix
        let routerNorm: Norm
        /// [streams · streams, streams]
        let prediction: WeightMatrix
        /// [streams, streams]
        let correction: WeightMatrix
        /// Multiplies the active stream for the gate; nil where the model does without.
        let outputScale: [Float]?
        /// [width, hidden] and [hidden, width]
        let gate: WeightMatrix
        let projection: WeightMatrix
        let norm: Norm
        let activation: Activation
        /// A residual of low rank beside attention (LAuReL, Menghani et al. 2024).
        let left: WeightMatrix
        let right: WeightMatrix
        let residualNorm: Norm
    }
}

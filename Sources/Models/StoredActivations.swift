import RopewalkKernels

/// The states between the layers that training keeps of a text to come back through them, in numbers.
///
/// Without more, one state a token and layer: L·N·d. Reversible layers (Gomez et al. 2017, Reformer) make the states before a
/// layer from those behind it, so that the two streams of the last one are all: 2·N·d.
package struct StoredActivations: Equatable, Sendable {
    package let layers: Int
    package let tokens: Int
    package let hidden: Int

    /// Sizes of a model and a text, which both have bounds far below overflow.
    package init(_ shape: ModelShape, tokens: Int) {
        (layers, self.tokens, hidden) = (shape.layers, tokens, shape.hidden)
    }

    package var standard: Int { layers * tokens * hidden }
    package var reversible: Int { 2 * tokens * hidden }
}

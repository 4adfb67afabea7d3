/// One head of a model, for methods that treat heads or layers differently.
package struct HeadPlace: Hashable, Sendable {
    package let layer: Int
    package let head: Int
    package let layers: Int
    package let heads: Int

    package init(layer: Int, head: Int, layers: Int, heads: Int) {
        self.layer = layer
        self.head = head
        self.layers = layers
        self.heads = heads
    }
}

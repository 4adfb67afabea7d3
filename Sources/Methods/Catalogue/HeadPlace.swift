/// One head of a model, for methods that treat heads or layers differently.
package struct HeadPlace: Hashable, Sendable {
    package let layer: Int
    package let head: Int
    package let layers: Int
    package let heads: Int
    /// Of a batch, for masks that differ between its items.
    package let item: Int

    package init(layer: Int, head: Int, layers: Int, heads: Int, item: Int = 0) {
        self.item = item
        self.layer = layer
        self.head = head
        self.layers = layers
        self.heads = heads
    }
}

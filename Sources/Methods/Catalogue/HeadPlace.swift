/// One head of a model, for methods that treat heads or layers differently.
public struct HeadPlace: Hashable, Sendable {
    public let layer: Int
    public let head: Int
    public let layers: Int
    public let heads: Int

    public init(layer: Int, head: Int, layers: Int, heads: Int) {
        self.layer = layer
        self.head = head
        self.layers = layers
        self.heads = heads
    }
}

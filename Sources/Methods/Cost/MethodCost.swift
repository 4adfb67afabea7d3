/// The sizes that the cost of attention depends on.
package struct AttentionShape: Equatable, Sendable {
    package let tokens: Int
    package let layers: Int
    package let heads: Int
    package let keyHeads: Int
    /// Of one head.
    package let dimension: Int

    package init(tokens: Int, layers: Int, heads: Int, keyHeads: Int, dimension: Int) {
        self.tokens = tokens
        self.layers = layers
        self.heads = heads
        self.keyHeads = keyHeads
        self.dimension = dimension
    }
}

/// What attention costs over a whole text, projections not counted.
package struct MethodCost: Equatable, Sendable {
    /// Operations, a multiplication and an addition counted as two.
    package let flops: Double
    /// Keys and values that are cached at the end of the text, in float32 where the method does not say otherwise.
    package let kvBytes: Double

    package init(flops: Double, kvBytes: Double) {
        self.flops = flops
        self.kvBytes = kvBytes
    }
}

/// A method whose cost follows from counts alone.
package protocol Costed: Method {
    /// Keys that a query reads, at most.
    func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int
    /// Operations to choose them, beside the scores of what is read.
    func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double
    /// Keys that are cached at the end of a text.
    func keysCached(tokens: Int, in place: HeadPlace) -> Int
    /// Over a whole text in all layers and heads.
    func cost(of shape: AttentionShape) -> MethodCost
}

extension Costed {
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double { 0 }
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int { tokens }

    package func cost(of shape: AttentionShape) -> MethodCost {
        MethodCost(flops: flops(of: shape), kvBytes: 8 * Double(shape.dimension) * keysCached(in: shape))
    }

    /// 4·d for each key that is read (score and value), and what the choice takes.
    func flops(of shape: AttentionShape) -> Double {
        var total = 0.0
        for place in shape.places(heads: shape.heads) {
            var keys = 0
            var choice = 0.0
            for query in 0..<shape.tokens {
                keys += keysRead(query: query, tokens: shape.tokens, in: place)
                choice += choiceFlops(query: query, in: place, dimension: shape.dimension)
            }
            total += 4 * Double(shape.dimension) * Double(keys) + choice
        }
        return total
    }

    /// Of all key heads, each taken at its first query head.
    func keysCached(in shape: AttentionShape) -> Double {
        let group = max(1, shape.heads / max(1, shape.keyHeads))
        return shape.places(heads: shape.heads).filter { $0.head % group == 0 }
            .reduce(0) { $0 + Double(keysCached(tokens: shape.tokens, in: $1)) }
    }
}

extension AttentionShape {
    fileprivate func places(heads: Int) -> [HeadPlace] {
        (0..<layers).flatMap { layer in
            (0..<heads).map { HeadPlace(layer: layer, head: $0, layers: layers, heads: heads) }
        }
    }
}

extension Costed where Self: WindowMethod {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        guard let window = window(in: place) else { return min(query + 1, tokens) }
        return window.visibleKeys(query: query, tokens: tokens).count(in: 0..<query + 1)
    }
}

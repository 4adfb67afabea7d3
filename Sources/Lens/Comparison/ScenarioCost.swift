import RopewalkMethods
import RopewalkModels

extension MethodCost {
    /// What attention over a text costs under a scenario: scores and values of the keys that queries see, what a
    /// selection takes to choose them, and what stays in the cache.
    package init(_ scenario: Scenario, model: ModelShape, tokens: Int) {
        let shape = AttentionShape(
            tokens: tokens, layers: model.layers, heads: model.heads, keyHeads: model.keyValueHeads,
            dimension: model.headDimension)
        let costs = (scenario.methods.compactMap { $0 as? any Costed }).map { $0.cost(of: shape) }
        let plain = Causal().cost(of: shape)
        let seen = 4 * Double(model.headDimension) * Self.visiblePairs(scenario, shape)
        let selection = (scenario.selection ?? scenario.stateSelection) as? any Costed
        let flops = selection.map { $0.cost(of: shape).flops } ?? seen
        var bytes = costs.reduce(plain.kvBytes) { min($0, $1.kvBytes) }
        if let compression = scenario.compression {
            let compressed = compression.cacheBytes(tokens: tokens, dimension: model.headDimension, exactBytes: 4)
            bytes = min(bytes, compressed * Double(model.layers * model.keyValueHeads))
        }
        if let kernel = scenario.kernel, scenario.isDense {
            self = .recurrence(kernel, shape)
            return
        }
        self.init(flops: flops, kvBytes: bytes)
    }

    /// What a kernel takes as a recurrence: the features of queries and keys, and a product of each with the state, which
    /// is all that is kept.
    static func recurrence(_ kernel: any KernelMethod, _ shape: AttentionShape) -> MethodCost {
        let features = Double(kernel.featureCount(dimension: shape.dimension))
        let dimension = Double(shape.dimension)
        let heads = Double(shape.layers * shape.heads)
        let keyHeads = Double(shape.layers * shape.keyHeads)
        let projected = kernel.form.isOfDimensions ? 0 : 4 * features * dimension
        return MethodCost(
            flops: Double(shape.tokens) * heads * (projected + 4 * features * dimension),
            kvBytes: 4 * keyHeads * Double(kernel.stateCount(dimension: shape.dimension)))
    }

    /// Pairs that windows let see each other, over all layers and heads.
    private static func visiblePairs(_ scenario: Scenario, _ shape: AttentionShape) -> Double {
        var known: [String: Double] = [:]
        var total = 0.0
        for layer in 0..<shape.layers {
            for head in 0..<shape.heads {
                let place = HeadPlace(layer: layer, head: head, layers: shape.layers, heads: shape.heads)
                let windows = scenario.windows(in: place)
                let key = windows.map(\.spec).joined(separator: " ")
                if known[key] == nil {
                    known[key] = Double(
                        (0..<shape.tokens).reduce(0) { sum, query in
                            sum
                                + windows.reduce(KeyRanges(0..<query + 1)) {
                                    $0.intersection($1.visibleKeys(query: query, tokens: shape.tokens))
                                }.count
                        })
                }
                total += known[key] ?? 0
            }
        }
        return total
    }
}

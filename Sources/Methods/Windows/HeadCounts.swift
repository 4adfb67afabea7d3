/// How many items, layers and heads there are, which methods and claims may name.
package struct HeadCounts: Equatable, Sendable {
    package let items: Int
    package let layers: Int
    package let heads: Int

    package init(items: Int = 1, layers: Int, heads: Int) {
        self.items = items
        self.layers = layers
        self.heads = heads
    }

    /// Why a scope names what is not there; nil where all of it is.
    ///
    /// - Parameter advice: what else to do about layers and heads.
    package func problem(with scope: HeadScope, advice: String = "") -> MethodError? {
        let axes = [
            (HeadScope(items: scope.items), scope.items, items, "item"),
            (HeadScope(layers: scope.layers), scope.layers, layers, "layer"),
            (HeadScope(heads: scope.heads), scope.heads, heads, "head"),
        ]
        for (part, indices, count, name) in axes {
            guard let end = indices?.ranges.last?.upperBound, end > count else { continue }
            let more = name == "item" ? "" : advice
            let known = count > 1 ? "\(name)s 0 to \((count - 1).grouped)" : "\(name) 0 only"
            return .scope(part.suffix, "there \(count > 1 ? "are" : "is") \(known): name what is there\(more)")
        }
        return nil
    }
}

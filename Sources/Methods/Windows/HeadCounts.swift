import RopewalkPhrases

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
            return .scope(
                part.suffix,
                say("there \(count, one: "is", many: "are") \(known(name, count)): name what is there\(more)"))
        }
        return nil
    }

    private func known(_ name: String, _ count: Int) -> String {
        let last = (count - 1).grouped
        return switch (name, count) {
        case ("item", 1): say("item 0 only")
        case ("layer", 1): say("layer 0 only")
        case ("head", 1): say("head 0 only")
        case ("item", _): say("items 0 to \(last)")
        case ("layer", _): say("layers 0 to \(last)")
        default: say("heads 0 to \(last)")
        }
    }
}

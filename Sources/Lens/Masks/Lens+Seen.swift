import RopewalkMethods

extension Lens {
    /// How many of some keys a query sees in every head, as a share of those that stand no later than it; NaN where the head
    /// has no mask, or where it is not known. [layer · head]
    package func seenShares(of keys: TokenSpan, query: Int) -> [Float] {
        (0..<shape.layers * shape.heads).map { index in
            seenShare(of: keys, query: query, layer: index / shape.heads, head: index % shape.heads)
        }
    }

    private func seenShare(of keys: TokenSpan, query: Int, layer: Int, head: Int) -> Float {
        guard has(layer: layer, head: head, token: query), let reachable = keys.clamped(below: keyEnd(query)),
            let seen = seenKeys(query, layer: layer, head: head)
        else { return .nan }
        return Float(seen.intersection(KeyRanges(reachable.ranges)).count) / Float(reachable.count)
    }

    private func seenKeys(_ query: Int, layer: Int, head: Int) -> KeyRanges? {
        // Without a selection by scores no score decides.
        guard scenario.selection != nil else { return visibleKeys(query, layer: layer, head: head) }
        return FullRows(self, layer: layer, head: head, queries: [query]).map {
            seenKeys($0, layer: layer, head: head, query: query)
        }
    }
}

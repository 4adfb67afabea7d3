/// What a token can know of another one after some layers: attention and, in every layer, the residual.
package struct Reachability: Sendable {
    /// The masks of the layers, lowest first, over the same tokens. Heads of a layer are joined beforehand.
    package let layers: [any MaskRows]

    /// One step of a path: in a layer (from 0), a query read a key.
    package struct Hop: Equatable, Sendable {
        package let layer: Int
        package let query: Int
        package let key: Int
    }

    package init(_ layers: [any MaskRows]) { self.layers = layers }

    /// `count` layers with one mask.
    package init(_ mask: some MaskRows, layers count: Int) {
        layers = Array(repeating: mask, count: count)
    }

    /// For every token, after how many layers it can know of `key`: 0 for the key itself, nil for never.
    package func depths(from key: Int) -> [Int?] {
        let tokens = layers.first?.tokens ?? 0
        var depths = [Int?](repeating: nil, count: tokens)
        guard depths.indices.contains(key) else { return depths }
        depths[key] = 0
        for (index, layer) in layers.enumerated() {
            // known[i]: how many of the first i tokens know of the key.
            var known: [Int32] = [0]
            known.reserveCapacity(tokens + 1)
            for token in 0..<tokens { known.append(known[token] + (depths[token] == nil ? 0 : 1)) }
            if known[tokens] == tokens { break }
            for query in 0..<tokens where depths[query] == nil {
                if layer.row(query).ranges.contains(where: { known[$0.upperBound] > known[$0.lowerBound] }) {
                    depths[query] = index + 1
                }
            }
        }
        return depths
    }

    /// The keys that `query` can know of after all layers, itself included.
    package func keys(reaching query: Int) -> KeyRanges {
        layers.reversed().reduce(KeyRanges(query..<query + 1)) { Self.keys(behind: $0, in: $1) }
    }

    /// What some tokens can know of through one layer: themselves and the keys that they see.
    static func keys(behind reached: KeyRanges, in layer: any MaskRows) -> KeyRanges {
        var changes = [Int](repeating: 0, count: layer.tokens + 1)
        for token in reached.ranges.joined() {
            for range in layer.row(token).ranges + [token..<token + 1] {
                changes[range.lowerBound] += 1
                changes[range.upperBound] -= 1
            }
        }
        var level = 0
        var start = 0
        var ranges: [Range<Int>] = []
        for token in 0...layer.tokens {
            let before = level
            level += changes[token]
            if before == 0, level > 0 { start = token }
            if before > 0, level == 0 { ranges.append(start..<token) }
        }
        return KeyRanges(canonical: ranges)
    }

    /// How `query` can first know of `key`, from the key on; empty where they are one, nil where it never can.
    package func path(from key: Int, to query: Int) -> [Hop]? {
        let depths = depths(from: key)
        guard depths.indices.contains(query), depths[query] != nil else { return nil }
        var hops: [Hop] = []
        var token = query
        while let depth = depths[token], depth > 0 {
            let row = layers[depth - 1].row(token)
            let earlier = row.ranges.joined().lazy.filter { (depths[$0] ?? .max) < depth }
            guard let next = earlier.min(by: { (depths[$0] ?? 0, $0) < (depths[$1] ?? 0, $1) }) else { return nil }
            hops.append(Hop(layer: depth - 1, query: token, key: next))
            token = next
        }
        return hops.reversed()
    }
}

/// The heads of a layer together: a key is allowed where one of them allows it.
package struct JointMask: MaskRows {
    private let masks: [Mask]

    /// At least one, all over the same tokens.
    package init(_ masks: [Mask]) {
        // Callers hand over the masks of all layers; a model without layers is refused when it is read.
        precondition(!masks.isEmpty)
        self.masks = masks
    }

    package var tokens: Int { masks[0].tokens }

    package func row(_ query: Int) -> KeyRanges {
        masks.count == 1 ? masks[0].row(query) : KeyRanges(masks.flatMap { $0.row(query).ranges })
    }
}

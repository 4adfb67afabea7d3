import RopewalkMethods

/// How two masks differ, head by head.
struct MaskPairDifference {
    /// Of each group of heads that differ, or agree, alike.
    let parts: [(places: [HeadPlace], difference: MaskDiff)]
    let pair: MaskPair

    var isEmpty: Bool { parts.allSatisfy(\.difference.isEmpty) }

    /// A line a group of heads that differ, or one that all agree.
    var lines: [String] {
        let names = pair.names
        let differing = parts.filter { !$0.difference.isEmpty }
        guard !differing.isEmpty else {
            return [
                parts[0].difference.summary(names.0, names.1, block: pair.block)
                    + (parts[0].places.isEmpty ? "" : pair.mask.extent)
            ]
        }
        return differing.map { part in
            let name = HeadNames(part.places, of: pair.mask).text
            return (name.isEmpty ? "" : name + ": ") + part.difference.summary(names.0, names.1, block: pair.block)
        }
    }
}

extension MaskReport {
    struct Difference: Encodable {
        struct Place: Encodable {
            let query: Int
            let key: Int
        }
        struct Part: Encodable {
            let item: Int
            let layer: Int
            let head: Int
            let onlyInFirst: Int
            let onlyInSecond: Int
            let first: Place?
        }
        let methods: [String]
        let tokens: Int
        let onlyInFirst: Int
        let onlyInSecond: Int
        let first: Place?
        /// Of every head that differs; left out where there is one mask.
        let heads: [Part]?

        init(_ whole: MaskPairDifference) {
            let differing = whole.parts.filter { !$0.difference.isEmpty }
            func place(_ diff: MaskDiff) -> Place? { diff.first.map { Place(query: $0.query, key: $0.key) } }
            methods = [whole.pair.names.0, whole.pair.names.1]
            tokens = whole.parts[0].difference.tokens
            let weights = whole.parts.map { (max(1, $0.places.count), $0.difference) }
            onlyInFirst = weights.reduce(0) { $0 + $1.0 * $1.1.onlyInFirst }
            onlyInSecond = weights.reduce(0) { $0 + $1.0 * $1.1.onlyInSecond }
            first = differing.first.flatMap { place($0.difference) }
            let parts = differing.flatMap { part in
                part.places.map {
                    Part(
                        item: $0.item, layer: $0.layer, head: $0.head, onlyInFirst: part.difference.onlyInFirst,
                        onlyInSecond: part.difference.onlyInSecond, first: place(part.difference))
                }
            }
            heads = whole.pair.mask.heads.isEmpty ? nil : parts
        }
    }

    static func difference(_ pair: MaskPair) throws -> MaskPairDifference {
        guard !pair.mask.heads.isEmpty else {
            return MaskPairDifference(parts: [([], try pair.difference(pair.mask.mask, pair.other.mask))], pair: pair)
        }
        let named = zip(pair.mask.heads, pair.other.heads).map { ($0.mask.identity + " " + $1.mask.identity, $0.place) }
        let parts = try HeadMasks.grouped(named).map { indices in
            let first = indices[0]
            return (
                indices.map { pair.mask.heads[$0].place },
                try pair.difference(pair.mask.heads[first].mask, pair.other.heads[first].mask)
            )
        }
        return MaskPairDifference(parts: parts, pair: pair)
    }

    /// Whether the masks are the same.
    static func compare(_ pair: MaskPair, json: Bool) throws -> Bool {
        let difference = try difference(pair)
        try StandardOutput.write(
            json ? JSONText.encode(Difference(difference)) : difference.lines.map { $0 + "\n" }.joined())
        return difference.isEmpty
    }
}

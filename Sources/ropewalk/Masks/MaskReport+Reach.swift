import RopewalkMethods

extension MaskReport {
    private struct Way: Encodable {
        struct Step: Encodable {
            let layer: Int
            let query: Int
            let key: Int
        }
        let query: Int
        let key: Int
        let layers: Int?
        let path: [Step]
    }

    /// On which way a query can know of a key.
    static func reach(_ place: QueryAndKey, in heads: HeadMasks, json: Bool) throws {
        _ = try heads.mask.why(query: place.query, key: place.key)
        let layers = heads.joined
        let reachability = layers.isEmpty ? Reachability(heads.mask, layers: 1024) : Reachability(layers)
        let path = reachability.path(from: place.key, to: place.query)
        let count = path.map { ($0.last?.layer ?? -1) + 1 }
        if json {
            let steps = (path ?? []).map { Way.Step(layer: $0.layer, query: $0.query, key: $0.key) }
            return try StandardOutput.write(
                JSONText.encode(Way(query: place.query, key: place.key, layers: count, path: steps)))
        }
        let names = "query \(place.query.grouped) \(count == nil ? "cannot know" : "knows") of key \(place.key.grouped)"
        guard let path, let count else {
            return try StandardOutput.write("\(names) within \(reachability.layers.count.grouped) layers\n")
        }
        let hops = path.map { "layer \($0.layer): query \($0.query.grouped) reads key \($0.key.grouped)\n" }
        let after = count == 1 ? "1 layer" : "\(count.grouped) layers"
        try StandardOutput.write("\(names) after \(after)\n" + hops.joined())
    }
}

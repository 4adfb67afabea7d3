import RopewalkMethods
import RopewalkPhrases

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

    /// On which way a query can know of a key; of a batch, in every item.
    static func reach(_ place: QueryAndKey, in heads: HeadMasks, json: Bool) throws {
        _ = try heads.mask.why(query: place.query, key: place.key)
        guard heads.mask.isSquare else {
            throw CommandError.combination(say("--reach goes through layers, which have as many queries as keys"))
        }
        let ways = heads.items.map { item in
            // Of a file without a model its heads are those of a layer that all layers are like.
            let layers = heads.joined(item: item)
            let isModel = heads.places.contains { $0.layers > 1 }
            let reachability =
                layers.isEmpty
                ? Reachability(heads.mask, layers: 1024)
                : Reachability(isModel ? layers : Array(repeating: layers[0], count: 1024))
            return (item, reachability.layers.count, reachability.path(from: place.key, to: place.query))
        }
        if json {
            let objects = ways.map { _, _, path in
                Way(
                    query: place.query, key: place.key, layers: path.map { ($0.last?.layer ?? -1) + 1 },
                    path: (path ?? []).map { Way.Step(layer: $0.layer, query: $0.query, key: $0.key) })
            }
            return try StandardOutput.write(objects.count == 1 ? JSONText.encode(objects[0]) : JSONText.encode(objects))
        }
        for (item, layers, path) in ways {
            try StandardOutput.write((ways.count > 1 ? say("item \(item): ") : "") + text(place, layers: layers, path))
        }
    }

    private static func text(_ place: QueryAndKey, layers: Int, _ path: [Reachability.Hop]?) -> String {
        let names = say(
            "query \(place.query.grouped) \(path == nil ? say("cannot know") : say("knows")) of key \(place.key.grouped)"
        )
        guard let path else { return say("\(names) within \(layers.grouped) layers\n") }
        let count = (path.last?.layer ?? -1) + 1
        let hops = path.map { say("layer \($0.layer): query \($0.query.grouped) reads key \($0.key.grouped)\n") }
        return say("\(names) after \(count == 1 ? say("1 layer") : say("\(count.grouped) layers"))\n") + hops.joined()
    }
}

import RopewalkMethods

/// What `ropewalk mask` says of a mask in place of the mask itself.
enum MaskReport {
    private struct Fault: Encodable {
        let kind: String
        let count: Int
        let message: String
    }

    private struct Difference: Encodable {
        struct Place: Encodable {
            let query: Int
            let key: Int
        }
        let methods: [String]
        let tokens: Int
        let onlyInFirst: Int
        let onlyInSecond: Int
        let first: Place?
    }

    private struct Reason: Encodable {
        let query: Int
        let key: Int
        let visible: Bool
        let rule: String
        let reason: String
    }

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

    private struct Tiles: Encodable {
        let block: Int
        let blocks: Int
        let full: Int
        let partial: Int
        let empty: Int
        let blockDensity: Double
        let density: Double
        let efficiency: Double
    }

    /// Whether there are no faults; `claims` stand in place of what the method promises.
    static func check(_ heads: HeadMasks, _ claims: [MaskClaim]?, block: Int, json: Bool) throws -> Bool {
        var findings: [(prefix: String, finding: Finding)] = []
        for (place, mask) in heads.different {
            let found =
                try claims.map { try MaskLint.findings(in: mask, claims: $0, block: block, layers: heads.joined) }
                ?? MaskLint.findings(in: mask, expecting: mask.expectation)
            let prefix = place.map { "layer \($0.layer), head \($0.head): " } ?? ""
            findings += found.map { (prefix, $0) }
        }
        if claims == nil, let lost = MaskLint.unreachableTokens(heads.joined) { findings.append(("", lost)) }
        if json {
            let faults = findings.map {
                Fault(kind: $1.kind.rawValue, count: $1.count, message: $0 + $1.message)
            }
            try StandardOutput.write(JSONText.encode(faults))
        } else if findings.isEmpty {
            try StandardOutput.write("\(heads.mask.spec) over \(heads.mask.tokens.grouped) tokens: no faults\n")
        } else {
            try StandardOutput.write(findings.map { "\($1.kind.rawValue): \($0)\($1.message)\n" }.joined())
        }
        return findings.isEmpty
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

    /// What a kernel of whole blocks makes of the mask.
    static func tiles(_ mask: Mask, side: Int, json: Bool) throws {
        let tiles = try MaskTiles(mask, side: side)
        if json {
            return try StandardOutput.write(
                JSONText.encode(
                    Tiles(
                        block: side, blocks: tiles.count, full: tiles.full, partial: tiles.partial, empty: tiles.empty,
                        blockDensity: tiles.density, density: mask.density, efficiency: tiles.efficiency)))
        }
        try StandardOutput.write(
            "\(mask.spec) over \(mask.tokens.grouped) tokens, blocks of \(side.grouped): \(tiles.full.grouped) full, "
                + "\(tiles.partial.grouped) in part, \(tiles.empty.grouped) empty; block density \(tiles.density), "
                + "density \(mask.density), efficiency \(tiles.efficiency)\n")
    }

    /// Whether the masks are the same.
    static func compare(_ mask: Mask, _ other: Mask, json: Bool) throws -> Bool {
        let diff = try MaskDiff(mask, other)
        let object = Difference(
            methods: [mask.spec, other.spec], tokens: diff.tokens, onlyInFirst: diff.onlyInFirst,
            onlyInSecond: diff.onlyInSecond,
            first: diff.first.map { Difference.Place(query: $0.query, key: $0.key) })
        try StandardOutput.write(json ? JSONText.encode(object) : diff.summary(mask.spec, other.spec) + "\n")
        return diff.isEmpty
    }

    static func explain(_ place: QueryAndKey, in mask: Mask, json: Bool) throws {
        let reason = try mask.why(query: place.query, key: place.key)
        let object = Reason(
            query: place.query, key: place.key, visible: reason.isVisible, rule: reason.rule.rawValue,
            reason: reason.sentence)
        let verb = reason.isVisible ? "sees" : "does not see"
        try StandardOutput.write(
            json
                ? JSONText.encode(object)
                : "query \(place.query.grouped) \(verb) key \(place.key.grouped): \(reason.sentence)\n")
    }
}

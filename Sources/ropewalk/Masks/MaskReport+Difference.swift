import RopewalkMethods

extension MaskReport {
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
}

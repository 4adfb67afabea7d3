import Methods

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

    /// Whether there are no faults.
    static func check(_ mask: Mask, json: Bool) throws -> Bool {
        let findings = MaskLint.findings(in: mask, expecting: mask.expectation)
        if json {
            let faults = findings.map { Fault(kind: $0.kind.rawValue, count: $0.count, message: $0.message) }
            try StandardOutput.write(JSONText.encode(faults))
        } else if findings.isEmpty {
            try StandardOutput.write("\(mask.spec) over \(mask.tokens.grouped) tokens: no faults\n")
        } else {
            try StandardOutput.write(findings.map { "\($0.kind.rawValue): \($0.message)\n" }.joined())
        }
        return findings.isEmpty
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

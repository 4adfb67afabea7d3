import RopewalkMethods

extension MaskReport {
    private struct Reason: Encodable {
        let query: Int
        let key: Int
        let visible: Bool
        let rule: String
        let reason: String
    }

    /// Why a query sees a key or does not.
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

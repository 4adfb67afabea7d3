import RopewalkMethods
import RopewalkPhrases

extension MaskReport {
    private struct Reason: Encodable {
        let item: Int?
        let layer: Int?
        let head: Int?
        let query: Int
        let key: Int
        let visible: Bool
        let rule: String
        let reason: String
    }

    /// Why a query sees a key or does not, in every head that answers differently.
    static func explain(_ place: QueryAndKey, in heads: HeadMasks, json: Bool) throws {
        var answers: [(places: [HeadPlace], reason: VisibilityReason)] = []
        for group in heads.different {
            let reason = try group.mask.why(query: place.query, key: place.key)
            if let index = answers.firstIndex(where: { $0.reason == reason }) {
                answers[index].places += group.places
            } else {
                answers.append((group.places, reason))
            }
        }
        if json {
            let objects = answers.map { answer in
                let first = answers.count > 1 ? answer.places.first : nil
                return Reason(
                    item: first?.item, layer: first?.layer, head: first?.head, query: place.query, key: place.key,
                    visible: answer.reason.isVisible, rule: answer.reason.rule.rawValue, reason: answer.reason.sentence)
            }
            return try StandardOutput.write(objects.count == 1 ? JSONText.encode(objects[0]) : JSONText.encode(objects))
        }
        for (places, reason) in answers {
            let name = answers.count > 1 ? HeadNames(places, of: heads).text + ": " : ""
            let verb = reason.isVisible ? say("sees") : say("does not see")
            try StandardOutput.write(
                say(
                    "\(name)\(heads.mask.name(ofQuery: place.query)) \(verb) key \(place.key.grouped): \(reason.sentence)\n"
                )
            )
        }
    }
}

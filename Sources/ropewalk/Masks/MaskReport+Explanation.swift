import RopewalkMethods

extension MaskReport {
    private struct Explanation: Encodable {
        let item: Int?
        let layer: Int?
        let head: Int?
        let methods: [String]
        let complement: Bool
        let alignment: String?
        let exact: Bool
        let extra: Int
        let missing: Int
        let query: Int?
        let key: Int?
        let message: String
    }

    /// The simplest rule that every head follows, and where it departs from it.
    static func explanation(_ heads: HeadMasks, json: Bool) throws {
        var answers: [(places: [HeadPlace], explanation: MaskExplanation)] = []
        for group in heads.different {
            let explanation = try MaskExplanation(group.mask)
            if let index = answers.firstIndex(where: { $0.explanation == explanation }) {
                answers[index].places += group.places
            } else {
                answers.append((group.places, explanation))
            }
        }
        guard !json else {
            return try StandardOutput.write(
                JSONText.encode(
                    answers.flatMap { places, explanation in
                        places.isEmpty
                            ? [object(nil, explanation, heads)] : places.map { object($0, explanation, heads) }
                    }))
        }
        for (places, explanation) in answers {
            let name = HeadNames(places, of: heads).text
            try StandardOutput.write("\(name.isEmpty ? "" : name + ": ")\(sentence(explanation, heads.mask))\n")
        }
    }

    private static func object(_ place: HeadPlace?, _ explanation: MaskExplanation, _ heads: HeadMasks) -> Explanation {
        Explanation(
            item: place?.item, layer: place?.layer, head: place?.head, methods: explanation.specs,
            complement: explanation.isComplement, alignment: explanation.isTopLeft ? "top-left" : nil,
            exact: explanation.isExact, extra: explanation.extra,
            missing: explanation.missing, query: explanation.first?.query, key: explanation.first?.key,
            message: sentence(explanation, heads.mask))
    }

    private static func sentence(_ explanation: MaskExplanation, _ mask: Mask) -> String {
        let rule = (explanation.isComplement ? "the complement of " : "") + explanation.text
        guard let first = explanation.first else {
            if explanation.isComplement, explanation.specs == [Full().spec] {
                return "all is hidden: no query sees any key"
            }
            if explanation.isTopLeft {
                return "\(rule), aligned to the top left: its first query stands at key 0 (--offset top-left)"
            }
            if !explanation.pattern.isEmpty { return "\(rule): \(explanation.pattern)" }
            return explanation.isComplement ? rule + ": visible and hidden are swapped" : rule
        }
        guard explanation.isTelling else {
            return "no rule of the catalogue; the nearest is \(rule), but for "
                + "\((explanation.extra + explanation.missing).grouped) pairs"
        }
        let parts = [(explanation.extra, "more"), (explanation.missing, "fewer")].filter { $0.0 > 0 }
            .map { "\($0.0.grouped) \($0.0 == 1 ? "pair" : "pairs") \($0.1)" }
        let pattern = explanation.pattern.isEmpty ? "" : ", \(explanation.pattern)"
        return
            "\(rule) but for \(parts.joined(separator: " and "))\(pattern); first: \(mask.name(ofQuery: first.query)), "
            + "key \(first.key.grouped)"
    }
}

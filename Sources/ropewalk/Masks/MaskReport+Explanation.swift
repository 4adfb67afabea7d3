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
        let answers = try heads.explanations()
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
            try StandardOutput.write("\(name.isEmpty ? "" : name + ": ")\(explanation.sentence(of: heads.mask))\n")
        }
    }

    private static func object(_ place: HeadPlace?, _ explanation: MaskExplanation, _ heads: HeadMasks) -> Explanation {
        Explanation(
            item: place?.item, layer: place?.layer, head: place?.head, methods: explanation.specs,
            complement: explanation.isComplement, alignment: explanation.isTopLeft ? "top-left" : nil,
            exact: explanation.isExact, extra: explanation.extra,
            missing: explanation.missing, query: explanation.first?.query, key: explanation.first?.key,
            message: explanation.sentence(of: heads.mask))
    }
}

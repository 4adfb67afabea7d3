import RopewalkPhrases

extension MaskExplanation {
    /// One line for people; with it what no mask shows, where its authors let some keys count several times.
    package func sentence(of mask: some MaskRows) -> String {
        ruleSentence(of: mask) + ((mask as? Mask)?.countedText ?? "")
    }

    private func ruleSentence(of mask: some MaskRows) -> String {
        let rule = isComplement ? say("the complement of \(text)") : text
        guard let first else {
            if isComplement, specs == [Full().spec] {
                return say("all is hidden: no query sees any key")
            }
            if isTopLeft {
                return say("\(rule), aligned to the top left: its first query stands at key 0 (--offset top-left)")
            }
            if !pattern.isEmpty { return "\(rule): \(pattern)" }
            return isComplement ? say("\(rule): visible and hidden are swapped") : rule
        }
        guard isTelling else {
            return say("no rule of the catalogue; the nearest is \(rule), but for \((extra + missing).grouped) pairs")
        }
        let more = say("\(extra.grouped) \(extra, one: "pair", many: "pairs") more")
        let fewer = say("\(missing.grouped) \(missing, one: "pair", many: "pairs") fewer")
        let parts = [(extra, more), (missing, fewer)].filter { $0.0 > 0 }.map(\.1)
        let common = pattern.isEmpty ? "" : ", \(pattern)"
        return
            say(
                """
                \(rule) but for \(parts.joined(separator: say(" and ")))\(common); first: \
                \(mask.name(ofQuery: first.query)), key \(first.key.grouped)
                """)
    }
}

extension HeadMasks {
    /// The simplest rule of every head, those of which the same is said together.
    package func explanations() throws(MethodError) -> [(places: [HeadPlace], explanation: MaskExplanation)] {
        var answers: [(places: [HeadPlace], explanation: MaskExplanation)] = []
        for group in different {
            let explanation = try MaskExplanation(group.mask)
            if let index = answers.firstIndex(where: { $0.explanation == explanation }) {
                answers[index].places += group.places
            } else {
                answers.append((group.places, explanation))
            }
        }
        return answers
    }
}

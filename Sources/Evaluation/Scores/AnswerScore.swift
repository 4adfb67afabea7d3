import RopewalkMethods

/// How benchmarks count an answer that a model has written.
package enum AnswerScore {
    /// RULER, tasks of which everything has to be named: the share of references that occur in the text, in any case, per cent.
    package static func all(_ text: String, _ references: [String]) -> Double {
        let text = text.lowercased()
        let found = references.count { text.contains($0.lowercased()) }
        return 100 * Double(found) / Double(max(1, references.count))
    }

    /// RULER, questions: 100 where one of the references occurs.
    package static func part(_ text: String, _ references: [String]) -> Double {
        all(text, references) > 0 ? 100 : 0
    }

    /// NeedleBench, first version: 100 where the keyword occurs, else a fifth of how like the texts are,
    /// 20 · (1 − edits / longer length).
    package static func needleBench1(_ text: String, reference: String, keyword: String) -> Double {
        if text.contains(keyword) { return 100 }
        let (a, b) = (Array(text.unicodeScalars), Array(reference.unicodeScalars))
        let longest = max(a.count, b.count)
        guard longest > 0 else { return 100 }
        return 20 * (1 - Double(editDistance(a, b)) / Double(longest))
    }

    /// NeedleBench, second version: 100 where the keyword occurs, else 0.
    package static func needleBench2(_ text: String, keyword: String) -> Double { text.contains(keyword) ? 100 : 0 }

    /// NeedleBench's overall score of its three tasks: .4, .3, .3 in the first version, equal thirds in the second.
    package static func needleBenchOverall(
        single: Double, multi: Double, reasoning: Double, version: Int
    ) -> Double {
        version == 1 ? 0.4 * single + 0.3 * multi + 0.3 * reasoning : (single + multi + reasoning) / 3
    }

    /// The first whole number in a text, as landmark-attention looks for the pass key.
    package static func firstInteger(_ text: String) -> String? {
        let digits = text.drop { !$0.isASCII || !$0.isNumber }.prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : String(digits)
    }
}

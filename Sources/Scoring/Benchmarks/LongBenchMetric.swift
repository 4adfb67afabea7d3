import RopewalkPhrases

/// How LongBench scores an answer.
package enum LongBenchMetric: String, Sendable, CaseIterable {
    case f1 = "qa_f1"
    case f1Chinese = "qa_f1_zh"
    case rouge
    case rougeChinese = "rouge_zh"
    case classification
    case retrieval
    case retrievalChinese = "retrieval_zh"
    case count
    case code = "code_sim"

    /// Whether its value depends on how Chinese is cut into words.
    package var cutsChinese: Bool { self == .f1Chinese || self == .rougeChinese }

    /// The best score that an answer gets beside one of the references, 0 to 1.
    /// - Throws: `ScoringError` where a reference cannot be read or texts are too long.
    package func score(
        _ prediction: String, _ answers: [String], classes: [String] = [], _ settings: ScoringSettings
    ) throws(ScoringError) -> Double {
        var best = 0.0
        let found = PythonText.codePoints(prediction)
        for answer in answers { best = max(best, try score(found, answer, classes: classes, settings)) }
        return best
    }

    private func score(
        _ prediction: CodePoints, _ answer: String, classes: [String], _ settings: ScoringSettings
    ) throws(ScoringError) -> Double {
        let wanted = PythonText.codePoints(answer)
        func cut(_ text: CodePoints) -> CodePoints {
            CodePoints(settings.cutter.words(text).joined(separator: [" "]))
        }
        switch self {
        case .f1: return TokenF1.english(PythonText.string(prediction), answer)
        case .f1Chinese: return TokenF1.chinese(PythonText.string(prediction), answer, settings.cutter)
        case .rouge: return try RougeSummary.f(prediction, wanted)
        case .rougeChinese: return try RougeSummary.f(cut(prediction), cut(wanted))
        case .classification:
            return NamedAnswer.classification(prediction, wanted, classes: classes.map(PythonText.codePoints))
        case .retrieval: return try NamedAnswer.retrieval(prediction, wanted, isChinese: false)
        case .retrievalChinese: return try NamedAnswer.retrieval(prediction, wanted, isChinese: true)
        case .count: return NamedAnswer.count(prediction, wanted)
        case .code: return try settings.similarity.score(prediction, wanted)
        }
    }
}

/// What the published scorers leave to the machine that they run on.
package struct ScoringSettings: Sendable {
    package var cutter: WordCutter
    package var similarity: EditSimilarity

    package init(cutter: WordCutter = .characters, similarity: EditSimilarity = .difflib) {
        (self.cutter, self.similarity) = (cutter, similarity)
    }
}

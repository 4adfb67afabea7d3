import RopewalkPhrases

/// What an answer to a question got.
package struct ItemScore: Equatable, Sendable {
    /// The name of the metric: "qa_f1", "accuracy", "exact_match", "f1", "rouge".
    package let metric: String
    /// From 0 to 1: one, but two of a judgement, and ROUGE-1, -2 and -L of L-Eval.
    package let values: [Double]
    /// The one figure of the question, from 0 to 1: their mean; the geometric one of L-Eval's ROUGE.
    package let score: Double

    init(metric: String, values: [Double], isGeometric: Bool = false) {
        (self.metric, self.values) = (metric, values)
        score =
            isGeometric && values.count == 3
            ? RougeScore.geometricMean(values[0], values[1], values[2])
            : values.reduce(0, +) / Double(max(1, values.count))
    }

    package static let lEvalRouge = "rouge_leval"
}

extension BenchmarkItem {
    /// Scores an answer as the benchmark's own scorer does.
    /// - Throws: `ScoringError` where the reference cannot be read, texts are too long, or a judge is needed.
    package func score(_ answer: String, _ settings: ScoringSettings) throws(ScoringError) -> ItemScore {
        switch benchmark {
        case .longBench:
            guard let known = LongBenchTask.named(task) else {
                throw .kind(file: task, problem: say("LongBench has no such dataset"))
            }
            let counted = known.takesFirstLine ? Self.firstLine(answer) : answer
            return ItemScore(
                metric: known.metric.rawValue,
                values: [try known.metric.score(counted, answers, classes: classes, settings)])
        case .longBenchV2:
            let letter = NamedAnswer.choice(PythonText.codePoints(answer)).map { String($0) }
            return ItemScore(metric: "accuracy", values: [letter != nil && answers.first == letter ? 1 : 0])
        case .lEval: return try lEvalScore(answer)
        }
    }

    private func lEvalScore(_ answer: String) throws(ScoringError) -> ItemScore {
        let reference = PythonText.codePoints(answers.first ?? "")
        let pairs = try LEvalTask(named: task).compared(PythonText.codePoints(answer), reference)
        switch evaluation {
        case "exam": return ItemScore(metric: "exact_match", values: pairs.map { ExactMatch.score($0.0, $0.1) })
        case "f1":
            return ItemScore(
                metric: "f1",
                values: pairs.map { TokenF1.english(PythonText.string($0.0), PythonText.string($0.1)) })
        case "rouge":
            guard let pair = pairs.first else { return ItemScore(metric: ItemScore.lEvalRouge, values: []) }
            let score = try RougeScore(pair.0, pair.1)
            return ItemScore(
                metric: ItemScore.lEvalRouge, values: [score.one, score.two, score.longest], isGeometric: true)
        default:
            throw .answer(
                metric: "L-Eval", answer: evaluation,
                wanted: say("score without a judge: exam, f1 and rouge are scored here"))
        }
    }

    /// `text.lstrip("\n").split("\n")[0]`.
    private static func firstLine(_ text: String) -> String {
        let scalars = text.unicodeScalars.drop { $0 == "\n" }
        return PythonText.string(scalars.prefix { $0 != "\n" })
    }
}

/// What answers questions: a model, or a table in a test.
package protocol Answering {
    /// Text to tokens and back.
    var tokens: TextTokens { get }
    /// Whether `answer` can be asked; what cannot write chooses among candidates alone.
    var writes: Bool { get }
    /// Goes on with a prompt, greedily.
    /// - Parameters:
    ///   - mostTokens: after so many it ends
    ///   - endsAtLine: whether the end of a line ends it, as in SAMSum
    func answer(_ prompt: String, mostTokens: Int, endsAtLine: Bool) throws -> String
    /// ln p of each of several texts after a prompt, summed over its tokens; in the order of the texts.
    func logLikelihoods(of texts: [String], after prompt: String) throws -> [Double]
}

extension BenchmarkItem {
    /// More candidates are not compared.
    package static let mostCandidates = 64

    /// All answers that there can be, so that the likeliest is one without writing; empty where there is no end of them.
    package var candidates: [String] {
        switch benchmark {
        case .longBenchV2: return ["A", "B", "C", "D"].map { "The correct answer is (\($0))" }
        case .lEval:
            guard case .options(takesSeveral: false) = LEvalTask(named: task), evaluation == "exam" else { return [] }
            return [" A", " B", " C", " D"]
        case .longBench:
            guard let known = LongBenchTask.named(task) else { return [] }
            let found: [String] =
                switch known.metric {
                case .classification: classes.map { known.isChinese ? $0 : " " + $0 }
                case .retrieval: paragraphs("Paragraph ")
                case .retrievalChinese: paragraphs("段落")
                case .count: (1...max(1, paragraphs("Paragraph ").count)).map { String($0) }
                default: []
                }
            return found.count <= Self.mostCandidates ? found : []
        }
    }

    /// The paragraphs that the context numbers, each once.
    private func paragraphs(_ word: String) -> [String] {
        var known: Set<String> = []
        let numbers = PythonText.numbers(behind: word, in: PythonText.codePoints(context ?? ""))
        return numbers.map { word + PythonText.string($0) }.filter { known.insert($0).inserted }
    }
}

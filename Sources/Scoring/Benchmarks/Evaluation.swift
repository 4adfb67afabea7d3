import RopewalkPhrases

/// Asks the questions of a file, or scores the answers that it has.
package struct Evaluation: Sendable {
    package var prompts = PromptSet()
    package var settings = ScoringSettings()
    /// Tokens of a prompt; longer ones lose their middle. Nil for the window less what may be written, but at least half of it.
    package var budget: Int?
    /// Tokens that the model reads and writes together.
    package var window = 4
    /// Questions that are asked at most.
    package var mostQuestions = Int.max
    /// The data set of all questions; nil for what the file says.
    package var dataset: String?

    package init() {}

    /// What a run left behind.
    package struct Outcome: Equatable, Sendable {
        package var summary = ScoreSummary()
        package var problems = BenchmarkFile.Problems()
        /// Questions whose prompt was cut, and those of which the question itself was.
        package var cut = 0
        package var cutQuestions = 0
        /// Answers that were chosen among candidates.
        package var chosen = 0
        /// What choosing blindly would give them, summed.
        fileprivate var chances = 0.0
        /// What it would give on average, from 0 to 1.
        package var chance: Double { chosen > 0 ? chances / Double(chosen) : 0 }
        /// Whether words of Chinese were cut as the published scorers cut them, where that mattered.
        package var cutsByCharacters = false

        package init() {}
    }

    /// - Parameters:
    ///   - answering: nil for a file that has the answers
    ///   - results: where each result goes; those that are there already are not made again
    ///   - progress: gets the questions that are done, and says whether to go on
    /// - Throws: what reading, answering or writing throws.
    package func run(
        _ file: BenchmarkFile, answering: (any Answering)?, results: ResultsFile? = nil,
        progress: (Int) -> Bool = { _ in true }
    ) throws -> Outcome {
        var outcome = Outcome()
        var done = 0
        outcome.problems = try file.read(dataset: dataset) { item in
            guard done < mostQuestions else { return false }
            let known = results?.known[item.key]
            let result = try known ?? result(item, answering)
            if known == nil { try results?.add(result) }
            done += 1
            add(item, result, to: &outcome)
            return progress(done)
        }
        return outcome
    }

    /// Counts what became of a question.
    package func add(_ item: BenchmarkItem, _ result: EvaluationResult, to outcome: inout Outcome) {
        if let score = result.score {
            outcome.summary.add(item, score)
            if !settings.cutter.isPublished, LongBenchMetric(rawValue: score.metric)?.cutsChinese == true {
                outcome.cutsByCharacters = true
            }
        } else {
            outcome.summary.addUnscored(result.problem ?? say("it has no answer"))
        }
        if result.isCut { outcome.cut += 1 }
        if result.cutsQuestion { outcome.cutQuestions += 1 }
        if result.candidates > 0 {
            outcome.chosen += 1
            outcome.chances += 1 / Double(result.candidates)
        }
    }

    /// Asks one question, or takes the answer that its file has, and scores it.
    package func result(_ item: BenchmarkItem, _ answering: (any Answering)?) throws -> EvaluationResult {
        var result = EvaluationResult(item)
        if let answer = item.answer {
            (result.answer, result.way) = (answer, .file)
        } else if let answering {
            try ask(item, answering, &result)
        } else {
            result.problem = say("it is a question, and there is no model to answer it")
        }
        guard let answer = result.answer else { return result }
        do throws(ScoringError) {
            result.score = try item.score(answer, settings)
        } catch {
            result.problem = error.description
        }
        return result
    }

    /// What a question is asked with, cut to the budget.
    package func prompt(of item: BenchmarkItem, _ tokens: TextTokens) throws -> CutPrompt {
        let (template, _) = try prompts.template(for: item)
        let budget = self.budget ?? max(window / 2, window - prompts.mostTokens(for: item))
        return try CutPrompt(item, template, budget: max(2, budget), tokens)
    }

    private func ask(_ item: BenchmarkItem, _ answering: any Answering, _ result: inout EvaluationResult) throws {
        let candidates = item.candidates
        guard answering.writes || !candidates.isEmpty else {
            result.problem = say("its answer has to be written")
            return
        }
        let prompt = try prompt(of: item, answering.tokens)
        (result.tokens, result.isCut, result.cutsQuestion) = (prompt.tokens, prompt.isCut, prompt.cutsQuestion)
        if answering.writes {
            result.answer = try answering.answer(
                prompt.text, mostTokens: prompts.mostTokens(for: item), endsAtLine: item.task == "samsum")
            result.way = .written
        } else {
            let likelihoods = try answering.logLikelihoods(of: candidates, after: prompt.text)
            // Of equally likely ones the first.
            let best = likelihoods.indices.reduce(0) { likelihoods[$1] > likelihoods[$0] ? $1 : $0 }
            result.answer = candidates[best]
            (result.way, result.candidates) = (.chosen, candidates.count)
        }
    }
}

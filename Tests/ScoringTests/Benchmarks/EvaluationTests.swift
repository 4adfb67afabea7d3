import Foundation
import RopewalkFormats
import Testing

@testable import RopewalkScoring

/// Scores of the sample files, runs that go on where they were stopped, answers that are chosen.
struct EvaluationTests {
    /// What the published scorer gives the sample answers, in percent with two digits (`eval.py` of LongBench).
    private static let published: [String: String] = [
        "narrativeqa": "40.00", "qasper": "100.00", "multifieldqa_en": "50.00", "hotpotqa": "0.00",
        "gov_report": "52.17",
        "qmsum": "20.00", "trec": "100.00", "samsum": "12.50", "lsht": "100.00", "passage_count": "50.00",
        "passage_retrieval_en": "100.00", "passage_retrieval_zh": "0.00", "lcc": "100.00", "repobench-p": "82.00",
    ]

    private static func score(_ value: Double) -> String { String(format: "%.2f", value) }

    @Test func theSampleAnswersGetThePublishedScores() throws {
        let file = try BenchmarkFileTests.sample("longbench-answers.jsonl")
        let outcome = try Evaluation().run(file, answering: nil)
        let found = outcome.summary.rows.reduce(into: [:]) { $0[$1.task] = Self.score($1.score) }
        for (task, score) in Self.published { #expect(found[task] == score, "\(task)") }
        #expect(outcome.summary.rows.count == 17 && outcome.problems.count == 0)
        // Without jieba's dictionary three of the tasks are counted by characters, which is said.
        #expect(outcome.cutsByCharacters)
        #expect(outcome.summary.groups.last?.name == "all tasks")
        #expect(outcome.summary.rows[0].byLength[1...] == [nil, nil])
    }

    /// Likes the text that the question names; writes its length.
    private struct Table: Answering {
        let tokens = PromptTests.tokens
        let writes: Bool
        var likes = ""

        func answer(_ prompt: String, mostTokens: Int, endsAtLine: Bool) throws -> String { "Lund" }

        func logLikelihoods(of texts: [String], after prompt: String) throws -> [Double] {
            texts.map { $0.contains(likes) ? -1 : -2 }
        }
    }

    @Test func whatCannotWriteChooses() throws {
        var evaluation = Evaluation()
        evaluation.budget = 100_000
        let file = try BenchmarkFileTests.sample("longbench-v2.json")
        let outcome = try evaluation.run(file, answering: Table(writes: false, likes: "(B)"))
        #expect(outcome.summary.rows.map(\.questions) == [3])
        #expect(Self.score(outcome.summary.rows[0].score) == "33.33")
        #expect(outcome.chosen == 3 && outcome.chance == 0.25)
        #expect(outcome.summary.groups.map(\.name) == ["easy", "short", "hard", "medium"])
    }

    @Test func whatHasToBeWrittenIsCounted() throws {
        let file = try BenchmarkFileTests.sample("longbench.jsonl")
        var evaluation = Evaluation()
        evaluation.budget = 400
        let outcome = try evaluation.run(file, answering: Table(writes: false, likes: "2"))
        #expect(outcome.summary.unscored.map(\.reason) == ["its answer has to be written"])
        #expect(outcome.summary.unscored[0].count == 12)
        #expect(
            Set(outcome.summary.rows.map(\.task)) == [
                "trec", "lsht", "passage_count", "passage_retrieval_en", "passage_retrieval_zh",
            ])
        #expect(outcome.cut > 0)
    }

    @Test func aRunThatWasStoppedGoesOn() throws {
        let path = NSTemporaryDirectory() + "ropewalk-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try BenchmarkFileTests.sample("longbench.jsonl")
        var evaluation = Evaluation()
        evaluation.budget = 100_000
        let settings: [(String, JSONValue)] = [("model", .string("table")), ("budget", .integer(100_000))]
        do {
            let results = try ResultsFile(path: path, settings: settings)
            _ = try evaluation.run(file, answering: Table(writes: true), results: results) { $0 < 5 }
            #expect(results.known.count == 5)
        }
        // As a process leaves it that was ended while it wrote.
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"key\": \"6\", \"ta".utf8))
        try handle.close()
        let results = try ResultsFile(path: path, settings: settings)
        #expect(results.known.count == 5)
        let outcome = try evaluation.run(file, answering: Table(writes: true), results: results)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 18)
        let whole = try evaluation.run(file, answering: Table(writes: true))
        #expect(outcome.summary == whole.summary)
        #expect(throws: ScoringError.self) { try ResultsFile(path: path, settings: [("model", .string("other"))]) }
    }

    @Test func resultsAreReadAsTheyAreWritten() throws {
        var result = EvaluationResult(BenchmarkItem(benchmark: .lEval, line: 3, task: "tpo\u{202E}"))
        (result.answer, result.way, result.candidates) = ("a\n\u{1B}[2J\"\\", .chosen, 4)
        (result.tokens, result.isCut) = (17, true)
        result.score = ItemScore(metric: ItemScore.lEvalRouge, values: [0.5, 0.25, 0.125], isGeometric: true)
        #expect(!result.line.dropLast().unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
        let value = try JSONDocument(Data(result.line.utf8), source: "x").root
        #expect(EvaluationResult(value) == result)
    }

    @Test func aJudgeIsNotReplaced() {
        var item = BenchmarkItem(benchmark: .lEval, line: 1, task: "natural_question")
        (item.answers, item.evaluation) = (["x"], "LLM")
        let error = #expect(throws: ScoringError.self) { try item.score("x", ScoringSettings()) }
        #expect(error?.description.contains("without a judge") == true)
    }
}

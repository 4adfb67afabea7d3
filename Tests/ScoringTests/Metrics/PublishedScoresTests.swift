import RopewalkFormats
import Testing

@testable import RopewalkScoring

/// Every metric beside the published scorer's own outputs, to the last bit of a double.
struct PublishedScoresTests {
    @Test func wordsOfEnglishAnswers() throws {
        let wrong = try PublishedScores.differences("qa_f1") { texts, _ in
            [TokenF1.english(PythonText.string(texts[0]), PythonText.string(texts[1]))]
        }
        #expect(wrong == [])
    }

    @Test func wordsOfChineseAnswers() throws {
        let cutter = try PublishedScores.cutter()
        let wrong = try PublishedScores.differences("qa_f1_zh") { texts, _ in
            [TokenF1.chinese(PythonText.string(texts[0]), PythonText.string(texts[1]), cutter)]
        }
        #expect(wrong == [])
    }

    @Test func chineseIsCutAsJiebaCuts() throws {
        let cutter = try PublishedScores.cutter()
        var wrong: [String] = []
        for row in try PublishedScores.rows("words") {
            let words = cutter.words(PythonText.codePoints(row[0].string ?? ""))
            let expected = (row[1].array ?? []).map { PythonText.codePoints($0.string ?? "") }
            if words != expected { wrong.append("\(row[0].summary): \(words.map { PythonText.string($0) })") }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test func summaries() throws {
        let wrong = try PublishedScores.differences("rouge") { texts, _ in [try RougeSummary.f(texts[0], texts[1])] }
        #expect(wrong == [])
    }

    @Test func summariesInChinese() throws {
        let cutter = try PublishedScores.cutter()
        let wrong = try PublishedScores.differences("rouge_zh") { texts, _ in
            let cut = texts.map { CodePoints(cutter.words($0).joined(separator: [" "])) }
            return [try RougeSummary.f(cut[0], cut[1])]
        }
        #expect(wrong == [])
    }

    @Test func summariesOfLEval() throws {
        let wrong = try PublishedScores.differences("rouge_score") { texts, _ in
            let score = try RougeScore(texts[0], texts[1])
            return [score.one, score.two, score.longest]
        }
        #expect(wrong == [])
    }

    @Test func classes() throws {
        let wrong = try PublishedScores.differences("classification") { texts, row in
            let classes = (row[2].array ?? []).map { PythonText.codePoints($0.string ?? "") }
            return [NamedAnswer.classification(texts[0], texts[1], classes: classes)]
        }
        #expect(wrong == [])
    }

    @Test func counts() throws {
        let wrong = try PublishedScores.differences("count") { texts, _ in [NamedAnswer.count(texts[0], texts[1])] }
        #expect(wrong == [])
    }

    @Test(arguments: [false, true]) func paragraphs(isChinese: Bool) throws {
        let wrong = try PublishedScores.differences(isChinese ? "retrieval_zh" : "retrieval") { texts, _ in
            [try NamedAnswer.retrieval(texts[0], texts[1], isChinese: isChinese)]
        }
        #expect(wrong == [])
    }

    @Test(arguments: ["code", "code_long"]) func linesOfCode(name: String) throws {
        let wrong = try PublishedScores.differences(name) { texts, _ in
            [
                try EditSimilarity.difflib.score(texts[0], texts[1]),
                try EditSimilarity.levenshtein.score(texts[0], texts[1]),
            ]
        }
        #expect(wrong == [])
    }

    @Test func exactMatches() throws {
        let wrong = try PublishedScores.differences("exact_match") { texts, _ in
            [ExactMatch.score(texts[0], texts[1])]
        }
        #expect(wrong == [])
    }

    /// What is taken out of answers before they are compared.
    /// - Parameter taken: of the texts of a row, in the order in which its results stand
    private func expectTaken(
        _ name: String, texts: Int = 1, _ taken: ([CodePoints]) throws -> [CodePoints?]
    ) throws {
        var wrong: [String] = []
        for row in try PublishedScores.rows(name) {
            let found = try taken(row.prefix(texts).map { PythonText.codePoints($0.string ?? "") })
            let expected = row.dropFirst(texts).flatMap { $0.array ?? [$0] }.map { value in
                value.string.map { PythonText.codePoints($0) }
            }
            if found != expected {
                let shown = found.map { $0.map { PythonText.string($0) } ?? "nil" }
                wrong.append("\(row.map(\.summary)): \(shown)")
            }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test func choices() throws { try expectTaken("choice") { [NamedAnswer.choice($0[0]).map { [$0] }] } }

    @Test func options() throws {
        try expectTaken("options") { texts in
            [
                LEvalAnswer.options(texts[0], takesSeveral: true), LEvalAnswer.options(texts[0], takesSeveral: false),
                try? LEvalAnswer.options(ofReference: texts[0]),
            ]
        }
    }

    @Test func numbers() throws { try expectTaken("number") { [LEvalAnswer.number($0[0])] } }

    @Test func programs() throws {
        try expectTaken("program", texts: 2) {
            [LEvalAnswer.code($0[0], reference: $0[1]), LEvalAnswer.code($0[1])]
        }
    }

    @Test func judgements() throws {
        try expectTaken("judgement") {
            try LEvalAnswer.judgements($0[0]) + LEvalAnswer.judgements(ofReference: $0[0])
        }
    }
}

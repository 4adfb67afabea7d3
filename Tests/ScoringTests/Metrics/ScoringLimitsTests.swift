import Foundation
import TestSupport
import Testing

@testable import RopewalkScoring

/// What scorers do at the edges: texts that are too long, references that cannot be read, files that are damaged.
struct ScoringLimitsTests {
    private static func word(_ count: Int) -> CodePoints {
        CodePoints((0..<count).flatMap { PythonText.codePoints("w\($0) ") })
    }

    @Test func aComparisonThatWouldTakeTooLongIsRefused() {
        let long = Self.word(9_000)
        #expect(throws: ScoringError.tooLong(metric: "ROUGE-L", sizes: [9_000, 9_000], limit: 1 << 26)) {
            try RougeSummary.f(long, long)
        }
        #expect(throws: ScoringError.tooLong(metric: "ROUGE", sizes: [40_000, 40_000], limit: 1 << 30)) {
            try RougeScore(Self.word(40_000), Self.word(40_000))
        }
        let line = CodePoints(repeating: "a", count: EditSimilarity.longest + 1)
        #expect(throws: ScoringError.self) { try EditSimilarity.difflib.score(line, ["b"]) }
    }

    @Test func theLongestLinesAreComparedInASecond() throws {
        // Every character stands as often as `autojunk` lets it.
        let line = CodePoints((0..<EditSimilarity.longest).map { Unicode.Scalar(UInt8(0x21 + $0 * 7 % 93)) })
        let other = CodePoints(line.reversed())
        let start = ContinuousClock.now
        _ = try EditSimilarity.difflib.score(line, other)
        _ = try EditSimilarity.levenshtein.score(line, other)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func aReferenceThatNamesNothingIsNamed() {
        #expect(throws: ScoringError.answer(metric: "retrieval", answer: "7", wanted: "'Paragraph ' with a number")) {
            try NamedAnswer.retrieval(["7"], ["7"], isChinese: false)
        }
        #expect(throws: ScoringError.self) { try LEvalAnswer.judgements(PythonText.codePoints("true")) }
        #expect(throws: ScoringError.self) { try LEvalAnswer.options(ofReference: [" "]) }
    }

    @Test func canonicallyEqualTextsAreDifferentWords() {
        #expect(TokenF1.english("caf\u{E9}", "cafe\u{301}") == 0)
        #expect(TokenF1.english("caf\u{E9}", "caf\u{E9}") == 1)
    }

    @Test func theVectorsOfTheSpecification() throws {
        #expect(abs(TokenF1.english("The quick, brown fox.", "a brown fox jumps") - 0.666666667) < 1e-9)
        #expect(NamedAnswer.count(PythonText.codePoints("Paragraph 7 or 12"), ["7"]) == 0.5)
        #expect(NamedAnswer.count(PythonText.codePoints("none"), ["7"]) == 0)
        #expect(ExactMatch.score(["A"], ["A", "B", "C"]) == 0.25)
        #expect(ExactMatch.score(["A", "B", "C"], ["A", "B", "C"]) == 1)
        #expect(ExactMatch.score(["A", "D"], ["A", "B", "C"]) == 0)
    }

    @Test func withoutADictionaryEveryCharacterIsAWord() {
        let words = WordCutter.characters.words(PythonText.codePoints("长文本GPT4，好"))
        #expect(words.map { PythonText.string($0) } == ["长", "文", "本", "GPT4", "，", "好"])
        #expect(!WordCutter.characters.isPublished)
    }

    @Test(arguments: [
        ("", "has no words"), ("绳索\n", "line 1"), ("绳索 3 n\n走廊 x n\n", "line 2"), ("绳索 -1\n", "line 1"),
        ("绳索 9223372036854775807\n走廊 9223372036854775807", "line 2"), ("绳索 0", "has no words"),
    ]) func aDamagedDictionaryIsNamed(text: String, problem: String) {
        let error = #expect(throws: ScoringError.self) { try JiebaDictionary(Data(text.utf8), source: "dict.txt") }
        #expect(error?.description.contains(problem) == true)
        #expect(error?.description.hasPrefix("dict.txt: ") == true)
    }

    @Test(arguments: [
        "", "P={", "P={'B'", "P={'B': ", "P={'B': x}", "P={'B': {'\\u4e0': 1}}", "P={'B': {'a' 1}}",
        "P={'B': 1 'E': 2}",
        "P={'B", "P={'\\ud800': 1}",
    ]) func aDamagedTableIsNamed(text: String) {
        #expect(throws: ScoringError.self) { try PythonTable(Data(text.utf8), source: "prob.py") }
    }

    @Test func tablesAreReadAsPythonWritesThem() throws {
        let text = "from __future__ import x\n\nP={'B': {'\\u4e00': -3.5,\n       'a': 1e-3},\n 'E': -3.14e+100,}"
        let rows = try PythonTable(Data(text.utf8), source: "prob.py").rows
        #expect(rows["B"] == .row([("一", -3.5), ("a", 0.001)]))
        #expect(rows["E"] == .number(-3.14e100))
    }
}

import Foundation
import Testing

@testable import RopewalkScoring

/// Prompts, and what is left of those that are too long.
struct PromptTests {
    /// A token for every character.
    static let tokens = TextTokens(
        encode: { $0.unicodeScalars.map { Int32($0.value) } },
        decode: { PythonText.string($0.compactMap { Unicode.Scalar(UInt32($0)) }) })

    private static func item(_ task: String, context: String, question: String = "q") -> BenchmarkItem {
        var item = BenchmarkItem(benchmark: .longBench, line: 1, task: task)
        (item.context, item.question) = (context, question)
        return item
    }

    @Test func bracesAreFilledAsPythonFillsThem() throws {
        let template = try PromptTemplate("{{{context}}} {input}: {{x}}", source: "p")
        #expect(template.filled(Self.item("qasper", context: "{input} C")) == "{{input} C} q: {x}")
        for text in ["{", "}", "{nosuch}", "a {context", "{}"] {
            #expect(throws: ScoringError.self) { try PromptTemplate(text, source: "p") }
        }
    }

    @Test func dollarsAreFilledAsLongBenchTwoFillsThem() throws {
        var item = BenchmarkItem(benchmark: .longBenchV2, line: 1, task: "longbench-v2")
        (item.context, item.question, item.classes) = ("  doc $Q$\n", " q ", ["a", "b", " c", "d"])
        let template = try PromptTemplate("$ $DOC$|$Q$|$C_C$|{x} $5", source: "p")
        #expect(template.filled(item) == "$ doc $Q$|q|c|{x} $5")
    }

    @Test(arguments: PromptKind.allCases) func ourOwnPromptsHaveThePlacesThatTheyNeed(kind: PromptKind) throws {
        for isChinese in [false, true] {
            let text = kind.template(isChinese: isChinese)
            #expect(text.contains("{context}") || text.contains("$DOC$"))
            _ = try PromptTemplate(text, source: "own")
        }
    }

    @Test func theMiddleIsCutAsPublished() throws {
        #expect(PromptCut.kept(of: 10, budget: 10, keepsOdd: false) == (10, 0))
        #expect(PromptCut.kept(of: 10, budget: 7, keepsOdd: false) == (3, 3))
        #expect(PromptCut.kept(of: 10, budget: 7, keepsOdd: true) == (3, 4))
        let template = try PromptTemplate("{context}-{input}", source: "p")
        let item = Self.item("qasper", context: "abcdefgh")
        let cut = try CutPrompt(item, template, budget: 7, Self.tokens)
        #expect(cut.text == "abch-q" && cut.tokens == 10 && cut.isCut && !cut.cutsQuestion)
        let whole = try CutPrompt(item, template, budget: 10, Self.tokens)
        #expect(whole.text == "abcdefgh-q" && !whole.isCut)
    }

    @Test func aQuestionLongerThanTheBudgetIsSaidToBeCut() throws {
        let template = try PromptTemplate("{context}-{input}", source: "p")
        let item = Self.item("qasper", context: "ab", question: "0123456789")
        let cut = try CutPrompt(item, template, budget: 6, Self.tokens)
        #expect(cut.text == "ab-789" && cut.isCut && cut.cutsQuestion)
    }

    /// L-Eval's loop, written once more: words from the left until the document fits, of programs from the right.
    @Test(arguments: [false, true]) func lEvalCutsByWords(isCode: Bool) throws {
        var item = BenchmarkItem(benchmark: .lEval, line: 1, task: isCode ? "codeU" : "tpo")
        let words = (0..<700).map { "w\($0)" }
        (item.context, item.question) = (words.joined(separator: " "), "q")
        let template = try PromptTemplate("{context}{input}", source: "p")
        let budget = 1_001
        var expected = words
        var removed = 0
        while expected.joined(separator: " ").utf8.count > budget - 1 {
            let count = max(0, budget - 1 - removed)
            expected = Array(isCode ? expected.suffix(count) : expected.prefix(count))
            removed += 250
        }
        let cut = try CutPrompt(item, template, budget: budget, Self.tokens)
        #expect(cut.text == expected.joined(separator: " ") + "q")
        #expect(cut.isCut && cut.tokens == words.joined(separator: " ").utf8.count)
        #expect(try CutPrompt(item, template, budget: 2, Self.tokens).text == "q")
    }

    @Test func promptsOfAFile() throws {
        let path = NSTemporaryDirectory() + "ropewalk-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(#"{"qasper": "<{context}> {input}"}"#.utf8).write(to: URL(fileURLWithPath: path))
        let set = try PromptSet(contentsOf: path)
        let (template, isGiven) = try set.template(for: Self.item("qasper", context: "c"))
        #expect(isGiven && template.filled(Self.item("qasper", context: "c")) == "<c> q")
        #expect(try !set.template(for: Self.item("lcc", context: "c")).isGiven)
        try Data("Text: {context}\n{input}".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try PromptSet(contentsOf: path).template(for: Self.item("lcc", context: "c")).isGiven)
        try Data(#"{"qasper": 3}"#.utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ScoringError.self) { try PromptSet(contentsOf: path) }
        #expect(throws: (any Error).self) { try PromptSet(contentsOf: nil, lengths: path + "x") }
        try Data(#"{"qasper": 3, "lcc": 0}"#.utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ScoringError.self) { try PromptSet(contentsOf: nil, lengths: path) }
    }

    @Test func lengthsOfAnswersAreThoseOfTheTasks() {
        let set = PromptSet()
        #expect(set.mostTokens(for: Self.item("gov_report", context: "")) == 512)
        #expect(set.mostTokens(for: Self.item("lcc", context: "")) == 64)
        #expect(set.mostTokens(for: BenchmarkItem(benchmark: .lEval, line: 1, task: "tpo")) == 512)
        #expect(LongBenchTask.all.filter(\.takesFirstLine).map(\.name) == ["trec", "triviaqa", "samsum", "lsht"])
        #expect(LongBenchTask.all.filter { !$0.isChat }.count == 7)
    }
}

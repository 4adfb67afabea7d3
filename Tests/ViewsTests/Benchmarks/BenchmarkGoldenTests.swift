import RopewalkCellGrid
import RopewalkPhrases
import TestSupport
import Testing

@testable import RopewalkViews

/// The page *evaluate* as a zoomed panel has it on screens of 200x60, 120x40 and 80x24.
@Suite struct BenchmarkGoldenTests {
    private static func view() -> BenchmarkView {
        let names = [
            "narrativeqa", "qasper", "multifieldqa_en", "multifieldqa_zh", "hotpotqa", "dureader", "gov_report",
            "qmsum",
            "vcsum", "trec", "samsum", "lsht", "passage_count", "passage_retrieval_en", "passage_retrieval_zh", "lcc",
            "repobench-p",
        ]
        return BenchmarkView(
            tasks: names.enumerated().map { place, name in
                .init(
                    name: name, metric: place % 3 == 0 ? "qa_f1" : "rouge_zh", questions: 1, score: Double(place) * 6.25
                )
            }, notes: ["Chinese was cut by characters, not as published"],
            questions: names.enumerated().map { place, name in
                .init(
                    key: "\(place + 1)", task: name, score: place == 6 ? nil : Double(place) * 6.25,
                    text: place == 3 ? "晾九天" : place == 6 ? "it has no answer" : "They were dried for nine days.",
                    isProblem: place == 6, details: ["asked: What did the master listen to?", "right: the hooks | 钩子"])
            }, selected: 4, obstacle: nil, look: Look(depth: .none))
    }

    @Test(arguments: [(200, 198, 57), (120, 118, 37), (80, 78, 21)])
    func pages(name: Int, width: Int, height: Int) {
        let text = PlainText.text(drawn(width: width, height: height) { Self.view().draw(in: $0, on: &$1) })
        #expect(Golden.difference(text, "evaluate-\(name)") == nil)
    }

    @Test func inChinese() {
        let text = Language.with(.chinese) {
            PlainText.text(drawn(width: 78, height: 21) { Self.view().draw(in: $0, on: &$1) })
        }
        #expect(Golden.difference(text, "evaluate-chinese") == nil)
    }

    /// What a row leaves out is counted, and the selected question says what it asks.
    @Test func whatIsLeftOutIsCounted() {
        let lines = drawn(width: 78, height: 21) { Self.view().draw(in: $0, on: &$1) }.lines
        #expect(lines.contains { $0.hasPrefix("… ") && $0.hasSuffix(" more") })
        #expect(lines.contains { $0.contains("answer (") && $0.contains(" of 17)") })
        #expect(lines[19] == "asked: What did the master listen to?" && lines[20].hasPrefix("right: the hooks"))
    }
}

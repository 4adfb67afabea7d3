import RopewalkCellGrid
import RopewalkPhrases
import TestSupport
import Testing

@testable import RopewalkViews

/// The page *data* as a zoomed panel has it on screens of 200x60, 120x40 and 80x24.
@Suite struct LongTextGoldenTests {
    private typealias Numbers = (name: String, value: String, asked: String, z: String, percentile: Int, marks: [Int])

    private static let numbers: [Numbers] = [
        ("acc_delta", "0.008789", "≥ 0.009766", "−0.10", 47, [50]), ("acc_ratio", "0.02594", "", "−0.26", 38, []),
        ("ppl_delta", "3.416", "", "−0.35", 41, []), ("pronoun_rate", "0.1225", "", "0.92", 85, []),
        ("connective_rate", "0.05271", "", "−0.09", 35, []),
        ("dedu_rate_256", "0.5684", "0.2844 – 0.6857", "−0.26", 25, [1, 99]),
        ("len_line_max", "980", "", "−0.38", 33, []),
        ("enter_rate", "0.01226", "0.00175 – 0.02055", "1.25", 88, [1, 99]),
        ("bar_rate", "0", "0 – 0.06227", "−0.32", 82, [1, 99]), ("zlib_ratio", "0.3507", "0.1 – 0.8", "−2.18", 4, []),
        ("half_overlap", "0.2365", "≥ 0.1658", "0.44", 76, [50]),
    ]

    private static func view(_ look: Look = Look(depth: .none)) -> LongTextView {
        let rows = numbers.map { row in
            LongTextView.Row(
                name: row.name, value: row.value, asked: row.asked, z: row.z, percentile: row.percentile,
                marks: row.marks,
                standing: row.name == "acc_delta" ? .decides : row.asked.isEmpty ? .none : .holds,
                meaning: row.name == "acc_delta"
                    ? "share predicted right with context, less without" : "what \(row.name) is, in some words")
        }
        return LongTextView(
            kind: "between aggregated and holistic: near the threshold of acc_delta",
            reason: "by the rule aggregated: acc_delta 0.008789 < 0.009766 · percentile 47 < 50",
            strip: "··▄·▄·█▄", stripNote: "from 0 to 99 % of the text · █ acc_delta 0.03125, · none", rows: rows,
            top: 0,
            notes: [
                "coherence: 8 of 8 pieces of 512 tokens; the last quarter after all of a piece and after a quarter",
                "thresholds are our own, from a reference corpus of documents (213 en, 65 zh)",
            ], obstacle: nil, look: look)
    }

    @Test(arguments: [(200, 198, 57), (120, 118, 37), (80, 78, 21)])
    func pages(name: Int, width: Int, height: Int) {
        let text = PlainText.text(drawn(width: width, height: height) { Self.view().draw(in: $0, on: &$1) })
        #expect(Golden.difference(text, "data-\(name)") == nil)
    }

    @Test func inColour() {
        let view = Self.view(Look(depth: .indexed256))
        let text = AnsiText.text(drawn(width: 160, height: 16) { view.draw(in: $0, on: &$1) }, depth: .indexed256)
        #expect(Golden.difference(text, "data-colour") == nil)
    }

    @Test func inChinese() {
        let text = Language.with(.chinese) {
            PlainText.text(drawn(width: 78, height: 21) { Self.view().draw(in: $0, on: &$1) })
        }
        #expect(Golden.difference(text, "data-chinese") == nil)
    }
}

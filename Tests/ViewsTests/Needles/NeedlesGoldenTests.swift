import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkPhrases
import TestSupport
import Testing

@testable import RopewalkViews

/// The page *needles* as a zoomed panel has it on screens of 200x60, 120x40 and 80x24.
@Suite struct NeedlesGoldenTests {
    private static func map(_ method: String, reach: Int) -> NeedleMap {
        let plan = NeedlePlan(
            tasks: [NeedleTask(.passkey)], methods: [method], lengths: [256, 512, 1024, 2048],
            depths: [0, 25, 50, 75, 100], seeds: [0, 1, 2])
        return NeedleMap(NeedleTask(.passkey), method: method, plan: plan) { cell in
            if cell.place.length > 2 * reach { return nil }
            let isFound = cell.place.length <= reach || cell.place.seed == 0
            return .read(
                NeedleResult(
                    tokens: cell.place.length, depth: Double(cell.place.depth), isFound: isFound,
                    share: isFound ? 1 : 0,
                    isEnded: true, reading: "12345", firstWrong: isFound ? nil : 0, loss: 2, answerTokens: 5, rank: 1,
                    choice: nil, mass: [0.03, 0.5], seen: [1, 0.5], heads: 2))
        }
    }

    private static func view(_ look: Look = Look(depth: .none)) -> NeedlesView {
        NeedlesView(
            lines: [
                .init(title: "rope", map: map("rope", reach: 512), note: "45/60 read"),
                .init(title: "pi:factor=4", map: map("pi:factor=4", reach: 0), note: "waiting"),
                .init(title: "ntk:factor=4", map: map("ntk:factor=4", reach: 1024)),
                .init(title: "rerope:window=256", map: map("rerope:window=256", reach: 4096)),
                .init(
                    title: "self-extend:group=8,window=512", map: map("x", reach: 0), problem: "it cannot be read so"),
            ], measure: .score, selected: .init(line: 0, cell: .init(row: 1, column: 1)), seeds: 3, look: look)
    }

    private static func picture(_ view: NeedlesView, _ width: Int, _ height: Int) -> String {
        PlainText.text(drawn(width: width, height: height) { view.draw(in: $0, on: &$1) }) + view.footer + "\n"
    }

    @Test(arguments: [(200, 198, 57), (120, 118, 37), (80, 78, 21)])
    func pages(name: Int, width: Int, height: Int) {
        #expect(Golden.difference(Self.picture(Self.view(), width, height), "needles-\(name)") == nil)
    }

    @Test func inChinese() {
        let text = Language.with(.chinese) { Self.picture(Self.view(), 78, 21) }
        #expect(Golden.difference(text, "needles-chinese") == nil)
    }
}

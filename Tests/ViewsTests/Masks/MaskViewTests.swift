import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkViews

@Suite struct MaskViewTests {
    private func view(isRead: Bool = true) throws -> MaskView {
        MaskView(
            row: isRead ? Samples.maskRow() : nil, survey: Samples.survey, reason: Samples.reason, cursor: 1_204,
            anchor: 87, scenario: try Scenario(parsing: ["lambda:sink=4,window=256"]), selectedQuery: 1,
            look: Look(depth: .none))
    }

    @Test(arguments: [Size(width: 36, height: 6), Size(width: 58, height: 16), Size(width: 100, height: 20)])
    func keptDroppedAndWhy(size: Size) throws {
        let view = try view()
        let grid = drawn(width: size.width, height: size.height) { view.draw(in: $0, on: &$1) }
        let picture = PlainText.text(grid) + view.facts + "\n" + view.footer + "\n"
        #expect(Golden.difference(picture, "mask-\(size.width)") == nil)
    }

    @Test func theMouseFindsTheWorstQueries() throws {
        let view = try view()
        let grid = drawn(width: 58, height: 16) { view.draw(in: $0, on: &$1) }
        let y = try #require(grid.lines.firstIndex { $0.contains("2,977") })
        #expect(view.worstQuery(atX: 24, y: y, in: grid.bounds) == 1)
        #expect(view.worstQuery(atX: 24, y: y - 1, in: grid.bounds) == nil)
        #expect(grid[24, y].style == Look(depth: .none).theme.selection)
    }

    @Test func whereNothingIsLostNoQueryIsListed() throws {
        let survey = MaskSurvey(
            worst: [MaskSurvey.Query(query: 71, massLost: 0), MaskSurvey.Query(query: 72, massLost: 2e-7)],
            meanMassKept: 1, density: 1, surveyed: 12, tokens: 12)
        let view = MaskView(
            row: Samples.maskRow(), survey: survey, reason: nil, cursor: 9, anchor: 3, scenario: .plain,
            selectedQuery: 0, look: Look(depth: .none))
        let text = drawn(width: 100, height: 20) { view.draw(in: $0, on: &$1) }.lines.joined()
        #expect(text.contains("no query that was looked at loses anything") && survey.losing.isEmpty)
        #expect(view.footer == "density 100.0 % · 12 of 12 queries surveyed")
    }

    @Test func nothingReadSaysSo() throws {
        let view = try view(isRead: false)
        let grid = drawn(width: 60, height: 5) { view.draw(in: $0, on: &$1) }
        #expect(grid.lines.joined().contains("not read yet"))
    }

    /// Keys that the authors' softmax counts several times have their number, on the strip and behind their stretch.
    @Test(arguments: [Size(width: 36, height: 8), Size(width: 100, height: 20)])
    func keysThatCountSeveralTimes(size: Size) throws {
        let window = BigBird(block: 4, random: 2, draw: 0)
        let visible = window.visibleKeys(query: 30, tokens: 64)
        let row = MaskRow(
            query: 30, tokens: 64, visible: visible,
            stretches: [
                MaskRow.Stretch(keys: 0..<4, rule: .global), MaskRow.Stretch(keys: 4..<24, rule: .outside),
                MaskRow.Stretch(keys: 24..<36, rule: .block), MaskRow.Stretch(keys: 36..<60, rule: .outside),
                MaskRow.Stretch(keys: 60..<64, rule: .global),
            ], massKept: 0.87, outputError: 0.06,
            times: KeyTimes([window], query: 30, visible: visible, tokens: 64))
        #expect(row.times.runs.map(\.keys) == [0..<4] && row.times.runs.map(\.times) == [3])
        let view = MaskView(
            row: row, survey: nil, reason: nil, cursor: 30, anchor: 40, scenario: Scenario(windows: [window]),
            direction: .around, look: Look(depth: .indexed256))
        let grid = drawn(width: size.width, height: size.height) { view.draw(in: $0, on: &$1) }
        let lines = grid.lines
        let strip = try #require(lines.first { $0.hasPrefix("33") })
        #expect(!strip.dropFirst(size.width / 2).contains("3"))
        #expect(lines.filter { $0.contains("kept as global") && $0.contains("4 keys ×3") }.count == 1)
        if size.width == 100 {
            #expect(lines.contains { $0.contains("kept as global") && !$0.contains("×") })
            #expect(
                lines.last?.contains("counted n times") == true
                    || lines.last?.contains("counts the key n times") == true)
        }
    }
}

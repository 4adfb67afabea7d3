import RopewalkCellGrid
import RopewalkPictures
import Testing

@testable import RopewalkViews

@Suite struct BenchmarkViewTests {
    private static func view(
        _ questions: Int = 3, tasks: Int = 2, selected: Int = 1, notes: [String] = ["1 line is left out"],
        depth: ColourDepth = .none
    ) -> BenchmarkView {
        BenchmarkView(
            tasks: (0..<tasks).map { .init(name: "task_\($0)", metric: "qa_f1", questions: $0 + 1, score: 50.25) },
            notes: notes,
            questions: (0..<questions).map {
                .init(
                    key: "\($0 + 1)", task: "task_\($0 % 2)", score: $0 == 2 ? nil : 100,
                    text: $0 == 2 ? "it has no answer" : "孔子 said", isProblem: $0 == 2)
            }, selected: selected, obstacle: nil, look: Look(depth: depth))
    }

    private static func lines(_ view: BenchmarkView, width: Int = 60, height: Int = 10) -> [String] {
        var grid = Grid(size: Size(width: width, height: height))
        view.draw(in: grid.bounds, on: &grid)
        return grid.lines
    }

    @Test func scoresStandAboveTheQuestions() {
        let lines = Self.lines(Self.view())
        #expect(lines[0].hasPrefix("task") && lines[0].contains("score"))
        #expect(lines[1].hasPrefix("task_0") && lines[1].contains("50.25") && lines[2].contains("2"))
        #expect(lines[3] == "1 line is left out" && lines[4] == "#  task  score %  answer", "\(lines[4])")
        #expect(lines[5] == "1  task_0  100.0  孔子 said", "\(lines[5])")
        #expect(lines[7] == "3  task_0      –  it has no answer", "\(lines[7])")
    }

    /// Whatever room there is, the selected question is seen; places of the screen are those of the list.
    @Test func theSelectedQuestionStaysOnTheScreen() {
        for height in 4...20 {
            let view = Self.view(50, tasks: 9, selected: 33)
            let lines = Self.lines(view, height: height)
            #expect(lines.contains { $0.hasPrefix("34  ") }, "\(height)")
            let rect = Rect(x: 0, y: 0, width: 60, height: height)
            #expect((0..<height).contains { view.question(y: $0, in: rect) == 33 })
        }
        #expect(Self.view(0).question(y: 3, in: Rect(x: 0, y: 0, width: 9, height: 9)) == nil)
    }

    @Test(arguments: ColourDepth.allCases) func everySizeStaysInside(depth: ColourDepth) {
        for (width, height) in [(0, 0), (1, 1), (9, 3), (16, 4), (38, 8), (60, 18), (200, 5), (12, 60)] {
            for count in [0, 1, 20] {
                var grid = Grid(size: Size(width: width + 8, height: height + 6))
                let rect = Rect(x: 4, y: 3, width: width, height: height)
                Self.view(count, tasks: count, selected: 7, depth: depth).draw(in: rect, on: &grid)
                for y in 0..<grid.size.height {
                    let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
                    #expect(outside.isEmpty, "\(width) \(height) \(count), row \(y - 3)")
                }
            }
        }
    }

    @Test func theFigureHasABarATask() throws {
        let figure = try #require(Self.view(depth: .direct).figure(title: "Scores of a file"))
        #expect(figure.plots[0].marks.count == 2 && figure.remarks.first == "1 line is left out")
        #expect(FigureSVG(figure, ground: .light).text.contains("task_1 (2)"))
        #expect(Self.view(tasks: 0).figure(title: "") == nil)
    }
}

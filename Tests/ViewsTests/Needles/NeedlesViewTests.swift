import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkPictures
import Testing

@testable import RopewalkViews

@Suite struct NeedlesViewTests {
    private static let plan = NeedlePlan(
        tasks: [NeedleTask(.passkey)], methods: ["rope"], lengths: [256, 512, 1024, 2048],
        depths: [0, 25, 50, 75, 100],
        seeds: [0, 1])

    private static func map(_ task: NeedleTask = NeedleTask(.passkey), method: String = "rope") -> NeedleMap {
        let plan = NeedlePlan(
            tasks: [task], methods: [method], lengths: plan.lengths, depths: plan.depths, seeds: plan.seeds)
        return NeedleMap(task, method: method, plan: plan) { cell in
            if cell.place.length == 2048 { return cell.place.depth == 0 ? .failed("it does not fit") : nil }
            let isFound = cell.place.length < 1024 || cell.place.seed == 0
            return .read(
                NeedleResult(
                    tokens: cell.place.length, depth: Double(cell.place.depth), isFound: isFound,
                    share: isFound ? 1 : 0,
                    isEnded: true, reading: "12345", firstWrong: isFound ? nil : 0, loss: 2, answerTokens: 5, rank: 1,
                    choice: nil, mass: [0.03, 0.5], seen: [1, 0.5], heads: 2))
        }
    }

    private static func lines(_ view: NeedleMapView, width: Int = 40, height: Int? = nil) -> [String] {
        var grid = Grid(size: Size(width: width, height: height ?? view.height))
        view.draw(in: grid.bounds, on: &grid)
        return grid.lines
    }

    @Test func numbersStandByLengthAndDepth() {
        let view = NeedleMapView(Self.map(), measure: .score, title: "rope", look: Look(depth: .none))
        #expect(
            Self.lines(view) == [
                "passkey · rope · carries 512 so far",
                "depth %    256    512  1,024  2,048",
                "     0     100    100     50      –",
                "    25     100    100     50      ·",
                "    50     100    100     50      ·",
                "    75     100    100     50      ·",
                "   100     100    100     50      ·",
                "mean       100    100     50      ·",
            ])
        let mass = NeedleMapView(Self.map(), measure: .mass, title: "rope", look: Look(depth: .none))
        #expect(Self.lines(mass)[2] == "     0      50     50     50      –")
        let loss = NeedleMapView(Self.map(), measure: .loss, title: "rope", look: Look(depth: .none))
        #expect(Self.lines(loss)[2] == "     0    0.40   0.40   0.40      –")
        #expect(loss.level(0) == 1 && loss.level(8) == 0 && loss.level(99) == 0 && view.level(50) == 0.5)
    }

    /// Where there is little room the selected place stays, and places of the screen are those of the map.
    @Test func theSelectedPlaceStaysOnTheScreen() {
        let selected = NeedleMapView.Place(row: 4, column: 3)
        let view = NeedleMapView(
            Self.map(), measure: .score, title: "rope", selected: selected, look: Look(depth: .indexed256))
        let lines = Self.lines(view, width: 24, height: 6)
        #expect(lines[1].contains("2,048") && !lines[1].contains("256"))
        #expect(lines.contains { $0.hasPrefix("   100") } && !lines.contains { $0.hasPrefix("     0") })
        let rect = Rect(x: 3, y: 2, width: 40, height: 8)
        var seen: Set<NeedleMapView.Place> = []
        let whole = NeedleMapView(Self.map(), measure: .score, title: "rope", look: Look(depth: .none))
        for y in 0..<14 {
            for x in 0..<50 {
                if let place = whole.place(x: x, y: y, in: rect) { seen.insert(place) }
            }
        }
        #expect(seen.count == 20)
        #expect(whole.place(x: 3 + 8, y: 4, in: rect) == .init(row: 0, column: 0))
    }

    @Test func mapsStandBelowEachOther() {
        let lines =
            (0..<4).map { NeedlesView.Line(title: "m\($0)", map: Self.map(method: "m\($0)")) }
            + [NeedlesView.Line(title: "m4", map: Self.map(), problem: "it cannot be")]
        for selected in 0..<5 {
            let view = NeedlesView(
                lines: lines, measure: .score, selected: .init(line: selected, cell: .init(row: 2, column: 1)),
                seeds: 2,
                look: Look(depth: .indexed256))
            var grid = Grid(size: Size(width: 60, height: 20))
            view.draw(in: grid.bounds, on: &grid)
            #expect(grid.lines.contains { $0.contains("passkey · m\(selected)") }, "\(selected)")
            let places = (0..<20).flatMap { y in (0..<60).compactMap { view.place(x: $0, y: y, in: grid.bounds) } }
            #expect(selected == 4 || places.contains(.init(line: selected, cell: .init(row: 2, column: 1))))
        }
        let none = NeedlesView(
            lines: [], measure: .score, selected: .init(line: 0, cell: .init(row: 0, column: 0)), seeds: 3,
            obstacle: "there is no text", look: Look(depth: .none))
        var grid = Grid(size: Size(width: 30, height: 4))
        none.draw(in: grid.bounds, on: &grid)
        #expect(grid.lines.joined().contains("there is no text"))
        #expect(none.figure == nil && none.place(x: 1, y: 1, in: grid.bounds) == nil)
    }

    private static func page(_ count: Int, selected: Int = 0, width: Int, height: Int) -> [String] {
        let view = NeedlesView(
            lines: (0..<count).map { .init(title: "m\($0)", map: map(method: "m\($0)")) }, measure: .score,
            selected: .init(line: selected, cell: .init(row: 0, column: 0)), seeds: 2, look: Look(depth: .none))
        var grid = Grid(size: Size(width: width, height: height))
        view.draw(in: grid.bounds, on: &grid)
        return grid.lines
    }

    /// A wide panel has maps beside each other, and what does not fit is counted.
    @Test func mapsStandBesideEachOther() {
        let wide = Self.page(5, width: 160, height: 20)
        #expect((0..<4).allSatisfy { wide[0].contains("passkey · m\($0)") } && wide[9].contains("passkey · m4"))
        #expect(!wide.contains { $0.contains("more") })
        let low = Self.page(5, width: 80, height: 10)
        #expect(low[0].contains("m0") && low[0].contains("m1") && low[9] == "… 3 more")
        let last = Self.page(5, selected: 4, width: 80, height: 18)
        #expect(last[0].contains("m2") && last[9].contains("m4") && last[17] == "… 2 more")
        let narrow = Self.page(3, width: 40, height: 26)
        #expect(narrow[0].contains("m0") && narrow[9].contains("m1") && narrow[18].contains("m2"))
        // A map that is cut says so.
        #expect(Self.page(1, width: 60, height: 7)[0].contains("4 of 5 depths"))
    }

    @Test(arguments: ColourDepth.allCases) func everySizeStaysInside(depth: ColourDepth) {
        let lists = Self.map(NeedleTask(.commonWords))
        for (width, height) in [(0, 0), (1, 1), (9, 3), (16, 4), (38, 8), (60, 18), (200, 5), (12, 60)] {
            for map in [Self.map(), lists] {
                let line = NeedlesView.Line(title: "孔子 a very long name of a method:with=1,many=2", map: map)
                let view = NeedlesView(
                    lines: [line, line, line], measure: .found,
                    selected: .init(line: 1, cell: .init(row: 9, column: 9)),
                    seeds: 3, look: Look(depth: depth))
                var grid = Grid(size: Size(width: width + 8, height: height + 6))
                let rect = Rect(x: 4, y: 3, width: width, height: height)
                view.draw(in: rect, on: &grid)
                for y in 0..<grid.size.height {
                    let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
                    #expect(outside.isEmpty, "\(width) \(height), row \(y - 3)")
                }
            }
        }
    }

    @Test func figuresHaveAllNumbers() throws {
        let look = Look(depth: .direct, ground: .light)
        let maps = [(map: Self.map(), title: "rope"), (map: Self.map(method: "pi"), title: "pi")]
        let figure = try #require(NeedleMapsFigure(maps, measure: .score, seeds: 2, look: look).figure)
        #expect(figure.plots.count == 2 && figure.plots[0].raster?.numbers.count == 20)
        #expect(figure.plots[0].raster?.numbers.first == "100" && figure.remarks.count == 2)
        let reach = try #require(NeedleReachFigure(maps, measure: .score, window: 512, look: look).figure)
        #expect(reach.legend?.entries.map(\.numbers) == [["512 …"], ["512 …"]])
        for picture in [figure, reach] {
            let text = FigureSVG(picture, ground: .light).text
            #expect(text.contains("<svg") && text.contains("passkey"))
        }
    }

    @Test func lossesAreDrawnByPositionAndContext() throws {
        var buckets = LossBuckets(width: 100, tokens: 300)
        buckets.add([(0..<300).map { 4 - Float($0) / 300 }])
        var sum = LossSum()
        sum.add(3)
        var less = LossSum()
        less.add(2.5)
        let curve = ContextCurve(points: [.init(context: 64, loss: sum), .init(context: 256, loss: less)])
        let view = BucketLossView(
            lines: [.init(title: "rope", buckets: buckets, curve: curve)], reading: "every text as a whole",
            look: Look(depth: .direct, ground: .light))
        let positions = try #require(view.positions)
        #expect(positions.legend?.entries.first?.numbers == ["3.502"])
        let contexts = try #require(view.contexts)
        #expect(contexts.legend?.entries.first?.numbers == ["≥ 256"])
        #expect(contexts.remarks.contains { $0.contains("the longest that was asked for") })
        let bare = BucketLossView(
            lines: [.init(title: "rope", buckets: LossBuckets(width: 9, tokens: 5))], reading: "",
            look: Look(depth: .none))
        #expect(bare.positions == nil && bare.contexts == nil)
    }
}

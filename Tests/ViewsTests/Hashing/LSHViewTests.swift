import RopewalkCellGrid
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkLens
@testable import RopewalkViews

/// The page that says how hashing comes to the cursor's keys.
@Suite struct LSHViewTests {
    static func view(_ look: Look, whole: Bool = true, chunk: Int? = 4) -> LSHView {
        let rounds = (0..<3).map { round in
            LSHReading.Round(
                bucket: round, inBucket: 5,
                chunks: [
                    LSHReading.Chunk(index: 2 * round, members: [(1, 0), (4, 0), (9, 1), (60, 1)]),
                    LSHReading.Chunk(index: 2 * round + 1, members: [(2, round), (40, round), (41, round), (7, 3)]),
                ], keys: 4 + round, logSumExp: round == 2 ? -.infinity : 1.5, share: round == 2 ? 0 : 0.5)
        }
        let recalls = (1...3).map {
            LSHReading.Recall(
                own: Float($0) * 0.25, kept: Float($0) * 0.3, meanOwn: Float($0) * 0.2, meanKept: Float($0) * 0.25)
        }
        let reading = LSHReading(
            query: 40, tokens: 64, buckets: 64, chunk: chunk, rounds: rounds, top: 16, recalls: recalls,
            recent: (0..<3).map { round in (0...40).map { ($0 * 7 + round) % 64 } },
            keys: KeyRanges([1..<3, 4..<5, 9..<10, 40..<41]))
        return LSHView(method: "lsh:rounds=3", reading: whole ? reading : nil, look: look)
    }

    private static func lines(_ width: Int, _ height: Int) -> [String] {
        let grid = drawn(width: width, height: height) { view(Look(depth: .none)).draw(in: $0, on: &$1) }
        return PlainText.text(grid).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func whatIsFoundStandsFirst() {
        let lines = Self.lines(100, 28)
        #expect(lines.contains { $0.contains("3 rounds find 5 of 41 keys") && $0.contains("75 % of the 16 strongest") })
        #expect(lines.contains { $0.contains("signs begin anew after 36 of 64") })
        // Borders between the chunks that are read, and a later token as a dot.
        #expect(lines.contains { $0.contains("0 001·│00·3") })
        #expect(lines.contains { $0.contains("—") }, "a round that finds nothing has no sum")
        for round in 1...3 {
            let recall = Figures.fixed(Double(round) * 0.25, 2)
            #expect(lines.contains { $0.contains(" \(round)  \(recall)") }, "\(round)")
        }
    }

    @Test func aNarrowPanelSaysTheSameInFewerWords() {
        let lines = Self.lines(40, 12)
        #expect(lines.contains { $0.contains("5 of 41 keys") })
        #expect(lines.contains { $0.contains(" 3  0.75") })
    }

    @Test(arguments: ColourDepth.allCases) func itStaysInsideAtEverySize(depth: ColourDepth) {
        for (width, height) in [(0, 0), (1, 1), (7, 3), (20, 40), (58, 5), (200, 60)] {
            for view in [
                Self.view(Look(depth: depth)), Self.view(Look(depth: depth), whole: false),
                Self.view(Look(depth: depth), chunk: nil), LSHView(method: nil, look: Look(depth: depth)),
            ] {
                let inner = Rect(x: 2, y: 1, width: width, height: height)
                var grid = Grid(size: Size(width: width + 4, height: height + 2))
                let before = grid
                view.draw(in: inner, on: &grid)
                for y in 0..<height + 2 {
                    for x in 0..<width + 4 where !inner.contains(x: x, y: y) { #expect(grid[x, y] == before[x, y]) }
                }
            }
        }
    }
}

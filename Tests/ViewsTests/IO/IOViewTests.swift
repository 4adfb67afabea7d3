import RopewalkCellGrid
import RopewalkMethods
import RopewalkPictures
import Testing

@testable import RopewalkLens
@testable import RopewalkViews

@Suite struct IOViewTests {
    private static let sizes = [
        (0, 0), (1, 1), (2, 3), (3, 1), (8, 2), (12, 5), (38, 8), (60, 18), (78, 20), (100, 50), (200, 4), (5, 60),
    ]

    private static func row(_ tokens: Int, _ sizes: TileSizes) -> TileRow {
        var state = OnlineSoftmax(dimension: 2)
        let steps = (0..<sizes.columnCount(keys: tokens)).map { column in
            let keys = sizes.keys(ofColumn: column, of: tokens)
            let change = state.take(keys.map { Float($0 % 5) }) { [Float($0), 1] }
            return TileRow.Step(column: column, keys: keys, seen: keys.count, change: change, state: state)
        }
        return TileRow(
            layer: 0, head: 0, query: tokens - 1, sizes: sizes, steps: steps, sink: nil, end: state,
            plain: state.result, plainLogSumExp: state.logSumExp, basis: .exact)
    }

    private static func tiles(
        _ tokens: Int, _ sizes: TileSizes, step: Int, order: FlashVersion = .second, depth: ColourDepth = .none,
        windows: [any WindowMethod] = []
    ) throws -> TilesView {
        let grid = try TileGrid(try Mask(windows: windows, tokens: tokens, isCausal: true), sizes: sizes)
        let image = Samples.map(rows: 10, columns: 10, cell: max(1, (tokens + 9) / 10), recorded: tokens)
        return TilesView(
            walk: TileWalk(grid, version: order, dimension: 32), step: step, row: row(tokens, sizes),
            cursor: tokens - 1, image: image, scale: Scale(kind: .logarithmic, image: image), fastMemory: 1024,
            look: Look(depth: depth))
    }

    private static func pages(_ tokens: Int, fork: Int?, depth: ColourDepth = .none) throws -> PagesView {
        var scene = PageScene(length: tokens, forks: fork.map { [$0] } ?? [], appended: fork == nil ? 0 : 5)
        scene.blockSize = 8
        let cache = try scene.cache()
        return PagesView(
            cache: cache, comparison: scene.comparison(cache, end: tokens + 9, window: 4 * tokens), cursor: tokens - 1,
            fork: fork.map { ($0, 5) }, giving: "all keys are kept", name: { $0 % 3 == 1 ? "猫" : "w\($0)" },
            look: Look(depth: depth))
    }

    /// Keys with scores 0 to 4, in parts.
    private static func splits(_ tokens: Int, _ count: Int, depth: ColourDepth = .none) -> SplitsView {
        let length = max(1, (tokens + count - 1) / count)
        var merged = OnlineSoftmax(dimension: 2)
        let parts = stride(from: 0, to: tokens, by: length).map { start in
            let keys = start..<min(tokens, start + length)
            var state = OnlineSoftmax(dimension: 2)
            _ = state.take(keys.map { Float($0 % 5) }) { [Float($0), 1] }
            merged.merge(state)
            return SplitDecoding.Part(
                keys: keys, seen: keys.count, state: state, share: Float(keys.count) / Float(tokens))
        }
        let split = SplitDecoding(
            parts: parts, merged: merged, plain: merged.result, plainLogSumExp: merged.logSumExp)
        return SplitsView(split: split, query: tokens - 1, look: Look(depth: depth))
    }

    private static func lines(_ width: Int, _ height: Int, _ draw: (Rect, inout Grid) -> Void) -> [String] {
        var grid = Grid(size: Size(width: width, height: height))
        draw(Rect(x: 0, y: 0, width: width, height: height), &grid)
        return grid.lines
    }

    @Test(arguments: ColourDepth.allCases, sizes) func theyStayInsideAtEverySize(
        depth: ColourDepth, size: (Int, Int)
    ) throws {
        func check(_ draw: (Rect, inout Grid) -> Void) {
            var grid = Grid(size: Size(width: size.0 + 8, height: size.1 + 6))
            let rect = Rect(x: 4, y: 3, width: size.0, height: size.1)
            draw(rect, &grid)
            for y in 0..<grid.size.height {
                let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
                #expect(outside.isEmpty, "\(size), row \(y - 3)")
            }
        }
        for (tokens, sizes) in [
            (1, TileSizes(rows: 1, columns: 1)), (50, TileSizes(rows: 4, columns: 7)),
            (900, TileSizes(rows: 2, columns: 3)),
        ] {
            for order in FlashVersion.allCases {
                let view = try Self.tiles(tokens, sizes, step: 5, order: order, depth: depth)
                check { view.draw(in: $0, on: &$1) }
            }
        }
        for (tokens, fork) in [(1, nil), (40, 20), (2000, 1999)] as [(Int, Int?)] {
            let view = try Self.pages(tokens, fork: fork, depth: depth)
            check { view.draw(in: $0, on: &$1) }
        }
        for (tokens, count) in [(1, 1), (40, 4), (4000, 900)] {
            let view = Self.splits(tokens, count, depth: depth)
            check { view.draw(in: $0, on: &$1) }
        }
    }

    /// Figures of all sizes are written: bars have names and texts, cells a colour, and what is too much is left out.
    @Test func figuresAreWritten() throws {
        var figures = [Self.splits(40, 4).figure(title: "parts"), Self.splits(4000, 900).figure(title: "parts")]
        for (tokens, sizes) in [(1, 1), (50, 7), (900, 3)] {
            let view = try Self.tiles(tokens, TileSizes(rows: sizes, columns: sizes), step: 3)
            figures.append(view.figure(title: "tiles"))
            // Every tile that is visited has a colour, the others are skipped.
            let raster = try #require(figures.last?.plots.first?.raster)
            #expect(raster.rows <= 64 && raster.cells.contains { if case .level = $0 { true } else { false } })
        }
        for (tokens, fork) in [(1, nil), (40, 20), (2000, 1999)] as [(Int, Int?)] {
            figures.append(try Self.pages(tokens, fork: fork).figure(title: "pages"))
        }
        for figure in figures {
            for ground in [Ground.light, .dark] {
                let text = FigureSVG(figure, ground: ground).text
                #expect(text.contains("</svg>") && text.utf8.count < 900_000, "\(figure.title)")
            }
        }
        #expect(figures[1].plots[0].y.ticks.count == 41)
        #expect(
            figures[0].plots[0].marks.contains {
                if case .bar(row: 0.5, from: 0, to: 0.25, height: _, _) = $0 { true } else { false }
            })
    }

    /// A line a part with the numbers of its softmax; what has no room is counted, and its share told.
    @Test func partsHaveALineEach() {
        let few = Self.lines(90, 12) { Self.splits(40, 4).draw(in: $0, on: &$1) }
        for keys in ["0–9", "10–19", "20–29", "30–39"] {
            #expect(few.contains { $0.contains(keys) && $0.contains("0.25") }, "\(keys)")
        }
        #expect(few.contains { $0.contains("plain softmax") } && !few.contains { $0.contains("more part") })
        #expect(Self.splits(40, 4).facts[0][0] == "4 parts of the keys")
        let many = Self.lines(90, 12) { Self.splits(40, 20).draw(in: $0, on: &$1) }
        let shown = many.count { $0.contains("–") && $0.contains("0.05") }
        #expect(many.contains { $0.contains("… \(20 - shown) more parts, share") } && shown > 2)
        let rect = Rect(x: 0, y: 0, width: 90, height: 12)
        #expect(Self.splits(40, 4).page(atX: 1, y: 0, in: rect) == .tiles)
    }

    /// Tiles of a causal map in the order of each version; what is done, now, and to come.
    @Test func tilesAreDrawnInTheirOrder() throws {
        func board(_ order: FlashVersion, _ step: Int) throws -> [String] {
            let view = try Self.tiles(12, TileSizes(rows: 3, columns: 3), step: step, order: order)
            let board = TileBoard(view.walk, step: view.step, width: 4, height: 4)
            return (0..<4).map { row in
                (0..<4).map { column in
                    switch board.place(row: row, column: column).state {
                    case .skipped: "x"
                    case .toCome: "."
                    case .begun: "b"
                    case .done: "#"
                    case .current: "o"
                    }
                }.joined()
            }
        }
        #expect(try board(.second, 3) == ["#xxx", "##xx", "o..x", "...."])
        #expect(try board(.first, 3) == ["#xxx", "#.xx", "#..x", "o..."])
    }

    @Test func theNumbersOfAStepStandInItsFormula() throws {
        let view = try Self.tiles(50, TileSizes(rows: 8, columns: 16), step: 1000)
        let text = Self.lines(78, 20) { view.draw(in: $0, on: &$1) }.joined(separator: "\n")
        #expect(text.contains("m = max(4.000, 4.000) = 4.000"))
        #expect(text.contains("tiles of 8 queries × 16 keys") && text.contains("◆"))
        #expect(text.contains("standard") && text.contains("so far") && text.contains("plain softmax"))
        #expect(view.facts[0][0] == "tile 16 of 16, 12 skipped")
    }

    @Test func aPressFindsItsTileAndPage() throws {
        let view = try Self.tiles(50, TileSizes(rows: 8, columns: 16), step: 0)
        let rect = Rect(x: 0, y: 0, width: 78, height: 20)
        let frame = view.frame(in: rect)
        #expect(view.page(atX: 9, y: 0, in: rect) == .pages && view.page(atX: 1, y: 1, in: rect) == nil)
        let board = view.board(frame)
        func step(_ row: Int, _ column: Int) -> Int? {
            view.step(
                atX: frame.board.x + 1 + board.cellWidth * column, y: frame.board.y + board.cellHeight * row, in: rect)
        }
        #expect(board.isWhole && board.cellWidth == 2 * board.cellHeight)
        for (place, tile) in view.walk.tiles.enumerated() { #expect(step(tile.row, tile.column) == place) }
        #expect(step(0, 3) == nil && step(7, 0) == nil)
    }

    /// A fork shares blocks, and the one that it wrote to is a copy.
    @Test func sharedBlocksAndCopiesAreSaid() throws {
        let view = try Self.pages(40, fork: 20)
        let text = Self.lines(100, 20) { view.draw(in: $0, on: &$1) }.joined(separator: "\n")
        #expect(text.contains("×2") && text.contains("copy on write: B writes to block 2"))
        #expect(text.contains("B goes on after 20 tokens with 5 of its own") && text.contains("□□□□"))
        #expect(text.contains("one piece: window") && text.contains("in blocks"))
        #expect(view.facts[0][0] == "7 of 9 blocks in use")
        let narrow = Self.lines(38, 18) { view.draw(in: $0, on: &$1) }.joined(separator: "\n")
        #expect(narrow.contains("→") && narrow.contains("%"))
    }
}

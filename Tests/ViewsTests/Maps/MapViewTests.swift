import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkViews

@Suite struct MapViewTests {
    private func view(
        _ size: Size, depth: ColourDepth, recorded share: Double = 1, cursor: Int? = 1_000, anchor: Int? = 200,
        hiding mask: (any MaskRows)? = nil
    ) -> MapView {
        let rect = Rect(x: 0, y: 0, width: size.width, height: size.height)
        let capacity = MapView.capacity(of: rect, depth: depth)
        let tokens = 64 * min(capacity.rows, capacity.columns)
        let recorded = Int(Double(tokens) * share)
        let image = Samples.map(rows: capacity.rows, columns: capacity.columns, cell: 64, recorded: recorded)
        return MapView(
            image: image, request: image.request, scale: Scale(kind: .linear, image: image, leavingOutFirst: 1),
            cursor: cursor, anchor: anchor,
            overlay: mask.map { .hides(MapShares(of: $0, request: image.request)) }, recorded: recorded, tokens: tokens,
            look: Look(depth: depth))
    }

    private func picture(_ view: MapView, _ size: Size) -> String {
        let grid = drawn(width: size.width, height: size.height) { view.draw(in: $0, on: &$1) }
        return PlainText.text(grid) + "\n" + StyleMap(grid).text + view.facts + "\n" + view.footer + "\n"
    }

    @Test(arguments: [ColourDepth.none, .ansi8]) func diagonalSinkAndCross(depth: ColourDepth) {
        let size = Size(width: 40, height: 16)
        #expect(Golden.difference(picture(view(size, depth: depth), size), "map-\(depth.rawValue)") == nil)
    }

    @Test func theMaskHidesCellsAndTheRestIsNotReadYet() {
        let size = Size(width: 40, height: 16)
        let mask = ListedMask(
            rows: (0..<4096).map { KeyRanges([0..<4, max(0, $0 - 200)..<$0 + 1]) })
        let view = view(size, depth: .none, recorded: 0.6, cursor: 300, hiding: mask)
        #expect(Golden.difference(picture(view, size), "map-mask") == nil)
    }

    @Test(arguments: ColourDepth.allCases) func theMouseFindsTheCellThatIsDrawn(depth: ColourDepth) throws {
        let rect = Rect(x: 3, y: 2, width: 60, height: 18)
        let request = MapRequest(layer: 0, head: 0, firstQuery: 128, firstKey: 64, cell: 4, rows: 20, columns: 50)
        let frame = MapLayout(rect, depth: depth)
        let first = try #require(
            MapView.cell(atX: frame.plot.x, y: frame.plot.y, in: rect, request: request, depth: depth))
        #expect(first.query == 128..<128 + 4 * frame.rowsPerCell)
        #expect(first.key == 64..<68)
        #expect(MapView.cell(atX: rect.x, y: rect.y, in: rect, request: request, depth: depth) == nil)
        let last = frame.plot.x + 50
        #expect(MapView.cell(atX: last, y: frame.plot.y, in: rect, request: request, depth: depth) == nil)
    }

    @Test func capacityCountsHalfBlocks() {
        let rect = Rect(x: 0, y: 0, width: 60, height: 18)
        #expect(MapView.capacity(of: rect, depth: .indexed256) == (32, 54))
        #expect(MapView.capacity(of: rect, depth: .none) == (16, 54))
    }

    @Test func nothingRecordedSaysSo() {
        let request = MapRequest(layer: 0, head: 0, cell: 1, rows: 10, columns: 10)
        for image in [nil, MapImage(request: request, values: [], provenance: .exact)] {
            let view = MapView(
                image: image, request: request, scale: Scale(kind: .linear, weights: []), cursor: 0, anchor: nil,
                recorded: 0, tokens: 100, look: Look(depth: .none))
            let grid = drawn(width: 60, height: 9) { view.draw(in: $0, on: &$1) }
            #expect(grid.lines.joined().contains("fills in while the model reads"))
        }
    }

    /// The share of every cell, also of those in which the text ends, is that of its pairs.
    @Test(arguments: [1, 2, 7, 64, 100]) func sharesAreThoseOfThePairs(cell: Int) throws {
        let mask = try Mask(Scenario(parsing: ["lambda:sink=3,window=20"]), tokens: 150)
        let request = MapRequest(layer: 0, head: 0, firstQuery: cell, firstKey: 0, cell: cell, rows: 9, columns: 11)
        let shares = MapShares(of: mask, request: request)
        #expect(shares.sampling == 1)
        for row in 0..<9 {
            for column in 0..<11 {
                let queries = (cell + row * cell..<cell + (row + 1) * cell).clamped(to: 0..<150)
                let keys = (column * cell..<(column + 1) * cell).clamped(to: 0..<150)
                let allowed = queries.reduce(0) { sum, query in
                    sum + keys.count { $0 <= query && ($0 < 3 || query - $0 < 20) }
                }
                let area = queries.count * keys.count
                let expected = area > 0 ? Double(allowed) / Double(area) : 0
                #expect(abs(shares.densities[row * 11 + column] - expected) < 1e-12, "cell \(row), \(column)")
            }
        }
    }

    /// A million tokens cost no pass over the queries, or one over some of them, and the map says which.
    @Test func aMillionTokensAreAnOverview() throws {
        let tokens = 1_048_576
        let request = MapRequest(layer: 0, head: 0, cell: 32_768, rows: 32, columns: 32)
        let window = MapShares(
            of: try Mask(Scenario(parsing: ["lambda:sink=4,window=65536"]), tokens: tokens), request: request)
        #expect(window.sampling == 1)
        // Whole cells inside of the window, and the sink's thin stripe.
        #expect(window.densities[10 * 32 + 9] == 1 && window.densities[10 * 32] == 4.0 / 32_768)
        #expect(window.densities[10 * 32 + 5] == 0)
        let rule = MapShares(of: try Mask(Scenario(parsing: ["expr:q*k%7==0"]), tokens: tokens), request: request)
        #expect(rule.sampling > 1)
        let image = Samples.map(rows: 32, columns: 32, cell: 32_768, recorded: tokens)
        let view = MapView(
            image: image, request: image.request, scale: Scale(kind: .linear, image: image), cursor: nil, anchor: nil,
            overlay: .hides(rule), recorded: tokens, tokens: tokens, look: Look(depth: .none))
        #expect(picture(view, Size(width: 120, height: 40)).contains("sampled: 1 query of"))
    }

    /// Hidden cells, whole and in part, are told from every weight, whatever the terminal's colours and background.
    @Test(arguments: ColourDepth.allCases)
    func whatIsHiddenLooksLikeNoWeight(depth: ColourDepth) throws {
        let size = Size(width: 60, height: 20)
        let mask = try Mask(Scenario(parsing: ["expr:k % 640 < 192"]), tokens: 4096)
        let plain = drawn(width: 60, height: 20) { view(size, depth: depth, cursor: nil).draw(in: $0, on: &$1) }
        let masked = view(size, depth: depth, cursor: nil, hiding: mask)
        let hidden = drawn(width: 60, height: 20) { masked.draw(in: $0, on: &$1) }
        #expect(hidden.lines.contains { $0.contains("╱") })
        #expect(!plain.lines.contains { $0.contains("╱") })
        #expect(hidden.lines.contains { $0.contains("╱ hidden by the mask") })
    }

    /// Where two masks differ, the cells say so, and a sampled overview is called one.
    @Test func differencesAreMarked() throws {
        let a = try Mask(Scenario(parsing: ["window:size=64"]), tokens: 1024)
        let b = try Mask(Scenario(parsing: ["window:size=300"]), tokens: 1024)
        let difference = try MaskDifference(a, b)
        let image = Samples.map(rows: 16, columns: 40, cell: 64, recorded: 1024)
        let view = MapView(
            image: image, request: image.request, scale: Scale(kind: .linear, image: image), cursor: nil, anchor: nil,
            overlay: .differs(
                MapShares(of: difference, request: image.request), first: MapShares(of: a, request: image.request)),
            recorded: 1024, tokens: 1024, look: Look(depth: .none))
        let size = Size(width: 58, height: 20)
        let text = picture(view, size)
        // What the first mask hides does not look like a small weight.
        #expect(text.contains("╱╱") && text.contains("· ╱ hidden here"))
        #expect(text.contains("≠") && text.contains("the masks differ") && !text.contains("sampled"))
    }

    /// A first token that is left out of the scale is painted as its end, which says so; without it the end is a weight.
    @Test func theScaleOfAPageSaysWhatLiesAboveIt() throws {
        let size = Size(width: 40, height: 16)
        let bar = try #require(view(size, depth: .direct).figure(title: "")?.plots.first?.bar)
        #expect(bar.ticks.last?.text.hasPrefix("≥ ") == true)
        let scale = Scale(kind: .linear, image: Samples.map(rows: 8, columns: 8, cell: 64, recorded: 512))
        #expect(scale.bar(title: "").ticks.last?.text.contains("≥") == false)
    }

    /// As textbooks print it: a few words have their weights in the cells, many have not, and none is 0.00.
    @Test(arguments: [(10, true), (40, false)]) func smallMapsHaveNumbers(count: Int, hasNumbers: Bool) throws {
        let image = Samples.map(rows: count, columns: count, cell: 1, recorded: count)
        let view = MapView(
            image: image, request: image.request, scale: Scale(kind: .linear, image: image, leavingOutFirst: 1),
            cursor: nil, anchor: nil, recorded: count, tokens: count, look: Look(depth: .direct))
        let words = Array(repeating: "word", count: count)
        let figure = try #require(view.figure(title: "", words: MapView.Words(queries: words, keys: words)))
        let raster = try #require(figure.plots.first?.raster)
        #expect(raster.numbers.isEmpty == !hasNumbers && !raster.numbers.contains("0.00"))
        #expect(!hasNumbers || raster.numbers[0] == "0.90" && raster.numbers[1].isEmpty)
        #expect(figure.remarks.contains { $0.hasPrefix("Numbers") } == hasNumbers)
    }
}

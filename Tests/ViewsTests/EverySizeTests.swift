import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import Testing

@testable import RopewalkViews

/// Every view stays inside its rectangle at every size, with few and many heads and subspaces, read or not.
@Suite struct EverySizeTests {
    private static let sizes = [
        (0, 0), (1, 1), (2, 3), (3, 1), (8, 2), (12, 5), (38, 8), (60, 18), (100, 50), (200, 4), (5, 60),
    ]

    private func check(_ size: (Int, Int), _ draw: (Rect, inout Grid) -> Void) {
        var grid = Grid(size: Size(width: size.0 + 8, height: size.1 + 6))
        let rect = Rect(x: 4, y: 3, width: size.0, height: size.1)
        draw(rect, &grid)
        for y in 0..<grid.size.height {
            let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
            #expect(outside.isEmpty, "\(size), row \(y - 3)")
        }
    }

    @Test(arguments: ColourDepth.allCases, sizes) func text(depth: ColourDepth, size: (Int, Int)) throws {
        let rect = Rect(x: 0, y: 0, width: size.0, height: size.1)
        for string in [Samples.book, Samples.analects, "a\tb\u{7}\r\ne\u{301}\u{301} 👩‍👩‍👧\u{200B}"] {
            let document = try Samples.document(string)
            for isRead in [true, false] {
                let row = isRead ? Samples.row(query: 5) : nil
                let view = TextView(
                    TextView.Page(
                        text: document.text, document: document,
                        layout: TextLayout(text: document.text, width: TextView.textRect(in: rect).width)),
                    row: row, scale: Scale(kind: .quantile, weights: row?.weights ?? []),
                    marks: TextView.Marks(
                        cursor: 5, anchor: 2, visible: KeyRanges(0..<2), boundary: (3, ["窗 window"]), hint: "hint"),
                    look: Look(depth: depth))
                check(size) { view.draw(in: $0, on: &$1) }
            }
        }
    }

    private static let mask = ListedMask(rows: (0..<99).map { KeyRanges(0..<$0 / 2) })

    @Test(arguments: ColourDepth.allCases, sizes) func map(depth: ColourDepth, size: (Int, Int)) {
        let rect = Rect(x: 0, y: 0, width: size.0, height: size.1)
        let capacity = MapView.capacity(of: rect, depth: depth)
        for rows in [0, 1, capacity.rows, capacity.rows + 9] {
            for place in [0, 70, 900_000] {
                let image = Samples.map(rows: rows, columns: capacity.columns + rows % 3, cell: 2, recorded: 40)
                let view = MapView(
                    image: image, request: image.request, scale: Scale(kind: .logarithmic, image: image),
                    cursor: place, anchor: place / 2,
                    overlay: .hides(MapShares(of: Self.mask, request: image.request)), recorded: 40, tokens: 99,
                    look: Look(depth: depth))
                check(size) { view.draw(in: $0, on: &$1) }
            }
        }
    }

    @Test(arguments: ColourDepth.allCases, sizes) func rotation(depth: ColourDepth, size: (Int, Int)) {
        for dimensions in [0, 2, 32, 128] {
            for hasPair in [true, false] {
                let context = Samples.context(dimensions: dimensions)
                let view = RotationView(
                    pair: hasPair ? Samples.pair(query: 900, key: 3, dimensions: dimensions) : nil,
                    rotation: RoPE().rotation(in: context), context: context, methodTitle: "RoPE", first: 7,
                    look: Look(depth: depth))
                check(size) { view.draw(in: $0, on: &$1) }
            }
        }
    }

    @Test(arguments: ColourDepth.allCases, sizes) func mask(depth: ColourDepth, size: (Int, Int)) {
        for isRead in [true, false] {
            let view = MaskView(
                row: isRead ? Samples.maskRow() : nil, survey: isRead ? Samples.survey : nil, reason: Samples.reason,
                cursor: 1_204, anchor: 87, scenario: .plain, look: Look(depth: depth))
            check(size) { view.draw(in: $0, on: &$1) }
        }
    }

    @Test(arguments: ColourDepth.allCases, sizes) func heads(depth: ColourDepth, size: (Int, Int)) {
        let rect = Rect(x: 0, y: 0, width: size.0, height: size.1)
        for (layers, heads) in [(0, 0), (1, 1), (4, 8), (32, 64)] {
            let side = HeadsView.thumbnailSide(in: rect, layers: layers, heads: heads)
            for isRead in [true, false] {
                let view = HeadsView(
                    scores: isRead ? Samples.scores(layers: layers, heads: heads) : [],
                    thumbnails: Samples.thumbnails(layers: layers, heads: heads, side: side), layers: layers,
                    heads: heads, shown: HeadsView.Place(layer: 3, head: 7),
                    selected: HeadsView.Place(layer: 31, head: 63), look: Look(depth: depth))
                check(size) { view.draw(in: $0, on: &$1) }
            }
        }
    }
}

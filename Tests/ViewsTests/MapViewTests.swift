import CellGrid
import Lens
import Methods
import TestSupport
import Testing

@testable import Views

@Suite struct MapViewTests {
    private func view(
        _ size: Size, depth: ColourDepth, recorded share: Double = 1, cursor: Int? = 1_000, anchor: Int? = 200,
        overlay: (@Sendable (Int) -> KeyRanges)? = nil
    ) -> MapView {
        let rect = Rect(x: 0, y: 0, width: size.width, height: size.height)
        let capacity = MapView.capacity(of: rect, depth: depth)
        let tokens = 64 * min(capacity.rows, capacity.columns)
        let recorded = Int(Double(tokens) * share)
        let image = Samples.map(rows: capacity.rows, columns: capacity.columns, cell: 64, recorded: recorded)
        return MapView(
            image: image, request: image.request, scale: Scale(kind: .linear, image: image, leavingOutFirst: 1),
            cursor: cursor, anchor: anchor, overlay: overlay, recorded: recorded, tokens: tokens,
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
        let view = view(size, depth: .none, recorded: 0.6, cursor: 300) { query in
            KeyRanges([0..<4, max(0, query - 200)..<query + 1])
        }
        #expect(Golden.difference(picture(view, size), "map-mask") == nil)
    }

    @Test(arguments: ColourDepth.allCases) func theMouseFindsTheCellThatIsDrawn(depth: ColourDepth) throws {
        let rect = Rect(x: 3, y: 2, width: 60, height: 18)
        let request = MapRequest(layer: 0, head: 0, firstQuery: 128, firstKey: 64, cell: 4, rows: 20, columns: 50)
        let frame = MapFrame(rect, depth: depth)
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
}

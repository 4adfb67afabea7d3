import RopewalkCellGrid
import Testing

@testable import RopewalkViews

/// The views about positions stay inside their rectangle at every size, with and without colours.
@Suite struct EverySizePositionTests {
    static let sizes = [
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

    @Test(arguments: ColourDepth.allCases, sizes) func everyView(depth: ColourDepth, size: (Int, Int)) throws {
        let look = Look(depth: depth)
        for isLogarithmic in [true, false] {
            let loss = Samples.lossView(depth: depth, isLogarithmic: isLogarithmic)
            check(size) { loss.draw(in: $0, on: &$1) }
        }
        let profiles = Samples.profileView(depth: depth)
        check(size) { profiles.draw(in: $0, on: &$1) }
        let map = try Samples.distanceMapView(depth: depth, rows: size.1 * 2, columns: size.0 + 3)
        check(size) { map.draw(in: $0, on: &$1) }
        for methods in [try Samples.methods(), try Samples.methods(dimensions: 2), []] {
            for (query, key) in [(0, 0), (1, 0), (3_000, 7)] {
                let curve = DistanceCurveView(methods: methods, query: query, key: key, look: look)
                check(size) { curve.draw(in: $0, on: &$1) }
                let distances = RotationDistancesView(
                    methods: methods, subspace: 9, query: query, key: nil, look: look)
                check(size) { distances.draw(in: $0, on: &$1) }
                let table = RotationMethodsView(
                    methods: methods, subspace: 9, query: query, key: key, first: 2, look: look)
                check(size) { table.draw(in: $0, on: &$1) }
            }
        }
    }
}

import Foundation
import RopewalkCellGrid
import RopewalkLens

/// A small map; every row has its own scale, because it shows where queries look and no amounts: late queries spread
/// their weight over more keys, which would darken every lower half.
struct Thumbnail {
    private let image: MapImage
    private let look: Look
    /// The highest value of each row; 0 where it has none.
    private let highest: [Float]
    /// Powers of ten between the highest value of a row and what is darkest.
    private static let decades: Float = 1.5

    /// - Parameter leavingOutFirst: First tokens that do not count where the map is of so few that they take whole columns.
    init(_ image: MapImage, look: Look, leavingOutFirst: Int = 0) {
        self.image = image
        self.look = look
        let columns = image.request.columns
        let isWhole = columns > 0 && image.values.count == image.request.rows * columns
        let first = Self.leavesOut(leavingOutFirst, image.request) ? (leavingOutFirst - 1) / image.request.cell + 1 : 0
        highest =
            isWhole
            ? (0..<image.request.rows).map { row in
                // A row of nothing else has what is left out for its highest.
                let counted = image.values[row * columns + first..<(row + 1) * columns]
                let found = counted.reduce(0) { $1 > $0 ? $1 : $0 }
                return found > 0 ? found : image.values[row * columns..<row * columns + first].max() ?? 0
            } : []
    }

    /// Whether the first tokens are so much of a column of the map that they would darken all others.
    static func leavesOut(_ first: Int, _ request: MapRequest) -> Bool {
        first > 0 && request.cell > 0 && request.cell <= 4 * first && (first - 1) / request.cell + 1 < request.columns
    }

    /// Draws the image, enlarged or cut down to the cells there are.
    func draw(in tile: Rect, on grid: inout Grid) {
        let rowsPerCell = look.ramp.rowsPerCell
        for y in 0..<tile.height {
            for x in 0..<tile.width {
                let upper = level(x: x, y: y * rowsPerCell, of: tile, rowsPerCell)
                let lower = rowsPerCell == 2 ? level(x: x, y: y * 2 + 1, of: tile, rowsPerCell) : upper
                let cell: Cell
                switch (upper, lower) {
                case (let upper?, let lower?): cell = look.ramp.cell(upper: upper, lower: lower)
                case (let level?, nil): cell = Cell(text: "▀", style: Style(foreground: look.ramp.colours[level]))
                case (nil, let level?): cell = Cell(text: "▄", style: Style(foreground: look.ramp.colours[level]))
                case (nil, nil): continue
                }
                grid.put(cell, x: tile.x + x, y: tile.y + y)
            }
        }
    }

    /// Nil where the map has nothing: the future, and what is not read.
    private func level(x: Int, y: Int, of tile: Rect, _ rowsPerCell: Int) -> Int? {
        let request = image.request
        guard request.rows > 0, request.columns > 0, image.values.count == request.rows * request.columns else {
            return nil
        }
        let row = y * request.rows / max(1, tile.height * rowsPerCell)
        let column = x * request.columns / max(1, tile.width)
        return share(row: row, column: column).map { look.ramp.level(of: $0) }
    }

    /// Where a cell stands in the scale of its row, 0 to 1; nil where the map has nothing.
    func share(row: Int, column: Int) -> Float? {
        let value = image[row, column]
        if value.isNaN || !highest.indices.contains(row) { return nil }
        guard value > 0, highest[row] > 0 else { return 0 }
        return min(1, max(0, 1 + log10f(value / highest[row]) / Self.decades))
    }
}

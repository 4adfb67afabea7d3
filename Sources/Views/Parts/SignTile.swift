import RopewalkCellGrid
import RopewalkLens

/// A small map of numbers of both signs: signs in place of colours, which are read in every depth of them; a colour each
/// beside that.
package struct SignTile: Sendable {
    private let rows: Int
    private let columns: Int
    private let values: [Float]
    private let scale: [Float]
    private let look: Look

    /// - Parameters:
    ///   - values: NaN where there is none. [row · columns + column]
    ///   - scale: numbers of the same shape; the largest of a row is what its values are measured by
    package init(rows: Int, columns: Int, values: [Float], scale: [Float], look: Look) {
        self.rows = rows
        self.columns = columns
        self.values = values
        self.scale = scale
        self.look = look
    }

    package init(_ image: MapImage, look: Look) {
        self.init(
            rows: image.rows, columns: image.columns, values: image.values, scale: image.values, look: look)
    }

    package func draw(in tile: Rect, on grid: inout Grid) {
        guard rows > 0, columns > 0, values.count == rows * columns, scale.count == values.count else { return }
        for y in 0..<tile.height {
            let row = y * rows / tile.height
            let highest = (row * columns..<(row + 1) * columns).reduce(Float(0)) {
                scale[$1].isNaN ? $0 : max($0, abs(scale[$1]))
            }
            for x in 0..<tile.width {
                let value = values[row * columns + x * columns / tile.width]
                guard !value.isNaN, highest > 0 else { continue }
                let share = value / highest
                let glyph = abs(share) < 0.03 ? "·" : abs(share) < 0.3 ? (share > 0 ? "+" : "−") : share > 0 ? "▲" : "▼"
                let style = abs(share) < 0.03 ? look.theme.dim : share > 0 ? look.theme.warning : look.theme.key
                grid.put(Cell(text: glyph, style: style), x: tile.x + x, y: tile.y + y)
            }
        }
    }
}

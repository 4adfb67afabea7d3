import CellGrid
import Lens

/// A small map; every one has its own scale, because it shows a shape and no amounts.
struct Thumbnail {
    private let image: MapImage
    private let look: Look
    private let scale: Scale

    init(_ image: MapImage, look: Look) {
        self.image = image
        self.look = look
        scale = Scale(kind: .logarithmic, image: image)
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
        let value = image[row, column]
        return value.isNaN ? nil : look.ramp.level(of: scale.position(of: value))
    }
}

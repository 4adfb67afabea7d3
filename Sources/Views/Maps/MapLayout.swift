import RopewalkCellGrid
import RopewalkLens

/// Where the parts of a map stand in a panel's content.
struct MapLayout: Equatable {
    /// The cells of the map.
    let plot: Rect
    /// Column of the query numbers, left of the plot; nil where there is no room.
    let queryAxis: Int?
    /// Row of the key numbers, above the plot.
    let keyAxis: Int?
    /// Row of the legend, below the plot.
    let legend: Int?
    /// Rows of the map in one row of cells.
    let rowsPerCell: Int

    static let axisWidth = 6

    init(_ rect: Rect, depth: ColourDepth) {
        let hasQueries = rect.width >= 28
        let hasKeys = rect.height >= 7
        let hasLegend = rect.height >= 5
        queryAxis = hasQueries ? rect.x : nil
        keyAxis = hasKeys ? rect.y : nil
        legend = hasLegend ? rect.maxY - 1 : nil
        let left = hasQueries ? Self.axisWidth : 0
        let above = hasKeys ? 1 : 0
        plot = Rect(
            x: rect.x + left, y: rect.y + above, width: rect.width - left,
            height: rect.height - above - (hasLegend ? 1 : 0))
        rowsPerCell = depth == .none ? 1 : 2
    }
}

extension MapView {
    /// How many cells of a map fit into a panel's content.
    package static func capacity(of rect: Rect, depth: ColourDepth) -> (rows: Int, columns: Int) {
        let frame = MapLayout(rect, depth: depth)
        return (frame.plot.height * frame.rowsPerCell, frame.plot.width)
    }

    /// The tokens at a place of the screen; nil outside the map.
    package static func cell(
        atX x: Int, y: Int, in rect: Rect, request: MapRequest, depth: ColourDepth
    ) -> (query: Range<Int>, key: Range<Int>)? {
        let frame = MapLayout(rect, depth: depth)
        let row = (y - frame.plot.y) * frame.rowsPerCell
        let column = x - frame.plot.x
        guard frame.plot.contains(x: x, y: y), row < request.rows, column < request.columns else { return nil }
        let query = request.firstQuery + row * request.cell
        let key = request.firstKey + column * request.cell
        let rows = min(frame.rowsPerCell, request.rows - row)
        return (query..<query + rows * request.cell, key..<key + request.cell)
    }
}

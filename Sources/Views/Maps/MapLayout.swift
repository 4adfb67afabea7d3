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
    /// Columns and lines of the screen that a cell of the map takes, where it takes more than one.
    let growth: MapGrowth?
    /// Columns of the query axis with the blank behind.
    let axisWidth: Int

    private static let numbersWidth = 6

    init(_ rect: Rect, depth: ColourDepth, growth: MapGrowth? = nil) {
        let hasQueries = growth != nil || rect.width >= 28
        let hasKeys = growth != nil || rect.height >= 7
        let hasLegend = rect.height >= 5
        self.growth = growth
        axisWidth = growth.map { $0.names + 1 } ?? Self.numbersWidth
        queryAxis = hasQueries ? rect.x : nil
        keyAxis = hasKeys ? rect.y : nil
        legend = hasLegend ? rect.maxY - 1 : nil
        let left = hasQueries ? axisWidth : 0
        let above = hasKeys ? growth?.lines ?? 1 : 0
        plot = Rect(
            x: rect.x + left, y: rect.y + above, width: rect.width - left,
            height: rect.height - above - (hasLegend ? 1 : 0))
        rowsPerCell = depth == .none || growth != nil ? 1 : 2
    }
}

extension MapView {
    /// How many cells of a map fit into a panel's content.
    package static func capacity(
        of rect: Rect, depth: ColourDepth, growth: MapGrowth? = nil
    ) -> (rows: Int, columns: Int) {
        let frame = MapLayout(rect, depth: depth, growth: growth)
        return (
            frame.plot.height * frame.rowsPerCell / (growth?.height ?? 1), frame.plot.width / (growth?.width ?? 1)
        )
    }

    /// The tokens at a place of the screen; nil outside the map.
    package static func cell(
        atX x: Int, y: Int, in rect: Rect, request: MapRequest, depth: ColourDepth, growth: MapGrowth? = nil
    ) -> (query: Range<Int>, key: Range<Int>)? {
        let frame = MapLayout(rect, depth: depth, growth: growth)
        let row = (y - frame.plot.y) / (growth?.height ?? 1) * frame.rowsPerCell
        let column = (x - frame.plot.x) / (growth?.width ?? 1)
        guard frame.plot.contains(x: x, y: y), row < request.rows, column < request.columns else { return nil }
        let query = request.firstQuery + row * request.cell
        let key = request.firstKey + column * request.cell
        let rows = min(frame.rowsPerCell, request.rows - row)
        return (query..<query + rows * request.cell, key..<key + request.cell)
    }
}

import RopewalkLens

extension AppState {
    /// Cells on a side of a page at most.
    private static let mostCells = 512

    /// The part of the map that a request is about, for a page: in cells as small as it has room for.
    func page(_ request: MapRequest, of lens: Lens?) -> MapRequest {
        let queries = lens?.setup.queries ?? tokenCount
        let keys = lens?.setup.keys ?? tokenCount
        var page = request
        if map.cell == nil {
            page.cell = MapWindow.wholeCell(
                tokens: max(queries, keys), rows: Self.mostCells, columns: Self.mostCells,
                block: lens?.recording.poolBlock ?? 1)
        } else {
            let span = max(request.rows, request.columns) * request.cell
            while page.cell > 1, page.cell % 2 == 0, span / (page.cell / 2) <= Self.mostCells { page.cell /= 2 }
        }
        func cells(_ first: Int, _ asked: Int, _ tokens: Int) -> Int {
            let wanted = map.cell == nil ? tokens : min(tokens - first, asked * request.cell)
            return max(1, (wanted + page.cell - 1) / page.cell)
        }
        page.rows = cells(request.firstQuery, request.rows, queries)
        page.columns = cells(request.firstKey, request.columns, keys)
        return page
    }
}

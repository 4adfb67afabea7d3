/// Learned places of two axes: a vector is that of a row of the grid, then that of a column (Reformer).
struct AxialPlaces: Sendable {
    /// [row, rowSize]
    let rows: [Float]
    /// [column, columnSize]
    let columns: [Float]
    let columnCount: Int
    let rowSize: Int
    let columnSize: Int
    /// Places of the grid that are used.
    let count: Int

    /// [rowSize + columnSize]
    func vector(_ place: Int) -> [Float] {
        let (row, column) = (place / columnCount, place % columnCount)
        return Array(rows[row * rowSize..<(row + 1) * rowSize])
            + columns[column * columnSize..<(column + 1) * columnSize]
    }
}

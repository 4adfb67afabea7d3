extension Matrix {
    /// Sets the first rows to zero.
    package func clear(rows count: Int) {
        // At most the rows that the matrix was made for.
        precondition(count <= rows)
        base.update(repeating: 0, count: count * columns)
    }

    /// Sets some blocks of columns, each `width` wide, of the first rows to zero.
    package func clearColumns(of blocks: [Int], width: Int, rows count: Int) {
        // Heads of one model, whose widths come from its shape.
        precondition(blocks.allSatisfy { $0 >= 0 && ($0 + 1) * width <= columns })
        for index in 0..<count {
            for block in blocks { (row(index) + block * width).update(repeating: 0, count: width) }
        }
    }
}

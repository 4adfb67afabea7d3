import CRopewalkKernels

/// Working memory of the engine: rows x columns of float32, row by row.
///
/// Owned by one run and never shared between runs; inside a run, workers write to disjoint rows.
package final class Matrix {
    package let rows: Int
    package let columns: Int
    let base: UnsafeMutablePointer<Float>

    /// A matrix of zeros.
    package convenience init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, filling: 0)
    }

    /// A matrix of `filling`; with nil, of whatever the memory held: for those who write before they read.
    init(rows: Int, columns: Int, filling: Float?) {
        self.rows = rows
        self.columns = columns
        let count = max(1, rows * columns)
        base = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
            .bindMemory(to: Float.self, capacity: count)
        if let filling { base.initialize(repeating: filling, count: count) }
    }

    deinit { base.deallocate() }

    func fill(_ value: Float) { base.update(repeating: value, count: rows * columns) }

    func row(_ row: Int) -> UnsafeMutablePointer<Float> {
        // Rows of a chunk, or of the queries that the matrix was made for.
        precondition(row >= 0 && row < rows)
        return base + row * columns
    }

    /// A copy of some rows. [rows.count, columns]
    package func copy(rows range: Range<Int>) -> [Float] {
        // Ranges are parts of what the same call has just filled.
        precondition(range.lowerBound >= 0 && range.upperBound <= rows)
        return Array(UnsafeBufferPointer(start: base + range.lowerBound * columns, count: range.count * columns))
    }

    /// Sets one row; `values` has as many numbers as the matrix has columns.
    package func setRow(_ index: Int, to values: ArraySlice<Float>) {
        // Rows of one model: every width comes from its shape, which its tensors were held to.
        precondition(values.count == columns)
        let target = row(index)
        values.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            target.update(from: start, count: columns)
        }
    }

    /// Adds factor · a row of another matrix with as many columns to a row.
    package func addRow(_ index: Int, _ other: Matrix, row otherRow: Int, factor: Float) {
        // Both have the width of the model.
        precondition(other.columns == columns)
        ck_add_scaled(row(index), other.row(otherRow), columns, factor)
    }

    /// Adds factor · some columns of the same row of another matrix.
    package func addColumns(_ range: Range<Int>, of index: Int, _ other: Matrix, factor: Float) {
        // Columns of a head in matrices of one run.
        precondition(range.lowerBound >= 0 && range.upperBound <= min(columns, other.columns))
        ck_add_scaled(row(index) + range.lowerBound, other.row(index) + range.lowerBound, range.count, factor)
    }

    /// Multiplies a row.
    package func scaleRow(_ index: Int, by factor: Float) {
        let values = row(index)
        for i in 0..<columns { values[i] *= factor }
    }

    /// Copies the first rows of another matrix with as many columns.
    package func copyRows(of other: Matrix, count: Int) {
        // Both belong to one run, whose chunk bounds the count.
        precondition(other.columns == columns && count <= min(rows, other.rows))
        base.update(from: other.base, count: count * columns)
    }
}

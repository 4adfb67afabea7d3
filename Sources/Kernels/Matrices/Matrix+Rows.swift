import Foundation

extension Matrix {
    /// Copies some columns of another matrix's first rows to those from `start` on.
    package func setColumns(_ start: Int, to other: Matrix, _ range: Range<Int>, rows: Int) {
        // Columns of heads, of matrices that are made for their sizes (LatentProjections).
        precondition(start >= 0 && start + range.count <= columns && range.upperBound <= other.columns)
        for index in 0..<rows {
            (row(index) + start).update(from: other.row(index) + range.lowerBound, count: range.count)
        }
    }

    /// A copy of some columns of the first rows. [row, columns.count]
    package func copy(columns range: Range<Int>, rows count: Int) -> [Float] {
        // Columns of parts that the same call has just made (MixerCall).
        precondition(range.lowerBound >= 0 && range.upperBound <= columns && count <= rows)
        if range.count == columns { return copy(rows: 0..<count) }
        return [Float](unsafeUninitializedCapacity: count * range.count) { buffer, initialized in
            for index in 0..<count {
                for column in 0..<range.count {
                    buffer.initializeElement(
                        at: index * range.count + column, to: row(index)[range.lowerBound + column])
                }
            }
            initialized = count * range.count
        }
    }

    /// Makes some columns of the first rows 0.
    package func clearColumns(_ range: Range<Int>, rows: Int) {
        // Columns of heads, of matrices that are made for their sizes (LatentProjections).
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        for index in 0..<rows { (row(index) + range.lowerBound).update(repeating: 0, count: range.count) }
    }

    /// Sets some columns of the first rows to one number.
    package func fillColumns(_ range: Range<Int>, with value: Float, rows: Int) {
        // Columns of heads, of matrices that are made for their sizes (RelativeProjections).
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        for index in 0..<rows { (row(index) + range.lowerBound).update(repeating: value, count: range.count) }
    }

    /// The mean of the squares of a row's numbers.
    package func meanSquare(_ index: Int) -> Float {
        let values = row(index)
        var sum = 0.0
        for i in 0..<columns { sum += Double(values[i]) * Double(values[i]) }
        return Float(sum / Double(max(1, columns)))
    }

    /// x = tanh(x) in the first rows.
    package func applyTanh(rows: Int) {
        for index in 0..<rows {
            let values = row(index)
            for i in 0..<columns { values[i] = tanhf(values[i]) }
        }
    }

    /// x = max(0, x − mean − multiplier · deviation) of each of the first rows, with their own mean and standard deviation.
    package func cutBelow(deviations multiplier: Float, rows: Int) {
        for index in 0..<rows {
            let values = row(index)
            var (sum, squares) = (0.0, 0.0)
            for i in 0..<columns { sum += Double(values[i]) }
            let mean = sum / Double(columns)
            for i in 0..<columns { squares += (Double(values[i]) - mean) * (Double(values[i]) - mean) }
            let limit = Float(mean + Double(multiplier) * (squares / Double(columns)).squareRoot())
            for i in 0..<columns { values[i] = max(0, values[i] - limit) }
        }
    }
}

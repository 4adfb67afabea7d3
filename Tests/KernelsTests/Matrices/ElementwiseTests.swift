import Foundation
import RopewalkKernels
import Testing

/// The vector loops against plain sums in float64.
struct ElementwiseTests {
    static func matrix(_ values: [[Float]]) -> Matrix {
        let matrix = Matrix(rows: values.count, columns: values[0].count)
        for (row, numbers) in values.enumerated() { matrix.setRow(row, to: numbers[...]) }
        return matrix
    }

    static func exponentials(_ x: [Float]) -> [Float] {
        let matrix = matrix([x])
        matrix.weigh(row: 0, logSumExp: 0)
        return matrix.copy(rows: 0..<1)
    }

    /// A polynomial of degree 6 on ±ln 2 / 2 (2e-8), some roundings of 6e-8 and the reduction.
    @Test func exponentialsAreRightOverTheWholeRange() {
        var x: [Float] = []
        var value: Float = -87.3
        while value <= 88 {
            x.append(value)
            value += 0.000731
        }
        var worst = 0.0
        for (x, found) in zip(x, Self.exponentials(x)) {
            let expected = exp(Double(x))
            worst = max(worst, abs(Double(found) - expected) / expected)
        }
        #expect(worst < 4.5e-7, "\(worst)")
        let ends: [Float] = [0, -0.0, -87.4, -100, -1e30, -Float.infinity]
        #expect(Self.exponentials(ends) == [1, 1, 0, 0, 0, 0])
        // The end of a row that does not fill a vector takes another path.
        for count in 1...40 {
            let x = (0..<count).map { -Float($0) * 2.1 }
            for (x, found) in zip(x, Self.exponentials(x)) {
                let expected = exp(Double(x))
                #expect(abs(Double(found) - expected) <= 4.5e-7 * expected)
            }
        }
    }

    @Test(arguments: [1, 15, 16, 17, 100, 256, 1000]) func softmaxLeavesOutWhatIsHidden(count: Int) {
        var random = Random(seed: UInt64(count))
        let scores = random.floats(count).map { $0 * 20 }
        let hidden = scores.indices.map { $0 % 3 == 1 ? -Float.infinity : scores[$0] }
        let matrix = Self.matrix([scores, hidden, Array(repeating: -.infinity, count: count)])
        for (row, values) in [scores, hidden].enumerated() {
            let highest = Double(values.max() ?? 0)
            let expected = highest + log(values.reduce(0.0) { $0 + exp(Double($1) - highest) })
            let found = matrix.logSumExp(row: row)
            #expect(abs(Double(found) - expected) < 1e-5)
            matrix.weigh(row: row, logSumExp: found)
            let weights = matrix.copy(rows: row..<row + 1)
            for (weight, value) in zip(weights, values) {
                #expect(abs(Double(weight) - exp(Double(value) - expected)) < 1e-5)
                if value == -.infinity { #expect(weight == 0) }
            }
            #expect(abs(weights.reduce(0, +) - 1) < 2e-5)
        }
        #expect(matrix.logSumExp(row: 2) == .infinity)
        matrix.weigh(row: 2, logSumExp: .infinity)
        #expect(matrix.copy(rows: 2..<3).allSatisfy { $0 == 0 })
    }

    @Test(arguments: [1, 7, 16, 40, 256, 257]) func rmsNormIsItsFormula(columns: Int) {
        var random = Random(seed: UInt64(columns))
        let rows = (0..<37).map { _ in random.floats(columns).map { $0 * 3 } }
        let weight = random.floats(columns)
        let result = Matrix(rows: 37, columns: columns)
        Elementwise.rmsNorm(
            Self.matrix(rows), weight: weight, epsilon: 0.003, rows: 37, into: result, workers: Workers(count: 2))
        for (index, row) in rows.enumerated() {
            let mean = row.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(columns)
            let found = result.copy(rows: index..<index + 1)
            for i in 0..<columns {
                let expected = Double(row[i]) / (mean + 0.003).squareRoot() * Double(weight[i])
                #expect(abs(Double(found[i]) - expected) <= 1e-6 * max(1, abs(expected)))
            }
        }
    }

    @Test(arguments: [1, 15, 44, 704]) func siluIsItsFormula(columns: Int) {
        var random = Random(seed: UInt64(columns))
        let gates = (0..<18).map { row in random.floats(columns).map { $0 * Float(1 << row) / 64 } }
        let ups = (0..<18).map { _ in random.floats(columns) }
        let gate = Self.matrix(gates)
        Elementwise.siluMultiply(gate, Self.matrix(ups), rows: 18, workers: Workers(count: 2))
        for row in 0..<18 {
            for (i, found) in gate.copy(rows: row..<row + 1).enumerated() {
                let x = Double(gates[row][i])
                let expected = x / (1 + exp(-x)) * Double(ups[row][i])
                // Below −87 the exponential stops growing, and what should be next to nothing is some 1e-34.
                #expect(abs(Double(found) - expected) <= 1e-6 * max(abs(expected), 1e-26), "silu(\(x))")
            }
        }
    }

    @Test(arguments: [(1, 1, 1), (3, 7, 5), (33, 40, 44), (100, 256, 64), (70, 129, 31)])
    func matrixProductsAreSums(rows: Int, inputs: Int, outputs: Int) {
        var random = Random(seed: UInt64(rows * inputs))
        let x = (0..<rows).map { _ in random.floats(inputs) }
        let w = random.floats(outputs * inputs)
        let bias = random.floats(outputs)
        let result = Matrix(rows: rows, columns: outputs)
        WeightMatrix(outputs: outputs, inputs: inputs, values: w, bias: bias).apply(
            to: Self.matrix(x), rows: rows, output: result, workers: Workers(count: 2))
        for row in 0..<rows {
            let found = result.copy(rows: row..<row + 1)
            for j in 0..<outputs {
                let expected = (0..<inputs).reduce(Double(bias[j])) {
                    $0 + Double(w[j * inputs + $1]) * Double(x[row][$1])
                }
                // Sums of `inputs` products of up to 4, rounded to 6e-8 of the sum so far.
                #expect(abs(Double(found[j]) - expected) < 4e-6 * Double(inputs).squareRoot())
            }
        }
    }

    @Test func additionReachesEveryElement() {
        let a = Self.matrix((0..<35).map { row in (0..<19).map { Float(row * 19 + $0) } })
        Elementwise.add(a, a, rows: 34, workers: Workers(count: 2))
        let found = a.copy(rows: 0..<35)
        #expect(found.indices.allSatisfy { found[$0] == Float($0) * ($0 < 34 * 19 ? 2 : 1) })
    }
}

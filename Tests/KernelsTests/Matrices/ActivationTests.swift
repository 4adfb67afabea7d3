import Foundation
import RopewalkKernels
import Testing

/// Norms and nonlinear functions against their formulas in float64.
struct ActivationTests {
    static func formula(_ activation: Activation, _ x: Double) -> Double {
        switch activation {
        case .silu: x / (1 + exp(-x))
        case .relu: max(0, x)
        case .reluSquared: max(0, x) * max(0, x)
        case .gelu: 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
        case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        }
    }

    /// What is left of 1 − 1 in the tails is some 1e-7 of x; elsewhere a few roundings of 6e-8.
    @Test(arguments: Activation.allCases, [1, 15, 44, 257]) func activationsAreTheirFormulas(
        activation: Activation, columns: Int
    ) {
        var random = Random(seed: UInt64(columns))
        let rows = (0..<18).map { row in random.floats(columns).map { $0 * Float(1 << row) / 1024 } }
        let matrix = ElementwiseTests.matrix(rows + [Array(repeating: 7, count: columns)])
        Elementwise.apply(activation, to: matrix, rows: 18, workers: Workers(count: 2))
        for (row, inputs) in rows.enumerated() {
            for (x, found) in zip(inputs, matrix.copy(rows: row..<row + 1)) {
                let expected = Self.formula(activation, Double(x))
                #expect(
                    abs(Double(found) - expected) <= 3e-7 * max(abs(Double(x)), abs(expected)), "\(activation)(\(x))")
            }
        }
        // Rows beyond those that were asked for stay as they are.
        #expect(matrix.copy(rows: 18..<19) == Array(repeating: 7, count: columns))
    }

    @Test(arguments: Activation.allCases.filter { $0 != .reluSquared }) func farOutTheyAreZeroOrTheInput(
        activation: Activation
    ) {
        let matrix = ElementwiseTests.matrix([[-1e30, -200, 0, 200, 1e10]])
        Elementwise.apply(activation, to: matrix, rows: 1, workers: Workers(count: 1))
        let found = matrix.copy(rows: 0..<1)
        // The exponential stops shrinking at −87, so silu leaves some 1e-8 of so large a number.
        #expect(abs(found[1]) < 1e-30 && found[2] == 0 && found[3] == 200 && found[4] == 1e10, "\(found)")
        #expect(abs(found[0]) <= 1e30 * 1.7e-38, "\(found)")
    }

    @Test(arguments: [1, 7, 16, 40, 256, 257], [true, false]) func layerNormIsItsFormula(columns: Int, hasBias: Bool) {
        var random = Random(seed: UInt64(columns))
        let rows = (0..<37).map { _ in random.floats(columns).map { $0 * 3 + 5 } }
        let weight = random.floats(columns)
        let bias = hasBias ? random.floats(columns) : nil
        let result = Matrix(rows: 37, columns: columns)
        Elementwise.layerNorm(
            ElementwiseTests.matrix(rows), weight: weight, bias: bias, epsilon: 0.003, rows: 37, into: result,
            workers: Workers(count: 2))
        for (index, row) in rows.enumerated() {
            let mean = row.reduce(0.0) { $0 + Double($1) } / Double(columns)
            let variance = row.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(columns)
            for (i, found) in result.copy(rows: index..<index + 1).enumerated() {
                let expected =
                    (Double(row[i]) - mean) / (variance + 0.003).squareRoot() * Double(weight[i])
                    + Double(bias?[i] ?? 0)
                // The mean is off by some roundings of numbers up to 11, and that is divided by the deviation.
                let scale = 11 / (variance + 0.003).squareRoot()
                #expect(abs(Double(found) - expected) <= 3e-7 * max(1, scale) * max(1, abs(Double(weight[i]))))
            }
        }
    }

    @Test(arguments: [(1, 8), (3, 10), (4, 32)]) func everyHeadHasANormOfItsOwn(heads: Int, dimension: Int) {
        var random = Random(seed: 6)
        let rows = (0..<21).map { _ in random.floats(heads * dimension) }
        let weight = random.floats(dimension)
        let matrix = ElementwiseTests.matrix(rows)
        Elementwise.rmsNormOfHeads(matrix, weight: weight, epsilon: 0.003, rows: 20, workers: Workers(count: 2))
        for (index, row) in rows.prefix(20).enumerated() {
            let found = matrix.copy(rows: index..<index + 1)
            for head in 0..<heads {
                let part = row[head * dimension..<(head + 1) * dimension].map(Double.init)
                let mean = part.reduce(0) { $0 + $1 * $1 } / Double(dimension)
                for (i, x) in part.enumerated() {
                    let expected = x / (mean + 0.003).squareRoot() * Double(weight[i])
                    #expect(abs(Double(found[head * dimension + i]) - expected) <= 1e-6 * max(1, abs(expected)))
                }
            }
        }
        #expect(matrix.copy(rows: 20..<21) == rows[20])
    }

    @Test func clippingScalingAndProductsReachTheirRows() {
        let values: [[Float]] = (0..<20).map { row in (0..<19).map { Float(row * 19 + $0) - 100 } }
        let clipped = ElementwiseTests.matrix(values)
        Elementwise.clip(clipped, to: 30, rows: 19)
        let scaled = ElementwiseTests.matrix(values)
        Elementwise.scale(scaled, by: 0.25, rows: 19)
        let squared = ElementwiseTests.matrix(values)
        Elementwise.multiply(squared, ElementwiseTests.matrix(values), rows: 19, workers: Workers(count: 2))
        let flat = values.flatMap { $0 }
        for (index, x) in flat.enumerated() {
            let isTouched = index < 19 * 19
            #expect(clipped.copy(rows: 0..<20)[index] == (isTouched ? max(-30, min(30, x)) : x))
            #expect(scaled.copy(rows: 0..<20)[index] == (isTouched ? x / 4 : x))
            #expect(squared.copy(rows: 0..<20)[index] == (isTouched ? x * x : x))
        }
    }
}

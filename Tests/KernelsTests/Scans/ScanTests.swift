import Foundation
import RopewalkKernels
import Testing

/// The loops of recurrent mixers against their definitions, token by token in float64.
struct ScanTests {
    private static func matrix(_ rows: Int, _ columns: Int, _ random: inout Random, scale: Float = 1) -> Matrix {
        let matrix = Matrix(rows: rows, columns: columns)
        for row in 0..<rows { matrix.setRow(row, to: random.floats(columns).map { $0 * scale }[...]) }
        return matrix
    }

    private static func numbers(_ matrix: Matrix) -> [[Double]] {
        (0..<matrix.rows).map { matrix.copy(rows: $0..<$0 + 1).map(Double.init) }
    }

    /// The largest deviation, as a share of the largest number.
    private static func deviation(_ found: Matrix, _ expected: [[Double]]) -> Double {
        let numbers = numbers(found)
        let off = zip(numbers, expected).flatMap { zip($0, $1).map { abs($0 - $1) } }.max() ?? 0
        return off / max(1e-9, expected.flatMap { $0.map(abs) }.max() ?? 0)
    }

    private static func rows(_ matrix: Matrix, _ range: Range<Int>) -> Matrix {
        let part = Matrix(rows: range.count, columns: matrix.columns)
        for (row, source) in range.enumerated() { part.setRow(row, to: matrix.copy(rows: source..<source + 1)[...]) }
        return part
    }

    /// Sums of up to 32 products in float32 (2⁻²⁴ each) and an exponential of 2e-7.
    @Test(arguments: [(1, 1), (3, 2), (17, 4), (64, 4), (100, 5)])
    func aConvolutionIsASumOverTheTokensBefore(channels: Int, size: Int) throws {
        var random = Random(seed: 3)
        let weights = random.floats(channels * size)
        let bias = random.floats(channels)
        let convolution = Convolution(channels: channels, size: size, weights: weights, bias: bias)
        let x = Self.matrix(120, channels, &random)
        let before = Self.matrix(max(1, size - 1), channels, &random)
        let all = Self.numbers(before).suffix(size - 1) + Self.numbers(x)
        let expected = (0..<120).map { row in
            (0..<channels).map { channel -> Double in
                let sum = (0..<size).reduce(Double(bias[channel])) {
                    $0 + Double(weights[channel * size + $1]) * all[row + $1][channel]
                }
                return sum / (1 + exp(-sum))
            }
        }
        let y = Matrix(rows: 120, columns: channels)
        convolution.apply(to: x, before: before, rows: 120, into: y, workers: Workers(count: 3))
        #expect(Self.deviation(y, expected) < 1e-6)
        let last = Self.numbers(before).suffix(size - 1)
        #expect(Array(last) == Array(Self.numbers(x).suffix(size - 1)))
        // Token by token it is the same to the bit: what is kept of the tokens before is all there is to know.
        let again = Self.matrix(max(1, size - 1), channels, &random)
        let start = Array(all.prefix(size - 1))
        for (row, numbers) in start.enumerated() { again.setRow(row, to: numbers.map { Float($0) }[...]) }
        for row in 0..<4 {
            let one = Matrix(rows: 1, columns: channels)
            convolution.apply(
                to: Self.rows(x, row..<row + 1), before: again, rows: 1, into: one, workers: Workers(count: 1))
            #expect(one.copy(rows: 0..<1) == y.copy(rows: row..<row + 1))
        }
    }

    /// Sums of up to 70 states, each a product of up to 90 factors below 1: some 1e-6.
    @Test(arguments: [(1, 1), (5, 3), (16, 16), (33, 70), (130, 4)])
    func aSelectiveScanIsItsRecurrence(channels: Int, states: Int) {
        var random = Random(seed: UInt64(channels))
        let tokens = 90
        let step = Self.matrix(tokens, channels, &random)
        Elementwise.softplus(step, rows: tokens, workers: Workers(count: 1))
        let x = Self.matrix(tokens, channels, &random)
        let parts = Self.matrix(tokens, 2 + 2 * states, &random)
        let a = random.floats(states * channels).map { -abs($0) - 0.01 }
        let d = random.floats(channels)
        let (steps, inputs, mixed) = (Self.numbers(step), Self.numbers(x), Self.numbers(parts))
        var h = [[Double]](repeating: Array(repeating: 0, count: channels), count: states)
        let expected = (0..<tokens).map { t in
            (0..<channels).map { c -> Double in
                var sum = Double(d[c]) * inputs[t][c]
                for n in 0..<states {
                    h[n][c] =
                        exp(steps[t][c] * Double(a[n * channels + c])) * h[n][c]
                        + steps[t][c] * mixed[t][2 + n] * inputs[t][c]
                    sum += h[n][c] * mixed[t][2 + states + n]
                }
                return sum
            }
        }
        func scan(_ ranges: [Range<Int>], workers: Int) -> [Float] {
            let state = Matrix(rows: states, columns: channels)
            return ranges.flatMap { range -> [Float] in
                let y = Matrix(rows: range.count, columns: channels)
                StateScan(
                    step: Self.rows(step, range), x: .init(Self.rows(x, range)),
                    b: .init(Self.rows(parts, range), from: 2), c: .init(Self.rows(parts, range), from: 2 + states),
                    state: state, y: y
                ).select(range.count, a: a, d: d, workers: Workers(count: workers))
                return y.copy(rows: 0..<range.count)
            }
        }
        let whole = scan([0..<tokens], workers: 1)
        let y = Matrix(rows: tokens, columns: channels)
        for row in 0..<tokens { y.setRow(row, to: whole[row * channels..<(row + 1) * channels]) }
        #expect(Self.deviation(y, expected) < 5e-6)
        #expect(scan([0..<1, 1..<40, 40..<tokens], workers: 3) == whole, "in chunks it is the same to the bit")
    }

    @Test(arguments: [(1, 1, 1, 1), (4, 12, 2, 6), (6, 5, 3, 70), (3, 64, 1, 128)])
    func aScanOfHeadsIsItsRecurrence(heads: Int, width: Int, groups: Int, states: Int) {
        var random = Random(seed: UInt64(heads * width))
        let (tokens, channels) = (70, heads * width)
        let step = Self.matrix(tokens, heads, &random)
        Elementwise.softplus(step, limits: 0.1...0.9, rows: tokens, workers: Workers(count: 1))
        let mixed = Self.matrix(tokens, channels + 2 * groups * states, &random)
        let (a, d) = (random.floats(heads).map { -abs($0) - 0.01 }, random.floats(heads))
        let (steps, numbers) = (Self.numbers(step), Self.numbers(mixed))
        #expect(steps.joined().allSatisfy { (0.1 - 1e-7...0.9 + 1e-7).contains($0) })
        var h = [[Double]](repeating: Array(repeating: 0, count: channels), count: states)
        let expected = (0..<tokens).map { t in
            (0..<channels).map { c -> Double in
                let (head, group) = (c / width, c / width / (heads / groups))
                var sum = Double(d[head]) * numbers[t][c]
                for n in 0..<states {
                    let b = numbers[t][channels + group * states + n]
                    h[n][c] = exp(steps[t][head] * Double(a[head])) * h[n][c] + steps[t][head] * b * numbers[t][c]
                    sum += h[n][c] * numbers[t][channels + groups * states + group * states + n]
                }
                return sum
            }
        }
        func scan(_ ranges: [Range<Int>], workers: Int) -> [Float] {
            let state = Matrix(rows: states, columns: channels)
            return ranges.flatMap { range -> [Float] in
                let (part, y) = (Self.rows(mixed, range), Matrix(rows: range.count, columns: channels))
                StateScan(
                    step: Self.rows(step, range), x: .init(part), b: .init(part, from: channels),
                    c: .init(part, from: channels + groups * states), state: state, y: y
                ).advance(range.count, a: a, d: d, groups: groups, workers: Workers(count: workers))
                return y.copy(rows: 0..<range.count)
            }
        }
        let whole = scan([0..<tokens], workers: 1)
        let y = Matrix(rows: tokens, columns: channels)
        for row in 0..<tokens { y.setRow(row, to: whole[row * channels..<(row + 1) * channels]) }
        #expect(Self.deviation(y, expected) < 5e-6)
        #expect(scan([0..<33, 33..<tokens], workers: 2) == whole)
    }

    /// A mean: errors of exponentials (2e-7 each) and of a division.
    @Test(arguments: [1, 16, 21, 130]) func aFadingMeanIsItsDefinition(channels: Int) {
        var random = Random(seed: UInt64(channels))
        let tokens = 80
        // Keys of this size overflow without the running logarithm.
        let keys = Self.matrix(tokens, channels, &random, scale: 60)
        let values = Self.matrix(tokens, channels, &random)
        let (decay, bonus) = (random.floats(channels).map { abs($0) + 0.01 }, random.floats(channels))
        let (k, v) = (Self.numbers(keys), Self.numbers(values))
        let expected = (0..<tokens).map { t in
            (0..<channels).map { c -> Double in
                let scores =
                    (0..<t).map { k[$0][c] - Double(t - 1 - $0) * Double(decay[c]) } + [k[t][c] + Double(bonus[c])]
                let highest = scores.max() ?? 0
                let weights = scores.map { exp($0 - highest) }
                return zip(weights, 0...t).reduce(0) { $0 + $1.0 * v[$1.1][c] } / weights.reduce(0, +)
            }
        }
        func scan(_ ranges: [Range<Int>]) -> [Float] {
            let state = Matrix(rows: 3, columns: channels)
            state.setRow(2, to: Array(repeating: WeightedMeanScan.nothing, count: channels)[...])
            return ranges.flatMap { range -> [Float] in
                let y = Matrix(rows: range.count, columns: channels)
                WeightedMeanScan.run(
                    keys: Self.rows(keys, range), values: Self.rows(values, range), rows: range.count, decay: decay,
                    bonus: bonus, state: state, into: y, workers: Workers(count: 2))
                return y.copy(rows: 0..<range.count)
            }
        }
        let whole = scan([0..<tokens])
        let y = Matrix(rows: tokens, columns: channels)
        for row in 0..<tokens { y.setRow(row, to: whole[row * channels..<(row + 1) * channels]) }
        // Keys of 60 with float32's 4e-6 beside them.
        #expect(Self.deviation(y, expected) < 2e-5)
        #expect(scan([0..<1, 1..<2, 2..<tokens]) == whole)
    }

    @Test func softplusAndGatesAreRight() {
        let x = stride(from: Float(-60), through: 60, by: 0.37).map { $0 }
        let matrix = Matrix(rows: 1, columns: x.count)
        matrix.setRow(0, to: x[...])
        Elementwise.softplus(matrix, rows: 1, workers: Workers(count: 1))
        for (x, found) in zip(x, matrix.copy(rows: 0..<1)) {
            let expected = log1p(exp(Double(x)))
            #expect(abs(Double(found) - expected) <= 6e-7 * expected, "\(x)")
        }
        let gate = Matrix(rows: 1, columns: x.count)
        gate.setRow(0, to: x[...])
        let y = Matrix(rows: 1, columns: x.count)
        y.setRow(0, to: x.map { $0 + 3 }[...])
        Elementwise.sigmoidMultiply(gate, y, rows: 1, workers: Workers(count: 1))
        for (x, found) in zip(x, gate.copy(rows: 0..<1)) {
            let expected = (Double(x) + 3) / (1 + exp(-Double(x)))
            #expect(abs(Double(found) - expected) <= 1e-6 * abs(expected) + 1e-30, "\(x)")
        }
    }

    @Test func groupsHaveNormsOfTheirOwn() {
        var random = Random(seed: 5)
        let x = Self.matrix(3, 12, &random)
        let weights = random.floats(12)
        let numbers = Self.numbers(x)
        let expected = numbers.map { row in
            (0..<12).map { i -> Double in
                let group = row[i / 4 * 4..<i / 4 * 4 + 4]
                let square: Double = group.reduce(0) { $0 + $1 * $1 } / 4
                return row[i] / (square + 0.01).squareRoot() * Double(weights[i])
            }
        }
        Elementwise.rmsNormOfGroups(x, weight: weights, group: 4, epsilon: 0.01, rows: 3, workers: Workers(count: 1))
        #expect(Self.deviation(x, expected) < 1e-6)
    }

    @Test func aTokenIsMixedWithTheOneBefore() {
        var random = Random(seed: 6)
        let (x, before, mix) = (Self.matrix(5, 7, &random), Self.matrix(1, 7, &random), random.floats(7))
        let all = Self.numbers(before) + Self.numbers(x)
        let y = Matrix(rows: 5, columns: 7)
        Elementwise.mixWithEarlier(x, before: before, mix: mix, rows: 5, into: y, workers: Workers(count: 1))
        let expected = (0..<5).map { row in
            (0..<7).map { column -> Double in
                let share = Double(mix[column])
                return all[row + 1][column] * share + all[row][column] * (1 - share)
            }
        }
        #expect(Self.deviation(y, expected) < 1e-6)
    }
}

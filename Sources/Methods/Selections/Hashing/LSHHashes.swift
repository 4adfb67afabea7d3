/// The directions of some rounds, laid out so that the products of a state with all of them are one pass.
struct LSHHashes {
    private let rounds: Int
    /// Directions of the first turning of a round, and of both.
    private let first: Int
    private let each: Int
    private let dimension: Int
    /// [dimension, round · direction]
    private let directions: [Double]

    /// - Parameters:
    ///   - directions: [round][direction][dimension], as many in every round
    ///   - first: how many of them are of the first turning
    init(directions: [[[Double]]], first: Int, dimension: Int) {
        rounds = directions.count
        self.first = first
        each = directions.first?.count ?? 0
        self.dimension = dimension
        let all = directions.flatMap { $0 }
        self.directions = (0..<dimension).flatMap { i in all.map { $0[i] } }
    }

    /// The buckets of states that lie one after the other, [round][state].
    ///
    /// Products are summed in float64 in the order of the dimensions, so that the same states always have the same buckets.
    func buckets(of states: [Float]) -> [[Int32]] {
        let count = dimension > 0 ? states.count / dimension : 0
        var result = Array(repeating: [Int32](repeating: 0, count: count), count: rounds)
        let width = rounds * each
        var products = [Double](repeating: 0, count: width)
        for state in 0..<count {
            for j in 0..<width { products[j] = 0 }
            for i in 0..<dimension {
                let x = Double(states[state * dimension + i])
                let row = i * width
                for j in 0..<width { products[j] += x * directions[row + j] }
            }
            for round in 0..<rounds {
                let start = round * each
                var bucket = Self.largest(products, start..<start + first)
                if each > first { bucket += 2 * first * Self.largest(products, start + first..<start + each) }
                result[round][state] = Int32(bucket)
            }
        }
        return result
    }

    /// The place of the largest product of either sign, negative ones after the others; of equal ones the first.
    private static func largest(_ products: [Double], _ range: Range<Int>) -> Int {
        var highest = range.lowerBound
        var lowest = range.lowerBound
        for i in range {
            if products[i] > products[highest] { highest = i }
            if products[i] < products[lowest] { lowest = i }
        }
        return products[highest] >= -products[lowest]
            ? highest - range.lowerBound : range.count + lowest - range.lowerBound
    }

    func buckets(ofQueries queries: Range<Int>, place: HeadPlace, states: any LayerStates) -> [[Int32]] {
        inPieces(queries) { states.queries($0, head: place.head) }
    }

    func buckets(ofKeys keys: Range<Int>, place: HeadPlace, states: any LayerStates) -> [[Int32]] {
        inPieces(keys) { states.keys($0, keyHead: states.keyHead(of: place.head), piece: 0) }
    }

    /// A few states at a time, so that they are never all there once more.
    private func inPieces(_ tokens: Range<Int>, states: (Range<Int>) -> [Float]) -> [[Int32]] {
        var result = Array(repeating: [Int32](), count: rounds)
        for start in stride(from: tokens.lowerBound, to: tokens.upperBound, by: 256) {
            let part = buckets(of: states(start..<min(start + 256, tokens.upperBound)))
            for round in result.indices { result[round] += part[round] }
        }
        return result
    }
}

/// One vector a block of keys, in float64; blocks are added as the text grows.
struct BlockVectors {
    let dimension: Int
    /// [block, dimension]
    private(set) var values: [Double] = []

    init(dimension: Int) { self.dimension = dimension }

    var count: Int { dimension > 0 ? values.count / dimension : 0 }

    mutating func append(_ vector: [Double]) { values += vector }

    /// Adds the mean of some keys.
    ///
    /// - Parameter keys: [key, dimension]
    mutating func appendMean(of keys: [Float]) { values += Self.mean(of: keys, dimension: dimension) }

    /// [dimension]
    static func mean(of rows: [Float], dimension: Int) -> [Double] {
        var sum = [Double](repeating: 0, count: dimension)
        let count = rows.count / max(1, dimension)
        for row in 0..<count {
            for c in 0..<dimension { sum[c] += Double(rows[row * dimension + c]) }
        }
        return sum.map { $0 / Double(max(1, count)) }
    }

    /// query·vector of one block.
    func product(with query: [Float], block: Int) -> Double {
        var sum = 0.0
        for c in 0..<dimension { sum += Double(query[c]) * values[block * dimension + c] }
        return sum
    }

    /// query·vector · scale of the first `count` blocks. [count]
    func products(with query: [Float], count: Int, scale: Double = 1) -> [Double] {
        let query = query.map { Double($0) * scale }
        var result = [Double](repeating: 0, count: count)
        for block in 0..<count {
            var sum = 0.0
            let start = block * dimension
            for c in 0..<dimension { sum += query[c] * values[start + c] }
            result[block] = sum
        }
        return result
    }
}

/// The lowest and the highest key of every page, channel by channel; grows with the text.
struct PageBounds {
    let page: Int
    let dimension: Int
    /// Keys taken in so far.
    private(set) var tokens = 0
    /// [page, dimension]
    private var lowest: [Float] = []
    /// [page, dimension]
    private var highest: [Float] = []

    init(page: Int, dimension: Int) {
        self.page = page
        self.dimension = dimension
    }

    var count: Int { dimension > 0 ? lowest.count / dimension : 0 }

    /// Takes in the keys that follow. [key, dimension]
    mutating func append(_ keys: [Float]) {
        var start = 0
        while start + dimension <= keys.count, dimension > 0 {
            if tokens % page == 0 {
                lowest += keys[start..<start + dimension]
                highest += keys[start..<start + dimension]
            } else {
                let place = tokens / page * dimension
                for c in 0..<dimension {
                    let value = keys[start + c]
                    if value < lowest[place + c] { lowest[place + c] = value }
                    if value > highest[place + c] { highest[place + c] = value }
                }
            }
            tokens += 1
            start += dimension
        }
    }

    /// Σ max(q·low, q·high) over the channels: no key of the page scores higher. [page]
    func scores(with query: [Float], scale: Double = 1) -> [Double] {
        let query = query.map { Double($0) * scale }
        var result = [Double](repeating: 0, count: count)
        for page in result.indices {
            var sum = 0.0
            let start = page * dimension
            for c in 0..<dimension { sum += query[c] * Double(query[c] < 0 ? lowest[start + c] : highest[start + c]) }
            result[page] = sum
        }
        return result
    }
}

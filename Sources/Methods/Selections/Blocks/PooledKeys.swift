/// Stretches of keys, each as the mean of its keys; a query meets it as it scores these keys, near or far.
struct PooledKeys {
    private let states: any LayerStates
    private let keyHead: Int
    private(set) var stretches: [Range<Int>] = []
    /// A mean for every way in which keys are turned. [piece]
    private var means: [BlockVectors]

    init(states: any LayerStates, keyHead: Int) {
        self.states = states
        self.keyHead = keyHead
        means = (0..<states.pieces).map { _ in BlockVectors(dimension: states.dimension) }
    }

    var count: Int { stretches.count }

    mutating func append(_ stretch: Range<Int>) {
        stretches.append(stretch)
        for piece in means.indices { means[piece].appendMean(of: states.keys(stretch, keyHead: keyHead, piece: piece)) }
    }

    /// The mean score of a query with the keys of the first `count` stretches. [count]
    func scores(query: Int, head: Int, count: Int) -> [Double] {
        let scale = states.scale(of: query)
        guard means.count > 1 else {
            return means[0].products(with: states.query(query, head: head, piece: 0), count: count, scale: scale)
        }
        var result = [Double](repeating: 0, count: count)
        for piece in means.indices {
            let scored = states.keys(of: query, piece: piece)
            let vector = states.query(query, head: head, piece: piece)
            for index in 0..<count {
                let shared = stretches[index].clamped(to: scored)
                guard !shared.isEmpty else { continue }
                let whole = stretches[index]
                let product =
                    shared == whole
                    ? means[piece].product(with: vector, block: index)
                    : dot(vector, sum(of: shared, piece: piece)) / Double(whole.count)
                result[index] += product * scale
            }
        }
        return result
    }

    /// [dimension]
    private func sum(of keys: Range<Int>, piece: Int) -> [Double] {
        BlockVectors.mean(of: states.keys(keys, keyHead: keyHead, piece: piece), dimension: states.dimension)
            .map { $0 * Double(keys.count) }
    }

    private func dot(_ a: [Float], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * $1.1 } }
}

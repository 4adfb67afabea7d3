/// Attention over chunks and over the tokens of chunks; its weights are not one softmax over keys.
package enum HierarchicalAttention {
    /// One softmax over the own chunk's keys up to the query and the mean key of every earlier chunk.
    package struct Pooled: Equatable, Sendable {
        package let localKeys: Range<Int>
        /// [local key]
        package let localWeights: [Double]
        /// [earlier chunk]
        package let summaryWeights: [Double]
    }

    /// - Parameters:
    ///   - query: The vector of the token `keys.count − 1` or of one whose later keys are left out.
    ///   - keys: All keys up to the query. [key][dimension]
    package static func pooled(query: [Double], keys: [[Double]], chunk: Int) -> Pooled {
        let own = (keys.count - 1) / chunk
        let local = own * chunk..<keys.count
        let weights = softmax(scores(query, Array(keys[local])) + scores(query, means(keys, chunk: chunk, count: own)))
        return Pooled(
            localKeys: local, localWeights: Array(weights.prefix(local.count)),
            summaryWeights: Array(weights.dropFirst(local.count)))
    }

    /// Two stages: a softmax over the chunks, by the mean key of earlier ones and the highest score of the own one,
    /// times a softmax inside each chunk.
    package struct Product: Equatable, Sendable {
        /// [chunk]
        package let chunkWeights: [Double]
        /// They sum to 1. [key]
        package let tokenWeights: [Double]
    }

    /// - Parameter keys: All keys up to the query. [key][dimension]
    package static func product(query: [Double], keys: [[Double]], chunk: Int) -> Product {
        let own = (keys.count - 1) / chunk
        let logits = scores(query, keys)
        let highest = logits[(own * chunk)...].max() ?? 0
        let chunks = softmax(scores(query, means(keys, chunk: chunk, count: own)) + [highest])
        let tokens = chunks.enumerated().flatMap { index, weight in
            softmax(Array(logits[index * chunk..<min((index + 1) * chunk, keys.count)])).map { $0 * weight }
        }
        return Product(chunkWeights: chunks, tokenWeights: tokens)
    }

    private static func scores(_ query: [Double], _ keys: [[Double]]) -> [Double] {
        keys.map { dot(query, $0) / Double(query.count).squareRoot() }
    }

    /// [chunk][dimension]
    private static func means(_ keys: [[Double]], chunk: Int, count: Int) -> [[Double]] {
        (0..<count).map { index in
            let rows = keys[index * chunk..<(index + 1) * chunk]
            return (keys.first ?? []).indices.map { c in rows.reduce(0) { $0 + $1[c] } / Double(chunk) }
        }
    }
}

import RopewalkMethods

/// All pairs of small masks: the boolean product of the layers, each with the diagonal, as rows of bits.
struct ReachTable: Equatable, Sendable {
    /// Time and memory grow with the third and second power of the tokens.
    static let largestTokens = 2048

    let tokens: Int
    private let words: Int
    /// [query, word]
    private var bits: [UInt64]

    /// Nil where the mask has too many tokens.
    init?(_ layers: [any MaskRows]) {
        guard let first = layers.first, first.tokens <= Self.largestTokens else { return nil }
        tokens = first.tokens
        words = (tokens + 63) / 64
        bits = [UInt64](repeating: 0, count: tokens * words)
        for token in 0..<tokens { bits[token * words + token / 64] = 1 << UInt64(token % 64) }
        for layer in layers {
            let below = bits
            for query in 0..<tokens {
                for key in layer.row(query).ranges.joined() {
                    for word in 0..<words { bits[query * words + word] |= below[key * words + word] }
                }
            }
        }
    }

    /// Whether `query` can know of `key`.
    func reaches(query: Int, key: Int) -> Bool { bits[query * words + key / 64] >> UInt64(key % 64) & 1 == 1 }

    /// Pairs of which the query can know of the key.
    var count: Int { bits.reduce(0) { $0 + $1.nonzeroBitCount } }
}

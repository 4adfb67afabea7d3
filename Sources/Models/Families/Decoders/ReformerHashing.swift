import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// Which layers of a Reformer hash, and what the others see.
struct ReformerLayers: Sendable {
    let isHashed: [Bool]
    /// Tokens of a chunk, and how many chunks before its own a token reads.
    let localChunk: Int
    private let localBack: Int
    let hashChunk: Int

    init(_ configuration: Configuration) throws(ModelError) {
        let names = configuration.value("attn_layers")?.array?.map { $0.string }
        guard let names, (1...1 << 12).contains(names.count), names.allSatisfy({ $0 == "lsh" || $0 == "local" }) else {
            throw configuration.problem("attn_layers", say("must be a list of lsh and local"))
        }
        isHashed = names.map { $0 == "lsh" }
        localChunk = try configuration.size("local_attn_chunk_length", default: 64)
        hashChunk = try configuration.size("lsh_attn_chunk_length", default: 64)
        localBack = try configuration.count("local_num_chunks_before", default: 1, limit: 64)
    }

    private var chunks: [Int] {
        (isHashed.contains(true) ? [hashChunk] : []) + (isHashed.contains(false) ? [localChunk] : [])
    }

    /// What a text is filled up to: a multiple of all chunks, unless it is no longer than the shortest.
    func filled(_ tokens: Int) -> Int {
        let chunks = chunks
        guard tokens > chunks.min() ?? 1 else { return tokens }
        let multiple = chunks.reduce(1) { a, b in
            var (x, y) = (a, b)
            while y != 0 { (x, y) = (y, x % y) }
            let product = (a / x).multipliedReportingOverflow(by: b)
            return product.overflow ? Int.max / 2 : product.partialValue
        }
        // Both chunks are under 2²⁴, so that their multiple is far below overflow.
        return (tokens + multiple - 1) / multiple * multiple
    }

    /// A local layer over a text. Chunks form a ring: where it is no longer than what is read, some count twice.
    func local(_ layer: LayerTraits, tokens: Int) -> LayerTraits {
        let length = filled(tokens)
        var layer = layer
        guard length > localChunk else { return layer }
        layer.windows = [Chunked(size: localChunk, back: localBack)]
        let (chunk, back, count) = (localChunk, localBack, length / localChunk)
        if back >= count {
            layer.bias = .counted { query in
                let own = query / chunk
                return (0...own).compactMap { other in
                    let times = (0...back).count { (own - $0 - other) % count == 0 }
                    return times > 1 ? (other * chunk..<(other + 1) * chunk, log(Float(times))) : nil
                }
            }
        }
        return layer
    }
}

/// How the hashed layers of a Reformer hash.
struct ReformerHashing: Sendable {
    private let layers: ReformerLayers
    private let rounds: Int
    /// One number, or two whose product counts; nil for what suits a text.
    private let buckets: [Int]?
    private let back: Int
    private let places: Int
    private let drawn: TorchDirections
    let notes: [String]

    init(_ configuration: Configuration, layers: ReformerLayers, shape: ModelShape) throws(ModelError) {
        self.layers = layers
        rounds = try configuration.size("num_hashes", default: 1, limit: 64)
        back = try configuration.count("lsh_num_chunks_before", default: 1, limit: 64)
        places = try configuration.size("max_position_embeddings", default: 4096)
        buckets = try Self.buckets(configuration)
        let seed = configuration.value("hash_seed")
        if let seed, !seed.isNull {
            // torch takes seeds of 64 bits, of which its generator has the lower 32.
            guard let number = seed.integer else {
                throw configuration.problem("hash_seed", say("must be a whole number"))
            }
            drawn = TorchDirections(seed: UInt32(truncatingIfNeeded: number), heads: shape.heads)
            notes = []
        } else {
            drawn = TorchDirections(seed: 0, heads: shape.heads)
            notes =
                layers.isHashed.contains(true)
                ? [say("no hash_seed: directions of seed 0 are drawn where transformers draws others in every run")]
                : []
        }
        guard layers.isHashed.contains(true) else { return }
        let method = method(tokens: places)
        if let problem = method.contradiction { throw configuration.problem("num_buckets", problem) }
        let numbers = shape.heads * shape.headDimension * rounds * (method.buckets + method.factor)
        guard numbers <= 1 << 28 else {
            throw configuration.problem("num_buckets", say("asks for more directions than can be drawn"))
        }
    }

    private static func buckets(_ configuration: Configuration) throws(ModelError) -> [Int]? {
        guard let value = configuration.value("num_buckets"), !value.isNull else { return nil }
        let numbers = value.array?.map(\.integer) ?? [value.integer]
        let counts = numbers.compactMap { $0 }
        guard counts.count == numbers.count, (1...2).contains(counts.count),
            counts.allSatisfy({ (2...1 << 16).contains($0) && $0 % 2 == 0 })
        else { throw configuration.problem("num_buckets", say("must be an even number, or two of them")) }
        return counts
    }

    /// What suits a text of so many tokens: a power of two near twice its chunks, of two factors where it is large.
    private func suited(_ length: Int) -> [Int] {
        let count = max(1, 2 * (length / layers.hashChunk))
        let power = Int.bitWidth - 1 - count.leadingZeroBitCount
        let limit = 2 * max(Int(Double(places / layers.hashChunk).squareRoot()), layers.hashChunk)
        guard 1 << power > limit else { return [max(2, 1 << power)] }
        return [max(2, 1 << (power / 2)), max(2, 1 << (power - power / 2))]
    }

    func method(tokens: Int) -> LSHAttention {
        let length = layers.filled(tokens)
        let buckets = buckets ?? suited(length)
        var method = LSHAttention(rounds: rounds, buckets: buckets[0], window: 0, seed: 0)
        method.factor = buckets.count > 1 ? buckets[1] : 1
        method.chunk = layers.hashChunk
        method.before = back
        method.readsAcross = true
        method.isShared = true
        method.form = .rounds
        method.filledTo = length
        method.drawn = drawn
        return method
    }

    func layer(_ layer: LayerTraits, tokens: Int) -> LayerTraits {
        var layer = layer
        layer.selection = method(tokens: tokens)
        return layer
    }
}

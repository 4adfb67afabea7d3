import RopewalkMethods
import RopewalkModels

/// Head scores on random tokens repeated once, where textbook circuits show: a head that copies must look back to the
/// first time, because nothing else helps (Olsson et al. 2022).
package enum Circuits {
    static let sequences = 8
    static let length = 100
    /// Queries from here on count for the sink: before, the first token is one of few.
    static let firstSinkQuery = 10

    /// The scores of all heads, layer by layer.
    package static func scores(of model: Model, threads: Int = 0) throws(ModelError) -> [HeadScore] {
        let shape = model.shape
        let start = Self.start(of: model)
        var sums = [HeadSums](repeating: HeadSums(), count: shape.layers * shape.heads)
        var sinks = sums
        for sequence in 0..<sequences {
            let room = model.traits.limit.map { ($0 - start.count) / 2 } ?? length
            let length = max(1, min(length, room))
            let once = Array(randomTokens(sequence: sequence, vocabulary: shape.vocabulary).prefix(length))
            let ids = start + once + once
            let recording = try Recorder(model: model, scenario: model.defaultScenario, threads: threads)
                .record(ids)
            let hasEarlier = ids.indices.map { $0 >= start.count + length }
            for index in sums.indices {
                for chunk in recording.chunks {
                    let summary = chunk.layers[index / shape.heads].attention
                    let head = index % shape.heads
                    sums[index].add(
                        summary, head: head, tokens: chunk.tokens, ids: ids, keyIDs: ids, hasEarlier: hasEarlier,
                        from: 1)
                    sinks[index].add(
                        summary, head: head, tokens: chunk.tokens, ids: ids, keyIDs: ids, hasEarlier: hasEarlier,
                        from: firstSinkQuery)
                }
            }
        }
        return sums.indices.map { index in
            let score = sums[index].score(layer: index / shape.heads, head: index % shape.heads)
            let sink = sinks[index].score(layer: score.layer, head: score.head).sink
            return HeadScore(
                layer: score.layer, head: score.head, entropy: score.entropy, meanDistance: score.meanDistance,
                sink: sink, previousToken: score.previousToken, induction: score.induction,
                retrieval: score.retrieval)
        }
    }

    /// What the tokenizer puts before every text: models treat it as the place to rest their attention on.
    private static func start(of model: Model) -> [Int32] {
        (try? model.tokenizer?.encode("", addSpecialTokens: true).ids) ?? []
    }

    /// The same tokens every time (xorshift64*), special ones left out where they come first in the vocabulary.
    private static func randomTokens(sequence: Int, vocabulary: Int) -> [Int32] {
        var state = UInt64(sequence + 1) &* 0x9E37_79B9_7F4A_7C15
        let first = vocabulary > 8 ? 2 : 0
        return (0..<length).map { _ in
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return Int32(first + Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % (vocabulary - first))
        }
    }
}

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
        let model = model.recorded(in: .single)
        let shape = model.shape
        let start = Self.start(of: model)
        var sums = [HeadSums](repeating: HeadSums(), count: shape.layers * shape.heads)
        for sequence in 0..<sequences {
            let room = model.traits.limit.map { ($0 - start.count) / 2 } ?? length
            let length = max(1, min(length, room))
            let once = Array(randomTokens(sequence: sequence, vocabulary: shape.vocabulary).prefix(length))
            let recording = try Recorder(model: model, scenario: model.defaultScenario, threads: threads)
                .record(start + once + once)
            let isSecondTime = (0..<start.count + 2 * length).map { $0 >= start.count + length }
            let measured = Lens(recording: recording, threads: threads)
                .headSums(from: 1, sinksFrom: firstSinkQuery, hasEarlier: isSecondTime)
            for index in sums.indices { sums[index].add(measured[index]) }
        }
        return sums.indices.map { sums[$0].score(layer: $0 / shape.heads, head: $0 % shape.heads) }
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

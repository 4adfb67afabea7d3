/// What the parts of an index add up to, kept beside them: parts that were changed, or are of another index, are refused.
struct IndexSums: Equatable, Sendable {
    /// FNV-1a over whole numbers, stirred so that every bit of a number counts.
    struct Sum {
        private var value: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ number: UInt64) {
            value = (value ^ number) &* 0x100_0000_01B3
            value ^= value >> 29
        }

        /// Base 16.
        var text: String { String(value, radix: 16) }
    }

    let chunks: String
    let vectors: String

    init(_ chunks: [Chunk], lengths: [Int32], vectors: VectorIndex?) {
        var sum = Sum()
        for (id, chunk) in chunks.enumerated() {
            for number in Self.numbers(id, chunk, length: lengths[id]) { sum.add(UInt64(bitPattern: Int64(number))) }
        }
        self.chunks = sum.text
        sum = Sum()
        for number in vectors?.numbers ?? [] { sum.add(UInt64(number.bitPattern)) }
        self.vectors = sum.text
    }

    /// As a file has them.
    init(_ fields: [String: String]) {
        (chunks, vectors) = (fields["chunk_sum"] ?? "", fields["vector_sum"] ?? "")
    }

    var fields: [(String, String)] { [("chunk_sum", chunks), ("vector_sum", vectors)] }

    /// A row of the chunks: number, document, first byte, end, first unit, units, terms.
    static func numbers(_ id: Int, _ chunk: Chunk, length: Int32) -> [Int] {
        [
            id, chunk.document, chunk.bytes.lowerBound, chunk.bytes.upperBound, chunk.units.lowerBound,
            chunk.units.count, Int(length),
        ]
    }
}

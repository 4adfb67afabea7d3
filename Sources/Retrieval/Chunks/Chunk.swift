/// A stretch of a document that is found as one.
package struct Chunk: Equatable, Sendable {
    /// Which document it is of.
    package let document: Int
    /// Its bytes in the text.
    package let bytes: Range<Int>
    /// Its tokens, or its words where no model cut the text.
    package let units: Range<Int>

    package init(document: Int, bytes: Range<Int>, units: Range<Int>) {
        (self.document, self.bytes, self.units) = (document, bytes, units)
    }
}

/// How documents are cut into chunks.
package struct ChunkPlan: Equatable, Sendable {
    /// Tokens or words of a chunk. RETRO has chunks of 64 tokens, LongBench's retrieval some of 200 words.
    package let size: Int
    /// How many of the last units of a chunk are the first of the next one, so that a border cuts nothing in two.
    package let overlap: Int
    /// Whether a chunk ends with a sentence, where one ends in its second half.
    package let keepsSentences: Bool

    /// - Parameters:
    ///   - size: at least 1
    ///   - overlap: less than half of the size, else cut to that
    package init(size: Int = 64, overlap: Int = 0, keepsSentences: Bool = false) {
        self.size = max(1, size)
        self.overlap = max(0, min(overlap, (self.size - 1) / 2))
        self.keepsSentences = keepsSentences
    }

    /// The stretches of a row of units: all of them, in order; the last may be shorter.
    /// - Parameter ends: whether a sentence ends before the unit at an index; asked only where sentences are kept
    package func cuts(_ count: Int, endsSentence ends: (Int) -> Bool) -> [Range<Int>] {
        var cuts: [Range<Int>] = []
        var start = 0
        while start < count {
            var end = min(start + size, count)
            if keepsSentences, end < count {
                let least = start + max(overlap, size / 2) + 1
                if least <= end, let place = (least...end).last(where: ends) { end = place }
            }
            cuts.append(start..<end)
            if end == count { break }
            start = end - overlap
        }
        return cuts
    }
}

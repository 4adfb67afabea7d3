/// Which chunks have a term, and how often.
package struct Postings: Equatable, Sendable {
    /// In order. [entry]
    package let chunks: [Int32]
    /// [entry]
    package let frequencies: [Int32]

    package init(chunks: [Int32], frequencies: [Int32]) { (self.chunks, self.frequencies) = (chunks, frequencies) }
}

/// Where postings are had from: an index in memory, or one on disk that is read term by term.
package protocol TermSource {
    var chunkCount: Int { get }
    /// Terms of each chunk. [chunk]
    var lengths: [Int32] { get }
    /// Nil where no chunk has the term.
    func postings(_ term: [UInt8]) throws(RetrievalError) -> Postings?
}

extension TermSource {
    /// BM25 of every chunk for a query; 0 where it has none of its terms. A term that the query has twice counts twice. [chunk]
    package func scores(_ query: String, _ method: BM25 = BM25()) throws(RetrievalError) -> [Double] {
        var scores = [Double](repeating: 0, count: chunkCount)
        let mean = lengths.reduce(0.0) { $0 + Double($1) } / Double(max(1, chunkCount))
        var counts: [(term: [UInt8], count: Int)] = []
        for term in TermReader.terms(query) {
            let known = counts.firstIndex { $0.term == term }
            if let known { counts[known].count += 1 } else { counts.append((term, 1)) }
        }
        for (term, count) in counts {
            guard let found = try postings(term) else { continue }
            let rarity = method.rarity(count: found.chunks.count, of: chunkCount) * Double(count)
            for (chunk, frequency) in zip(found.chunks, found.frequencies) {
                let length = Int(lengths[Int(chunk)])
                scores[Int(chunk)] += rarity * method.share(frequency: Int(frequency), length: length, mean: mean)
            }
        }
        return scores
    }
}

/// An index of terms in memory.
package struct TermIndex: TermSource, Sendable {
    private var terms = TermTable()
    /// Where the postings of a term begin, and of the last where they end. [term + 1]
    private var starts: [Int] = [0]
    private var chunks: [Int32] = []
    private var frequencies: [Int32] = []
    package private(set) var lengths: [Int32] = []
    package var chunkCount: Int { lengths.count }
    /// Different terms.
    package var termCount: Int { terms.count }

    /// - Parameters:
    ///   - texts: bytes of valid UTF-8, a document each
    ///   - chunks: ranges of these bytes, in the order in which they are numbered
    package init(_ texts: [[UInt8]], _ ranges: [(document: Int, bytes: Range<Int>)]) {
        // In the order of the text: a term, its chunk, how often it has it.
        var entries: [(term: Int32, chunk: Int32, count: Int32)] = []
        // The entry of a term in the chunk that is read. [term]
        var last: [Int] = []
        for (chunk, range) in ranges.enumerated() {
            var length: Int32 = 0
            let first = entries.count
            texts[range.document].withUnsafeBufferPointer { bytes in
                TermReader.read(bytes, range.bytes.clamped(to: 0..<bytes.count)) { term in
                    let number = terms.add(term)
                    if number == last.count { last.append(-1) }
                    if last[number] >= first {
                        entries[last[number]].count += 1
                    } else {
                        last[number] = entries.count
                        entries.append((Int32(number), Int32(chunk), 1))
                    }
                    length += 1
                }
            }
            lengths.append(length)
        }
        sort(entries)
    }

    /// By terms; chunks stay in order.
    private mutating func sort(_ entries: [(term: Int32, chunk: Int32, count: Int32)]) {
        starts = Array(repeating: 0, count: terms.count + 1)
        for entry in entries { starts[Int(entry.term) + 1] += 1 }
        for term in 0..<terms.count { starts[term + 1] += starts[term] }
        var next = starts
        chunks = Array(repeating: 0, count: entries.count)
        frequencies = chunks
        for entry in entries {
            let place = next[Int(entry.term)]
            next[Int(entry.term)] += 1
            (chunks[place], frequencies[place]) = (entry.chunk, entry.count)
        }
    }

    package func postings(_ term: [UInt8]) throws(RetrievalError) -> Postings? {
        guard let number = term.withUnsafeBufferPointer({ terms.number(of: $0) }) else { return nil }
        return postings(number)
    }

    private func postings(_ number: Int) -> Postings {
        let range = starts[number]..<starts[number + 1]
        return Postings(chunks: Array(chunks[range]), frequencies: Array(frequencies[range]))
    }

    /// Every term with its postings, in the order in which terms came.
    package func forEach<Failure: Error>(
        _ body: (ArraySlice<UInt8>, Postings) throws(Failure) -> Void
    ) throws(Failure) {
        for number in 0..<terms.count { try body(terms.term(number), postings(number)) }
    }
}

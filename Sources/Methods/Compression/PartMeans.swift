import RopewalkPhrases

/// Of finished parts of a text the cache holds one mean key and one mean value each.
package struct PartMeans: CompressionMethod, PartedMethod, Equatable {
    package static let description = MethodDescription(
        name: "part-means", family: .compression, title: "Paragraphs as their means",
        summary:
            "Every token reads its own part of the text token by token, and the mean key and value of a finished part in "
            + "place of each of that part's tokens: a part weighs as often as it has tokens.",
        source:
            "Liu and Lapata, Hierarchical Transformers for Multi-Document Summarization, 2019 (arXiv 1905.13164), where "
            + "learned weights pool a paragraph and layers of their own join paragraphs; the plain mean of turned keys is ours",
        parameters: [
            .kind(
                "unit", "what is a part: those of the text, or so many tokens",
                of: ["sentence", "paragraph", "tokens"],
                default: 1),
            .tokens("size", "length of a part, where tokens are counted", default: 64),
        ],
        lists: [
            .tokens("lengths", "lengths of the parts in place of those of the text; what follows is one more", from: 1)
        ],
        flops: "4·N·(part/2 + parts/2)·d a head, and 2·d to add a token to its mean",
        memory: "2·(part + parts)·d numbers a key/value head")

    private let ownUnit: TextUnit?
    package let size: Int
    package let lengths: [Int]
    package let borders: PartBorders?
    /// Nil where tokens are counted.
    private let parts: PartBorders?

    package init(unit: TextUnit?, size: Int = 64, lengths: [Int] = [], borders: PartBorders? = nil) {
        ownUnit = unit
        self.size = size
        self.lengths = lengths
        self.borders = borders
        parts =
            lengths.isEmpty ? unit == nil ? nil : borders ?? PartBorders(starts: [0]) : PartBorders(lengths: lengths)
    }

    package init(values: [Double]) { self.init(values: values, lists: [[]]) }
    package init(values: [Double], lists: [[Double]]) {
        self.init(unit: TextUnit(rawValue: Int(values[0])), size: Int(values[1]), lengths: lists[0].map { Int($0) })
    }
    package var values: [Double] { [Double(ownUnit?.rawValue ?? 2), Double(size)] }
    package var lists: [[Double]] { [lengths.map(Double.init)] }

    package var identity: String { borders.map { "\(spec)#\($0.fingerprint)" } ?? spec }
    package var unit: TextUnit? { lengths.isEmpty ? ownUnit : nil }

    package func with(_ borders: PartBorders?) -> PartMeans {
        PartMeans(unit: ownUnit, size: size, lengths: lengths, borders: borders)
    }

    /// The part that the next token belongs to is exact.
    package func firstExactKey(cached: Int) -> Int {
        guard let parts else { return cached - cached % size }
        return parts.starts[parts.part(of: cached)]
    }

    package func firstExactValue(cached: Int) -> Int { firstExactKey(cached: cached) }

    package func compressedKeys(_ keys: [Float], dimension: Int) -> [Float] {
        means(keys, from: 0, dimension: dimension)
    }
    package func compressedValues(_ values: [Float], dimension: Int) -> [Float] {
        means(values, from: 0, dimension: dimension)
    }
    package func compressedKeys(_ keys: [Float], from first: Int, dimension: Int) -> [Float] {
        means(keys, from: first, dimension: dimension)
    }
    package func compressedValues(_ values: [Float], from first: Int, dimension: Int) -> [Float] {
        means(values, from: first, dimension: dimension)
    }

    /// The finished parts among the tokens from `first` on, which begins one, as their means, added up in float64.
    private func means(_ rows: [Float], from first: Int, dimension: Int) -> [Float] {
        guard dimension > 0 else { return rows }
        var result = rows
        let end = first + rows.count / dimension
        var start = first
        while let next = self.end(ofPartAt: start), next <= end {
            for c in 0..<dimension {
                let sum = (start..<next).reduce(0.0) { $0 + Double(rows[($1 - first) * dimension + c]) }
                let mean = Float(sum / Double(next - start))
                for token in start..<next { result[(token - first) * dimension + c] = mean }
            }
            start = next
        }
        return result
    }

    /// Where the part that begins at `start` ends; nil for the last one, which no token ends.
    private func end(ofPartAt start: Int) -> Int? {
        guard let parts else { return start + size }
        let next = parts.part(of: start) + 1
        return next < parts.starts.count ? parts.starts[next] : nil
    }

    package func cacheBytes(tokens: Int, dimension: Int, exactBytes: Double) -> Double {
        let exact = firstExactKey(cached: tokens)
        let means = parts.map { $0.part(of: exact) } ?? exact / size
        return 2 * Double(means + tokens - exact) * Double(dimension) * exactBytes
    }
}

/// Bytes of a word that no token stands for: characters that a model without a token for the unknown leaves out.
///
/// The library goes on as if they had not been there: what lies around them may merge, and its offsets do not count
/// them. So symbols count without them, and `collect` puts them back where the text has them.
struct DroppedBytes {
    /// The places among the bytes that are left, and how many bytes are missing there.
    private var runs: [(place: Int32, count: Int32)] = []

    var isEmpty: Bool { runs.isEmpty }

    mutating func removeAll() { runs.removeAll(keepingCapacity: true) }

    mutating func drop(_ count: Int32, at place: Int32) { runs.append((place, count)) }

    /// Appends the parts of merged symbols, with the bytes that they stand for in the whole word.
    func collect(_ symbols: [WordMerger.Symbol], into parts: inout [WordMerger.Part]) {
        var next = 0
        var missing: Int32 = 0
        func take(below place: Int32) -> Int32 {
            var count: Int32 = 0
            while next < runs.count, runs[next].place < place {
                count += runs[next].count
                next += 1
            }
            missing += count
            return count
        }
        for symbol in symbols where symbol.count > 0 {
            let before = take(below: symbol.start + 1)
            if before > 0 { parts.append(.init(token: -1, count: before)) }
            var part = WordMerger.Part(token: symbol.token, count: symbol.count)
            part.back = missing
            part.count += take(below: symbol.start + symbol.count)
            parts.append(part)
        }
        let behind = take(below: .max)
        if behind > 0 { parts.append(.init(token: -1, count: behind)) }
    }
}

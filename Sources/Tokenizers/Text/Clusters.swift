/// The extended grapheme clusters of valid UTF-8, as ranges of bytes.
struct Clusters: Sequence, IteratorProtocol {
    /// How much is looked at as a string at once, in bytes.
    private static let window = 1 << 10

    private let text: [UInt8]
    private let end: Int
    private var at: Int
    /// The ends of the clusters that are known, last first.
    private var known: [Int] = []

    init(_ text: [UInt8], _ range: Range<Int>) {
        self.text = text
        at = range.lowerBound
        end = range.upperBound
    }

    mutating func next() -> Range<Int>? {
        guard at < end else { return nil }
        let start = at
        // An ASCII character before another one is a cluster, but for a line feed behind a carriage return.
        if known.isEmpty, text[at] < 0x80, at + 1 == end || text[at + 1] < 0x80 {
            at += 1
            if text[start] == 0x0D, at < end, text[at] == 0x0A { at += 1 }
            return start..<at
        }
        if known.isEmpty { look() }
        at = known.popLast() ?? end
        return start..<at
    }

    /// Finds the clusters of the next window; the last one may be cut by the window, so it is looked at again unless
    /// it fills the window alone.
    private mutating func look() {
        let stop = UTF8Text.start(of: Swift.min(at + Self.window, end), in: text)
        var ends: [Int] = []
        var place = at
        for cluster in String(decoding: text[at..<stop], as: UTF8.self) {
            place += cluster.utf8.count
            ends.append(place)
        }
        if stop < end, ends.count > 1 { ends.removeLast() }
        known = ends.reversed()
    }
}

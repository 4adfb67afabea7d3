extension CharacterMap {
    /// Clusters of so many bytes are replaced character by character.
    private static let clusterLimit = 6

    /// Appends what the map makes of `text[range]`, cluster by cluster, as the tokenizers library does.
    func rewrite(_ text: [UInt8], _ range: Range<Int>, into output: inout Alignment) {
        var writer = MappedWriter(text, range)
        for cluster in Clusters(text, range) {
            if cluster.count < Self.clusterLimit, let replacement = shortest(text[cluster]) {
                writer.replace(cluster, by: replacement, in: &output)
                continue
            }
            var at = cluster.lowerBound
            while at < cluster.upperBound {
                let end = min(at + UTF8Text.width(from: text[at]), cluster.upperBound)
                if let replacement = shortest(text[at..<end]) {
                    writer.replace(at..<end, by: replacement, in: &output)
                } else {
                    writer.copy(at..<end, in: &output)
                }
                at = end
            }
        }
        writer.flush(into: &output)
    }
}

/// Writes a text of which characters are replaced. The bytes are tied to those that they replace, and attributed to
/// characters as the tokenizers library counts them: it says of the last character written that it stands for those
/// left out behind it, and where there is none, all that follows is shifted.
private struct MappedWriter {
    /// The last character, which may yet change.
    private struct Pending {
        let text: ArraySlice<UInt8>
        /// How many bytes it is written for; 0 where the one before it was.
        let consumed: Int
        var change: Int
        /// How many bytes behind it are left out.
        var dropped = 0
    }

    private let text: [UInt8]
    private let end: Int
    /// Where the character begins that the library attributes the next one to.
    private var next: Int
    private var last: Range<Int32>
    private var pending: Pending?

    init(_ text: [UInt8], _ range: Range<Int>) {
        self.text = text
        next = range.lowerBound
        end = range.upperBound
        last = Int32(next)..<Int32(next)
    }

    mutating func copy(_ range: Range<Int>, in output: inout Alignment) {
        flush(into: &output)
        pending = Pending(text: text[range], consumed: range.count, change: 0)
    }

    mutating func replace(_ range: Range<Int>, by replacement: ArraySlice<UInt8>, in output: inout Alignment) {
        let removed = Self.characters(text[range])
        let added = Self.characters(replacement)
        var at = replacement.startIndex
        for index in 0..<added {
            let stop = min(at + UTF8Text.width(from: replacement[at]), replacement.endIndex)
            flush(into: &output)
            pending = Pending(
                text: replacement[at..<stop], consumed: index == 0 ? range.count : 0, change: index < removed ? 0 : 1)
            at = stop
        }
        if added == 0, pending == nil { output.drop(range.count) }
        if added == 0 { pending?.dropped += range.count }
        if added < removed { pending?.change -= removed - added }
    }

    mutating func flush(into output: inout Alignment) {
        guard let pending else { return }
        if pending.change <= 0 { take() }
        let cover = last
        for _ in 0..<max(0, -pending.change) { take() }
        if pending.consumed == 0 {
            output.extend(by: pending.text, cover: cover)
        } else if cover == output.sourceEnd..<output.sourceEnd + Int32(pending.text.count),
            pending.consumed == pending.text.count
        {
            output.substitute(pending.text)
        } else {
            output.replace(pending.consumed, by: pending.text, cover: cover)
        }
        output.drop(pending.dropped)
        self.pending = nil
    }

    private mutating func take() {
        guard next < end else { return }
        let start = next
        next += UTF8Text.width(from: text[next])
        last = Int32(start)..<Int32(next)
    }

    private static func characters(_ text: ArraySlice<UInt8>) -> Int {
        text.reduce(0) { UTF8Text.isContinuation($1) ? $0 : $0 + 1 }
    }
}

/// Which bytes of a source every byte of a rewritten text comes from.
struct Alignment: Sendable {
    private struct Segment {
        /// Where it begins in the rewritten text, and how many bytes it has there.
        let start: Int32
        let count: Int32
        /// What it replaces; the segments' sources tile the whole source.
        let source: Range<Int32>
        /// The characters it is attributed to, as the tokenizers library does; nil for a plain copy.
        let cover: Range<Int32>?
    }

    private var segments: [Segment] = []
    /// The rewritten text.
    private(set) var bytes: [UInt8] = []
    private var sourceEnd: Int32 = 0

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// Appends the next `count` bytes of the source unchanged.
    mutating func copy(_ count: Int, of source: [UInt8]) {
        guard count > 0 else { return }
        let start = sourceEnd
        sourceEnd += Int32(count)
        bytes.append(contentsOf: source[Int(start)..<Int(sourceEnd)])
        let written = Int32(bytes.count - count)
        // Neighbouring copies are one, so that a text hardly changed costs hardly anything.
        if let last = segments.last, last.cover == nil {
            segments[segments.count - 1] = Segment(
                start: last.start, count: last.count + Int32(count), source: last.source.lowerBound..<sourceEnd,
                cover: nil)
        } else {
            segments.append(Segment(start: written, count: Int32(count), source: start..<sourceEnd, cover: nil))
        }
    }

    /// Appends `text` in place of the next `consumed` bytes of the source.
    mutating func replace(_ consumed: Int, by text: some Collection<UInt8>, cover: Range<Int32>) {
        let start = sourceEnd
        sourceEnd += Int32(consumed)
        segments.append(
            Segment(start: Int32(bytes.count), count: Int32(text.count), source: start..<sourceEnd, cover: cover))
        bytes.append(contentsOf: text)
    }

    /// The bytes of the source that `range` stands for. Parts of a replaced character share its bytes out, so that
    /// spans that tile the rewritten text tile the source.
    func exact(_ range: Range<Int32>) -> Range<Int32> {
        guard !range.isEmpty else {
            let place = place(range.lowerBound, in: segment(at: range.lowerBound))
            return place..<place
        }
        let start = place(range.lowerBound, in: segment(at: range.lowerBound))
        return start..<max(start, place(range.upperBound, in: segment(at: range.upperBound - 1)))
    }

    /// The characters of the source that `range`, which is not empty, is attributed to.
    func cover(_ range: Range<Int32>) -> Range<Int32> {
        let first = cover(byte: range.lowerBound)
        let last = cover(byte: range.upperBound - 1)
        return first.lowerBound..<max(first.lowerBound, last.upperBound)
    }

    private func cover(byte: Int32) -> Range<Int32> {
        guard let segment = segment(at: byte) else { return byte..<byte + 1 }
        if let cover = segment.cover { return cover }
        let place = segment.source.lowerBound + byte - segment.start
        return place..<place + 1
    }

    private func segment(at byte: Int32) -> Segment? {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].start + segments[middle].count <= byte { low = middle + 1 } else { high = middle }
        }
        return low < segments.count ? segments[low] : segments.last
    }

    private func place(_ byte: Int32, in segment: Segment?) -> Int32 {
        guard let segment else { return byte }
        guard segment.count > 0 else { return segment.source.lowerBound }
        let share = Int(byte - segment.start) * segment.source.count / Int(segment.count)
        return segment.source.lowerBound + Int32(share)
    }
}

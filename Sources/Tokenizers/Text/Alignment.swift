/// Which bytes of a source every byte of a rewritten text comes from.
struct Alignment: Sendable {
    private struct Segment {
        /// Where it begins in the rewritten text, and how many bytes it has there.
        let start: Int32
        let count: Int32
        /// What it replaces; the segments' sources tile the whole source.
        let source: Range<Int32>
        /// The characters it is attributed to, as the tokenizers library does; nil where every byte stands for one.
        let cover: Range<Int32>?
    }

    private var segments: [Segment] = []
    /// The rewritten text.
    private(set) var bytes: [UInt8] = []
    private(set) var sourceEnd: Int32 = 0
    /// In bytes.
    private let limit: Int
    /// Whether replacements were left out because the text would have become longer than the limit.
    private(set) var isTooLong = false

    /// How long a text of so many bytes may become: 32 bytes for each of them are taken for a mistake.
    static func limit(_ sourceCount: Int) -> Int { min(32 * sourceCount + 4096, Int(Int32.max) / 2) }

    /// - Parameters:
    ///   - sourceCount: how many bytes are rewritten
    ///   - limit: how many may come of them; nil for what is reasonable
    init(sourceCount: Int, limit: Int? = nil) {
        self.limit = limit ?? Self.limit(sourceCount)
        bytes.reserveCapacity(sourceCount + sourceCount / 4)
    }

    /// Appends the next `count` bytes of the source unchanged.
    mutating func copy(_ count: Int, of source: [UInt8]) {
        guard count > 0 else { return }
        bytes.append(contentsOf: source[Int(sourceEnd)..<Int(sourceEnd) + count])
        standForEqualCount(count)
    }

    /// Appends `text` in place of as many bytes of the source, character for character.
    mutating func substitute(_ text: some Collection<UInt8>) {
        bytes.append(contentsOf: text)
        standForEqualCount(text.count)
    }

    /// Appends `byte` in place of one byte of the source.
    @inline(__always)
    mutating func substitute(_ byte: UInt8) {
        bytes.append(byte)
        standForEqualCount(1)
    }

    // Neighbouring copies are one segment, so that a text hardly changed costs hardly anything.
    @inline(__always)
    private mutating func standForEqualCount(_ count: Int) {
        let start = sourceEnd
        sourceEnd += Int32(count)
        if let last = segments.last, last.cover == nil {
            segments[segments.count - 1] = Segment(
                start: last.start, count: last.count + Int32(count), source: last.source.lowerBound..<sourceEnd,
                cover: nil)
        } else {
            segments.append(
                Segment(start: Int32(bytes.count - count), count: Int32(count), source: start..<sourceEnd, cover: nil))
        }
    }

    /// Appends `text` in place of the next `consumed` bytes of the source.
    mutating func replace(_ consumed: Int, by text: some Collection<UInt8>, cover: Range<Int32>) {
        let start = sourceEnd
        sourceEnd += Int32(consumed)
        append(text, source: start..<sourceEnd, cover: cover)
    }

    /// Appends `text`, which is part of what the last `replace` put in the place of the source.
    mutating func extend(by text: some Collection<UInt8>, cover: Range<Int32>) {
        append(text, source: sourceEnd..<sourceEnd, cover: cover)
    }

    private mutating func append(_ text: some Collection<UInt8>, source: Range<Int32>, cover: Range<Int32>) {
        if bytes.count + text.count > limit { isTooLong = true }
        let start = Int32(bytes.count)
        if !isTooLong { bytes.append(contentsOf: text) }
        segments.append(
            Segment(start: start, count: Int32(bytes.count) - start, source: source, cover: cover))
    }

    /// Leaves the next `count` bytes of the source out.
    mutating func drop(_ count: Int) {
        guard count > 0 else { return }
        replace(count, by: [], cover: sourceEnd..<sourceEnd)
    }

    /// Takes ranges of the rewritten text back to the source; quick where each begins near the one before.
    ///
    /// - Parameters:
    ///   - exact: become the bytes that they stand for.
    ///   - covers: become the characters that they are attributed to.
    func follow(exact: inout [Range<Int32>], covers: inout [Range<Int32>]) {
        var hint = 0
        for index in exact.indices { exact[index] = self.exact(exact[index], hint: &hint) }
        hint = 0
        for index in covers.indices { covers[index] = cover(covers[index], hint: &hint) }
    }

    /// The bytes of the source that `range` stands for. Parts of a replaced character share its bytes out, so that
    /// spans that tile the rewritten text tile the source.
    ///
    /// - Parameter hint: about where the range lies; a variable for a run of neighbouring ranges.
    func exact(_ range: Range<Int32>, hint: inout Int) -> Range<Int32> {
        let start = place(range.lowerBound, in: segment(at: range.lowerBound, &hint))
        guard !range.isEmpty else { return start..<start }
        return start..<max(start, place(range.upperBound, in: segment(at: range.upperBound - 1, &hint)))
    }

    /// The characters of the source that `range` is attributed to; empty where it is.
    func cover(_ range: Range<Int32>, hint: inout Int) -> Range<Int32> {
        guard !range.isEmpty else { return exact(range, hint: &hint) }
        let first = cover(byte: range.lowerBound, &hint)
        let last = cover(byte: range.upperBound - 1, &hint)
        return first.lowerBound..<max(first.lowerBound, last.upperBound)
    }

    private func cover(byte: Int32, _ hint: inout Int) -> Range<Int32> {
        guard let segment = segment(at: byte, &hint) else { return byte..<byte + 1 }
        if let cover = segment.cover { return cover }
        let place = segment.source.lowerBound + byte - segment.start
        return place..<place + 1
    }

    private func segment(at byte: Int32, _ hint: inout Int) -> Segment? {
        // A few steps from the last place, which is where the next token nearly always is.
        if hint < segments.count, segments[hint].start <= byte {
            for index in hint..<min(hint + 12, segments.count)
            where segments[index].start + segments[index].count > byte {
                hint = index
                return segments[index]
            }
        }
        let index = segments.partitionPoint { $0.start + $0.count > byte }
        guard index < segments.count else { return segments.last }
        hint = index
        return segments[index]
    }

    private func place(_ byte: Int32, in segment: Segment?) -> Int32 {
        guard let segment else { return byte }
        // Behind the last segment, where nothing stands for the source any more.
        if byte >= segment.start + segment.count { return segment.source.upperBound }
        guard segment.count > 0 else { return segment.source.lowerBound }
        let share = Int(byte - segment.start) * segment.source.count / Int(segment.count)
        return segment.source.lowerBound + Int32(share)
    }
}

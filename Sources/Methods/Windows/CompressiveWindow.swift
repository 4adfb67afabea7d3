import RopewalkPhrases

/// Segments with a memory, and before it a second one in which every few tokens are one slot.
package struct CompressiveWindow: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "compressive", family: .window, title: "Compressive Transformer",
        summary: "What falls out of the memory of earlier segments is kept a while longer, several tokens to a slot.",
        source: "Rae et al., Compressive Transformers, 2019 (arXiv 1911.05507), 512 each and rate 2 (PG-19)",
        parameters: [
            .tokens("segment", "length of a segment", default: 512),
            .tokens("memory", "tokens kept from before the segment", default: 512, from: 0),
            ParameterDescription(
                "compressed", meaning: "slots of the compressed memory", unit: "slots", default: 512,
                range: 0...1_073_741_824, isInteger: true),
            .tokens("rate", "tokens of a slot", default: 2),
            .choice("pooled", "0: the tokens behind the slots do not count as seen", default: 1),
        ],
        flops: "4·N·(segment/2 + memory + compressed)·d a head",
        memory: "2·(segment + memory + compressed)·d numbers a key/value head")

    package let segment: Int
    package let memory: Int
    package let compressed: Int
    package let rate: Int
    package let isPooled: Bool

    package init(segment: Int, memory: Int, compressed: Int, rate: Int, isPooled: Bool = true) {
        self.segment = segment
        self.memory = memory
        self.compressed = compressed
        self.rate = rate
        self.isPooled = isPooled
    }

    package init(values: [Double]) {
        let numbers = values.map { Int($0) }
        self.init(
            segment: numbers[0], memory: numbers[1], compressed: numbers[2], rate: numbers[3],
            isPooled: numbers[4] == 1)
    }
    package var values: [Double] { [segment, memory, compressed, rate, isPooled ? 1 : 0].map(Double.init) }

    /// The tokens in the memory of the segment that begins at `start`.
    package func memory(before start: Int) -> Range<Int> { max(0, start - memory)..<start }

    /// The tokens of every slot of the compressed memory, oldest first.
    ///
    /// A segment that leaves the memory is cut into slots from its first token on; a rest that fills none is lost.
    package func slots(before start: Int) -> [Range<Int>] {
        let slots = slotRange(before: start)
        return slots.map { slot in
            let (chunk, index) = slot.quotientAndRemainder(dividingBy: max(1, segment / rate))
            let first = chunk * segment + index * rate
            return first..<first + rate
        }
    }

    /// The numbers of the slots that are kept, counted from the start of the text.
    private func slotRange(before start: Int) -> Range<Int> {
        let left = max(0, start - memory)
        let perSegment = segment / rate
        let made = left / segment * perSegment + (left % segment) / rate
        return max(0, made - compressed)..<made
    }

    /// The tokens behind the slots: one stretch, which may have holes where the rate does not divide the segment.
    private func slotTokens(before start: Int) -> KeyRanges {
        guard segment % rate == 0 else { return KeyRanges(slots(before: start)) }
        let slots = slotRange(before: start)
        return KeyRanges(from: slots.lowerBound * rate, to: slots.upperBound * rate)
    }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        let direct = ZoneSum.segments(length: segment, before: memory, queries: queries, tokens: tokens)
        guard isPooled, !queries.isEmpty else { return direct }
        var zones: [Zone] = []
        for index in queries.lowerBound / segment...(queries.upperBound - 1) / segment {
            let start = index * segment
            let rows = (start..<start + segment).clamped(to: queries)
            zones += slotTokens(before: start).ranges.map { Zone(queries: rows, keys: $0) }
        }
        return direct + ZoneSum(zones)
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        let start = query / segment * segment
        let direct = TransformerXL(segment: segment, memory: memory).reason(query: query, key: key, tokens: tokens)
        guard !direct.isVisible, let slot = slots(before: start).first(where: { $0.contains(key) }) else {
            return direct
        }
        let text = say("only in the slot of tokens \(slot.lowerBound.grouped) to \((slot.upperBound - 1).grouped)")
        return isPooled
            ? VisibilityReason(.block, say("kept: \(text)")) : VisibilityReason(.outside, say("blocked: \(text)"))
    }
}

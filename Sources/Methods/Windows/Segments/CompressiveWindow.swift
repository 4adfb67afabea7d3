import RopewalkPhrases

/// Segments with a memory, and before it a second one in which every few tokens are one slot.
package struct CompressiveWindow: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "compressive", family: .window, title: "Compressive Transformer",
        summary:
            "What falls out of the memory of earlier segments is kept a while longer, several tokens to a slot; slots=mean, "
            + "max, most-used and conv run it with such slots, else it is the mask of all their tokens. With most-used, of "
            + "the tokens that leave the memory together those stay which got the most attention of the segment read last, "
            + "in the mean of its queries and heads, each layer its own; conv needs trained weights, which a checkpoint has "
            + "as compress_mem_fn.conv in every layer.",
        source: "Rae et al., Compressive Transformers, 2019 (arXiv 1911.05507), 512 each and rate 2 (PG-19)",
        parameters: [
            .tokens("segment", "length of a segment", default: 512),
            .tokens("memory", "tokens kept from before the segment", default: 512, from: 0),
            ParameterDescription(
                "compressed", meaning: "slots of the compressed memory", unit: "slots", default: 512,
                range: 0...1_073_741_824, isInteger: true),
            .tokens("rate", "tokens of a slot", default: 2),
            .choice("pooled", "0: the tokens behind the slots do not count as seen", default: 1),
            .kind(
                "slots",
                "what is read of a slot: one state made of those of its tokens, or the most used of them; no: all of its "
                    + "tokens, a mask",
                of: SlotForm.allCases.map(\.rawValue)),
            .kind(
                "at",
                "where a slot stands: in a row with the others before the memory, as published, or at its own tokens",
                of: SlotPlaces.allCases.map(\.rawValue)),
        ],
        flops: "4·N·(segment/2 + memory + compressed)·d a head, with slots=most-used half as much again",
        memory: "2·(segment + memory + compressed)·d numbers a key/value head")

    package let segment: Int
    package let memory: Int
    package let compressed: Int
    package let rate: Int
    package let isPooled: Bool
    package let form: SlotForm
    package let places: SlotPlaces

    package init(
        segment: Int, memory: Int, compressed: Int, rate: Int, isPooled: Bool = true, form: SlotForm = .no,
        places: SlotPlaces = .row
    ) {
        self.segment = segment
        self.memory = memory
        self.compressed = compressed
        self.rate = rate
        self.isPooled = isPooled
        self.form = form
        self.places = places
    }

    package init(values: [Double]) {
        let numbers = values.map { Int($0) }
        self.init(
            segment: numbers[0], memory: numbers[1], compressed: numbers[2], rate: numbers[3],
            isPooled: numbers[4] == 1, form: SlotForm.allCases[min(max(0, numbers[5]), SlotForm.allCases.count - 1)],
            places: numbers[6] == 1 ? .own : .row)
    }
    package var values: [Double] {
        let numbers = [
            segment, memory, compressed, rate, isPooled ? 1 : 0, SlotForm.allCases.firstIndex(of: form) ?? 0,
            places == .own ? 1 : 0,
        ]
        return numbers.map(Double.init)
    }

    package var contradiction: String? {
        guard form != .no else { return nil }
        if rate > segment { return say("slots of \(rate) tokens cannot be made of segments of \(segment): lower rate") }
        return nil
    }

    /// The tokens behind the slots: one stretch, which may have holes where the rate does not divide the segment.
    private func slotTokens(before start: Int) -> KeyRanges {
        guard segment % rate == 0 else { return KeyRanges(slots(before: start)) }
        let slots = slotRange(before: start)
        return KeyRanges(from: slots.lowerBound * rate, to: slots.upperBound * rate)
    }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        let direct = ZoneSum.segments(length: segment, before: memory, queries: queries, tokens: tokens)
        guard isPooled, form == .no, !queries.isEmpty else { return direct }
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
        if form == .mostUsed {
            return VisibilityReason(
                .outside,
                say(
                    """
                    blocked: of tokens \(slot.lowerBound.grouped) to \((slot.upperBound - 1).grouped) only the most used \
                    are slots
                    """))
        }
        let text = say("only in the slot of tokens \(slot.lowerBound.grouped) to \((slot.upperBound - 1).grouped)")
        return isPooled && form == .no
            ? VisibilityReason(.block, say("kept: \(text)")) : VisibilityReason(.outside, say("blocked: \(text)"))
    }
}

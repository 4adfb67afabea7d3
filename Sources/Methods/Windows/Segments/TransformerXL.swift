import RopewalkPhrases

/// Segments with a memory of what came before.
package struct TransformerXL: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "transformer-xl", family: .window, title: "Transformer-XL",
        summary: "Every token sees its segment up to itself and the tokens just before the segment, kept in a memory.",
        source: "Dai et al., Transformer-XL, 2019 (arXiv 1901.02860), segment and memory 150 (WikiText-103, training)",
        parameters: [
            .tokens("segment", "length of a segment", default: 150),
            .tokens("memory", "tokens kept from before the segment", default: 150, from: 0),
            .choice("same-length", "1: every query sees exactly memory keys (evaluation)", default: 0),
        ],
        flops: "4·N·(segment/2 + memory)·d a head",
        memory: "2·(segment + memory)·d numbers a key/value head (hidden states in the original)")

    package let segment: Int
    package let memory: Int
    package let hasSameLength: Bool

    package init(segment: Int, memory: Int, hasSameLength: Bool = false) {
        self.segment = segment
        self.memory = memory
        self.hasSameLength = hasSameLength
    }

    package init(values: [Double]) {
        self.init(segment: Int(values[0]), memory: Int(values[1]), hasSameLength: values[2] == 1)
    }
    package var values: [Double] { [Double(segment), Double(memory), hasSameLength ? 1 : 0] }

    package var contradiction: String? {
        hasSameLength && memory == 0 ? say("same-length=1 with memory=0 lets no query see a key: give a memory") : nil
    }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        if hasSameLength { return ZoneSum([Zone(queries: queries, keys: 0..<tokens, distances: 0..<memory)]) }
        return .segments(length: segment, before: memory, queries: queries, tokens: tokens)
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        if hasSameLength { return SlidingWindow(size: memory).reason(query: query, key: key, tokens: tokens) }
        let start = query / segment * segment
        if key >= start { return .sameBlock("segment", query: query, key: key, size: segment) }
        let before = say("\((start - key).grouped) before the segment")
        return start - key <= memory
            ? VisibilityReason(.window, say("kept in memory: \(before) ≤ memory \(memory.grouped)"))
            : VisibilityReason(.outside, say("blocked: \(before) > memory \(memory.grouped)"))
    }
}

extension ZoneSum {
    /// Segments that see themselves up to the query and `before` tokens before their start.
    static func segments(length: Int, before: Int, queries: Range<Int>, tokens: Int) -> ZoneSum {
        guard !queries.isEmpty else { return ZoneSum() }
        return ZoneSum(
            (queries.lowerBound / length...(queries.upperBound - 1) / length).map { index in
                let start = index * length
                return Zone(
                    queries: (start..<start + length).clamped(to: queries),
                    keys: max(0, start - before)..<min(start + length, tokens), distances: Zone.distances(from: 0))
            })
    }
}

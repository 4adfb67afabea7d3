import RopewalkPhrases

/// Segments that see themselves, or the first tokens of all segments, which see each other.
package struct HierarchicalSegments: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "hat", family: .window, title: "Hierarchical attention transformer",
        summary: "Layers in which segments see only themselves, and layers in which their first tokens see each other.",
        source: "Chalkidis et al., An Exploration of Hierarchical Attention Transformers, 2022 (arXiv 2210.05529), "
            + "segment 128",
        parameters: [
            .tokens("segment", "length of a segment", default: 128),
            ParameterDescription(
                "step", meaning: "without a layer: 1 for inside of segments, 2 for across; layers take turns",
                default: 1,
                range: 1...2, isInteger: true),
            .kind(
                "layout",
                "interleaved: the layers take turns (I1), ad-hoc: the first two thirds inside, then across (AH, eight and "
                    + "four)", of: ["interleaved", "ad-hoc"]),
        ],
        flops: "4·(N·segment + (N/segment)²)·d a head and pair of layers", memory: "2·N·d numbers a key/value head")

    package let segment: Int
    package let step: Int
    /// Whether layers inside of segments come first and layers across follow, in place of taking turns.
    package let isAdHoc: Bool

    package init(segment: Int, step: Int = 1, isAdHoc: Bool = false) {
        self.segment = segment
        self.step = step
        self.isAdHoc = isAdHoc
    }

    package init(values: [Double]) {
        self.init(segment: Int(values[0]), step: Int(values[1]), isAdHoc: values[2] == 1)
    }
    package var values: [Double] { [Double(segment), Double(step), isAdHoc ? 1 : 0] }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        let step = step(ofLayer: place.layer, of: place.layers)
        return HierarchicalSegments(segment: segment, step: step, isAdHoc: isAdHoc)
    }

    /// 1 for inside of segments, 2 for across.
    func step(ofLayer layer: Int, of layers: Int) -> Int {
        isAdHoc ? (layer * 3 < layers * 2 ? 1 : 2) : layer % 2 + 1
    }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        guard step == 2 else {
            return .chunks(size: segment, isCausal: false, queries: queries, tokens: tokens)
        }
        // Who is not the first of its segment skips the layer: it sees itself.
        let firsts = Congruence(period: segment, phase: 0)
        let own = Zone(queries: queries, keys: 0..<tokens, distances: 0..<1)
        if segment == 1 { return ZoneSum([Zone(queries: queries, keys: 0..<tokens)]) }
        var counted = own
        counted.queryComb = firsts
        counted.weight = -1
        return ZoneSum([
            own, counted, Zone(queries: queries, keys: 0..<tokens, queryComb: firsts, keyComb: firsts),
        ])
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if step == 1 { return .sameBlock("segment", query: query, key: key, size: segment) }
        if query % segment == 0, key % segment == 0 {
            return VisibilityReason(.global, say("kept: query and key are the first tokens of their segments"))
        }
        return query == key
            ? VisibilityReason(.window, say("kept: the query is not the first of its segment and skips the layer"))
            : VisibilityReason(.outside, say("blocked: only the first tokens of segments see each other"))
    }
}

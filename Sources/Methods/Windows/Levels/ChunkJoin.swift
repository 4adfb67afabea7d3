import RopewalkPhrases

/// Parts of a text that are read alone in most layers, and joined in the last ones.
package struct ChunkJoin: ZonedWindow, PartedMethod, Equatable {
    package static let description = MethodDescription(
        name: "chunk-join", family: .window, title: "Parts read alone, then joined",
        summary:
            "The text is cut into parts that are encoded alone, each without the others, and the last layers join them: "
            + "there every token sees all parts.",
        source:
            "a rule from practice (sub-sequences encoded alone and joined) without a paper that is known; nearest is "
            + "Pappagari et al., Hierarchical Transformers for Long Document Classification, 2019 (arXiv 1910.10781), with "
            + "parts of 200 tokens, which are joined by their first tokens alone there",
        parameters: [
            .tokens("size", "length of a part, where tokens are counted", default: 200),
            .count("joined", "last layers, which see all parts", unit: "layers", default: 1, from: 0),
            .kind(
                "unit", "what is a part: so many tokens, or those of the text", of: ["tokens", "sentence", "paragraph"]),
        ],
        flops: "2·N·size·d a head in layers that read parts alone, 2·N²·d in those that join",
        memory: "2·N·d numbers a key/value head")

    package let size: Int
    package let joined: Int
    package let unit: TextUnit?
    package let borders: PartBorders?

    package init(size: Int, joined: Int = 1, unit: TextUnit? = nil, borders: PartBorders? = nil) {
        self.size = size
        self.joined = joined
        self.unit = unit
        self.borders = borders
    }

    package init(values: [Double]) {
        self.init(size: Int(values[0]), joined: Int(values[1]), unit: TextUnit(rawValue: Int(values[2]) - 1))
    }
    package var values: [Double] { [Double(size), Double(joined), unit.map { Double($0.rawValue + 1) } ?? 0] }

    package var identity: String { borders.map { "\(spec)#\($0.fingerprint)" } ?? spec }

    package func with(_ borders: PartBorders?) -> ChunkJoin {
        ChunkJoin(size: size, joined: joined, unit: unit, borders: borders)
    }

    package func problem(tokens: Int) -> String? { missingBorders }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        place.layer < place.layers - joined ? self : nil
    }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        unit == nil
            ? .chunks(size: size, isCausal: false, queries: queries, tokens: tokens)
            : .stretches(borders?.starts ?? [0], isCausal: false, queries: queries, tokens: tokens)
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        guard unit != nil else { return .sameBlock("part", query: query, key: key, size: size) }
        let (own, other) = (borders?.part(of: query) ?? 0, borders?.part(of: key) ?? 0)
        return own == other
            ? VisibilityReason(.block, say("kept: query and key are in part \(own.grouped)"))
            : VisibilityReason(
                .outside, say("blocked: the query is in part \(own.grouped), the key in \(other.grouped)"))
    }
}

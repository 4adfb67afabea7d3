import RopewalkPhrases

/// Groups of tokens; for half of the heads they are shifted by half a group.
package struct ShiftedGroups: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "longlora", family: .window, title: "LongLoRA shifted sparse attention",
        summary: "Every token sees its group up to itself; half of the heads have groups shifted by half a group.",
        source: "Chen et al., LongLoRA, 2023 (arXiv 2309.12307), group N/4; for training only",
        parameters: [
            .tokens("group", "length of a group; 0 for a quarter of the text", default: 0, from: 0),
            ParameterDescription(
                "half", meaning: "without a head: 1 for the plain half of the heads, 2 for the shifted one", default: 2,
                range: 1...2, isInteger: true),
            .choice(
                "wrap",
                "1: the first and the last half group are one, which leaks the future (the paper): a mask to look at, which "
                    + "no decoder runs", default: 0),
        ],
        flops: "2·N·group·d a head", memory: "2·N·d numbers a key/value head (training)")

    package let group: Int
    package let half: Int
    package let wraps: Bool

    package init(group: Int, half: Int = 2, wraps: Bool = false) {
        self.group = group
        self.half = half
        self.wraps = wraps
    }

    package init(values: [Double]) { self.init(group: Int(values[0]), half: Int(values[1]), wraps: values[2] == 1) }
    package var values: [Double] { [Double(group), Double(half), wraps ? 1 : 0] }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        ShiftedGroups(group: group, half: 2 * place.head < place.heads ? 1 : 2, wraps: wraps)
    }

    private func length(_ tokens: Int) -> Int { group > 0 ? group : max(1, tokens / 4) }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        let size = length(tokens)
        guard half == 2, !queries.isEmpty else { return .chunks(size: size, queries: queries, tokens: tokens) }
        if wraps { return wrapped(size: size, queries: queries, tokens: tokens) }
        // Group i of the shifted ones begins at i · size − shift.
        let shift = size / 2
        let groups = (queries.lowerBound + shift) / size...(queries.upperBound - 1 + shift) / size
        return ZoneSum(
            groups.map { index in
                let group = (index * size - shift..<(index + 1) * size - shift).clamped(to: 0..<tokens)
                return Zone(queries: group.clamped(to: queries), keys: group, distances: Zone.distances(from: 0))
            })
    }

    /// Tokens in the order that begins at size / 2 and wraps around: what stands at 0 is at the end there.
    private func wrapped(size: Int, queries: Range<Int>, tokens: Int) -> ZoneSum {
        let roll = (size / 2) % tokens
        let causal = Zone.distances(from: 0)
        var all: [Zone] = []
        let ends = tokens - roll
        for index in 0..<(tokens + size - 1) / size {
            let rolled = index * size..<min((index + 1) * size, tokens)
            let late = rolled.clamped(to: 0..<ends)
            let early = rolled.clamped(to: ends..<tokens)
            let a = late.lowerBound + roll..<late.upperBound + roll
            let b = early.lowerBound - ends..<early.upperBound - ends
            guard a.overlaps(queries) || b.overlaps(queries) else { continue }
            all.append(Zone(queries: a.clamped(to: queries), keys: a, distances: causal))
            all.append(Zone(queries: b.clamped(to: queries), keys: b, distances: causal))
            all.append(Zone(queries: b.clamped(to: queries), keys: a))
        }
        return ZoneSum(all)
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        let size = length(tokens)
        if half == 2, wraps { return wrappedReason(query: query, key: key, size: size, tokens: tokens) }
        if key > query { return .future(query: query, key: key) }
        let shift = half == 2 ? size / 2 : 0
        let (own, other) = ((query + shift) / size, (key + shift) / size)
        return Self.reason(own, other)
    }

    private func wrappedReason(query: Int, key: Int, size: Int, tokens: Int) -> VisibilityReason {
        let (a, b) = ((query - size / 2).modulo(tokens), (key - size / 2).modulo(tokens))
        if a / size == b / size, b > a {
            return VisibilityReason(.future, say("blocked: after the query in the shifted order"))
        }
        return Self.reason(a / size, b / size)
    }

    private static func reason(_ own: Int, _ other: Int) -> VisibilityReason {
        own == other
            ? VisibilityReason(.block, say("kept: query and key are in group \(own.grouped)"))
            : VisibilityReason(
                .outside, say("blocked: the query is in group \(own.grouped), the key in \(other.grouped)"))
    }
}

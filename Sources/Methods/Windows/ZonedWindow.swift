import RopewalkPhrases

/// A window that is a sum of zones in every text; the keys of a query follow from them.
protocol ZonedWindow: WindowMethod {
    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum
}

extension ZonedWindow {
    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? { sum(of: queries, tokens: tokens) }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        KeyRanges(sum(of: query..<query + 1, tokens: tokens), query: query)
    }
}

extension ParameterDescription {
    /// A number of tokens.
    static func tokens(_ name: String, _ meaning: String, default defaultValue: Double, from lowest: Double = 1) -> Self
    {
        ParameterDescription(
            name, meaning: meaning, unit: "tokens", default: defaultValue, range: lowest...1_073_741_824,
            isInteger: true)
    }

    /// A choice between 0, 1 ... `last`.
    static func choice(_ name: String, _ meaning: String, default defaultValue: Double, to last: Double = 1) -> Self {
        ParameterDescription(name, meaning: meaning, default: defaultValue, range: 0...last, isInteger: true)
    }
}

extension ListDescription {
    /// A list of token indices or of numbers of tokens.
    static func tokens(_ name: String, _ meaning: String, from lowest: Double = 0) -> Self {
        ListDescription(name, meaning: meaning, unit: "tokens", range: lowest...1_073_741_824, isInteger: true)
    }
}

extension ZoneSum {
    /// Chunks of `size` tokens, each of which sees itself and `back` chunks before it.
    static func chunks(
        size: Int, back: Int = 0, isCausal: Bool = true, queries: Range<Int>, tokens: Int
    ) -> ZoneSum {
        guard !queries.isEmpty else { return ZoneSum() }
        if size == 1 {
            return ZoneSum([Zone(queries: queries, keys: 0..<tokens, distances: 0..<min(Zone.far, back + 1))])
        }
        let distances = isCausal ? Zone.distances(from: 0) : -Zone.far..<Zone.far
        return ZoneSum(
            (queries.lowerBound / size...(queries.upperBound - 1) / size).map { chunk in
                let end = (chunk + 1) * size
                return Zone(
                    queries: (chunk * size..<end).clamped(to: queries),
                    keys: max(0, (chunk - back) * size)..<min(end, tokens), distances: distances)
            })
    }

    /// Stretches of tokens that begin at `starts` (the first at 0, ascending), each of which sees only itself.
    static func stretches(
        _ starts: [Int], isCausal: Bool, queries: Range<Int>, tokens: Int
    ) -> ZoneSum {
        let distances = isCausal ? Zone.distances(from: 0) : -Zone.far..<Zone.far
        return ZoneSum(
            starts.indices.compactMap { index in
                let end = index + 1 < starts.count ? starts[index + 1] : tokens
                guard starts[index] < min(end, tokens) else { return nil }
                let stretch = starts[index]..<min(end, tokens)
                return Zone(queries: stretch.clamped(to: queries), keys: stretch, distances: distances)
            })
    }
}

extension Array where Element == Int {
    /// The index of the last start that is not after `token`; the starts ascend, and the first is 0.
    func stretch(of token: Int) -> Int { Swift.max(0, partitionPoint { $0 > token } - 1) }
}

extension VisibilityReason {
    /// Query and key lie in blocks that see each other, or not: "own chunk: ⌊9 / 4⌋ = ⌊8 / 4⌋ = 2".
    static func sameBlock(_ name: String, query: Int, key: Int, size: Int) -> VisibilityReason {
        let (a, b) = (query / size, key / size)
        return a == b
            ? VisibilityReason(
                .block, say("kept: query and key are in \(name.said) \(a.grouped) of \(size.grouped) tokens"))
            : VisibilityReason(
                .outside,
                say("blocked: the query is in \(name.said) \(a.grouped), the key in \(name.said) \(b.grouped)"))
    }
}

import RopewalkPhrases

/// Tokens that no other token reads: `ablate:tokens=3/17`. They are read themselves, and read others.
package struct LeftOutTokens: WindowMethod, Equatable {
    package static var description: MethodDescription { Ablation.description }

    /// Ascending, each once.
    package let tokens: [Int]

    package init(tokens: [Int]) { self.tokens = Array(Set(tokens)).sorted() }
    package init(values: [Double]) { self.init(tokens: []) }
    package init(values: [Double], lists: [[Double]]) { self.init(tokens: (lists.last ?? []).map { Int($0) }) }

    package var values: [Double] { [] }
    package var lists: [[Double]] { [[], [], [], tokens.map(Double.init)] }

    package func problem(tokens count: Int) -> String? {
        // Before a text is read it is not known how long it is.
        guard let last = tokens.last, count > 0, last >= count else { return nil }
        return say(
            "\(Self.description.name): tokens=\(last) is not there: the text has tokens 0 to \((count - 1).grouped)"
        )
    }

    package func visibleKeys(query: Int, tokens count: Int) -> KeyRanges {
        var ranges: [Range<Int>] = []
        var start = 0
        for token in tokens where token != query && token < count {
            if start < token { ranges.append(start..<token) }
            start = token + 1
        }
        if start < count { ranges.append(start..<count) }
        return KeyRanges(ranges)
    }

    package func zones(of queries: Range<Int>, tokens count: Int) -> ZoneSum? {
        let own = tokens.filter { $0 < count }.flatMap { token in
            // All but the pair of the token with itself.
            [1..<Zone.far, -Zone.far..<0].map {
                Zone(queries: queries, keys: token..<token + 1, distances: $0, weight: -1)
            }
        }
        return ZoneSum([Zone(queries: queries, keys: 0..<count)] + own)
    }

    package func reason(query: Int, key: Int, tokens count: Int) -> VisibilityReason {
        tokens.contains(key) && key != query
            ? VisibilityReason(.outside, say("left out: no other token reads \(key.grouped)"))
            : VisibilityReason(.visible, say("kept: \(key.grouped) is not left out"))
    }
}

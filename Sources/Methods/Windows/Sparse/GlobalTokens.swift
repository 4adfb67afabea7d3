import RopewalkPhrases

/// Some tokens that see all and are seen by all, and nothing else: to be joined with another mask.
package struct GlobalTokens: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "global-tokens", family: .window, title: "Global tokens",
        summary:
            "A few tokens see all and are seen by all; others see themselves beside these. Joined with another mask by + "
            + "it gives this mask global tokens.",
        source:
            "Beltagy et al., Longformer, 2020 (arXiv 2004.05150) and Ainslie et al., ETC, 2020 (arXiv 2004.08483), which "
            + "choose tokens by the task",
        lists: [.tokens("globals", "global tokens")],
        flops: "4·N·(1 + 2·globals)·d a head", memory: "2·N·d numbers a key/value head")

    package let globals: [Int]
    private let ranges: KeyRanges

    package init(_ globals: [Int]) {
        self.globals = globals
        ranges = KeyRanges(globals.map { $0..<$0 + 1 })
    }

    package init(values: [Double]) { self.init([]) }
    package init(values: [Double], lists: [[Double]]) { self.init(lists[0].map { Int($0) }) }
    package var values: [Double] { [] }
    package var lists: [[Double]] { [globals.map(Double.init)] }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        let keys = ranges.intersection(0..<tokens)
        let rows = ranges.intersection(queries).ranges.map { Zone(queries: $0, keys: 0..<tokens) }
        let others = KeyRanges(queries).subtracting(ranges).ranges.flatMap { part in
            keys.ranges.map { Zone(queries: part, keys: $0) }
                + [Zone(queries: part, keys: 0..<tokens, distances: 0..<1)]
        }
        return ZoneSum(rows + others)
    }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        if ranges.contains(query) { return KeyRanges(0..<tokens) }
        return ranges.union(KeyRanges(query..<query + 1)).intersection(0..<tokens)
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if ranges.contains(key) { return VisibilityReason(.global, say("kept: key \(key.grouped) is global")) }
        if ranges.contains(query) {
            return VisibilityReason(.global, say("kept: query \(query.grouped) is global and sees all"))
        }
        return query == key
            ? VisibilityReason(.window, say("kept: every token sees itself"))
            : VisibilityReason(.outside, say("blocked: neither query nor key is a global token"))
    }
}

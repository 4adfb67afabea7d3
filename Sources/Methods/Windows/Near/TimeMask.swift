import RopewalkPhrases

/// In long texts only the first tokens are seen.
package struct TimeMask: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "time", family: .window, title: "Time mask for long inputs",
        summary: "In texts over a threshold every token sees only the first tokens, in shorter ones all before it.",
        source: "without a paper that is known: a rule from practice, threshold 500 and keep 256",
        parameters: [
            .tokens("threshold", "longest text that is left alone", default: 500, from: 0),
            .tokens("keep", "first tokens that longer texts see", default: 256),
            .choice("self", "1: every token sees itself too", default: 0),
        ],
        flops: "4·N·keep·d a head", memory: "2·keep·d numbers a key/value head")

    package let threshold: Int
    package let keep: Int
    package let seesSelf: Bool

    package init(threshold: Int, keep: Int, seesSelf: Bool = false) {
        self.threshold = threshold
        self.keep = keep
        self.seesSelf = seesSelf
    }

    package init(values: [Double]) {
        self.init(threshold: Int(values[0]), keep: Int(values[1]), seesSelf: values[2] == 1)
    }
    package var values: [Double] { [Double(threshold), Double(keep), seesSelf ? 1 : 0] }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        let seen = tokens > threshold ? min(keep, tokens) : tokens
        let first = Zone(queries: queries, keys: 0..<seen, distances: Zone.distances(from: 0))
        return ZoneSum(seesSelf ? [first, Zone(queries: queries, keys: seen..<tokens, distances: 0..<1)] : [first])
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        if tokens <= threshold {
            return VisibilityReason(
                .visible, say("kept: a text of \(tokens.grouped) ≤ threshold \(threshold.grouped) tokens is left alone")
            )
        }
        if key < keep { return VisibilityReason(.sink, say("kept: \(key.grouped) < keep \(keep.grouped)")) }
        if seesSelf, key == query { return VisibilityReason(.window, say("kept: every token sees itself")) }
        return VisibilityReason(
            .outside,
            say("blocked: \(key.grouped) ≥ keep \(keep.grouped), and the text is over \(threshold.grouped) tokens")
        )
    }
}

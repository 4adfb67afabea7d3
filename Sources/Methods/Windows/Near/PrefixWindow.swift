import RopewalkPhrases

/// A prefix that is read in both directions, and the rest, which is read forwards.
package struct PrefixWindow: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "prefix", family: .window, title: "Prefix language model",
        summary: "The first tokens see each other in both directions; every other token sees all before it.",
        source: "Raffel et al., Exploring the Limits of Transfer Learning (T5), 2019 (arXiv 1910.10683), section 3.2; "
            + "length is ours",
        parameters: [.tokens("length", "tokens of the prefix", default: 128, from: 0)],
        flops: "2·(N² + length²)·d a head", memory: "2·N·d numbers a key/value head")

    package let length: Int

    package init(length: Int) { self.length = length }
    package init(values: [Double]) { self.init(length: Int(values[0])) }
    package var values: [Double] { [Double(length)] }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        ZoneSum([
            Zone(queries: queries, keys: 0..<tokens, distances: Zone.distances(from: 0)),
            Zone(queries: queries, keys: 0..<min(length, tokens), distances: -Zone.far..<0),
        ])
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key < length {
            return VisibilityReason(.sink, say("kept: \(key.grouped) is in the prefix of \(length.grouped)"))
        }
        return Causal().reason(query: query, key: key, tokens: tokens)
    }
}

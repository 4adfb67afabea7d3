/// One layer's queries, keys and values, as a selection may look at them.
///
/// Queries and keys are turned as the scenario turns them, so that their products are the model's scores, but for what
/// it adds to them (ALiBi). Where it scores near and far keys in several ways, pieces tell them apart.
package protocol LayerStates {
    /// Tokens that are there: keys and queries 0..<tokens. During a run it grows.
    var tokens: Int { get }
    var heads: Int { get }
    /// Query head h reads key head h / (heads / keyHeads).
    var keyHeads: Int { get }
    var dimension: Int { get }
    /// Ways in which pairs are scored (near and far keys, chunks), at least 1.
    var pieces: Int { get }
    /// The keys that a query scores in one of these ways, one stretch; those of all ways are disjoint.
    func keys(of query: Int, piece: Int) -> Range<Int>
    /// A query as it meets the keys of a piece. [dimension]
    func query(_ token: Int, head: Int, piece: Int) -> [Float]
    /// A stretch of keys as a piece has them. [keys.count, dimension]
    func keys(_ keys: Range<Int>, keyHead: Int, piece: Int) -> [Float]
    /// A query as if it stood at a place; at 0 it is not turned. [dimension]
    func query(_ token: Int, head: Int, at place: Int) -> [Float]
    /// Keys as if the first stood at a place and the others after it; all at this place where they do not move on.
    /// [keys.count, dimension]
    func keys(_ keys: Range<Int>, keyHead: Int, at place: Int, movingOn: Bool) -> [Float]
    /// Multiplies the product of a query with its keys: 1/√d, but for models and methods with a scale of their own.
    func scale(of query: Int) -> Double
    /// [dimension]
    func value(_ token: Int, keyHead: Int) -> [Float]
    /// q·k/√d of a query with a stretch of keys, which may lie after it. [keys.count]
    func scores(query: Int, head: Int, keys: Range<Int>) -> [Float]
    /// The same with keys that are not one stretch, in ascending order. [keys.count]
    func scores(query: Int, head: Int, keys: KeyRanges) -> [Float]
    /// The same where some of the keys are taken to stand elsewhere, as the selection asked says (`keyPeriod`). [keys.count]
    func scores(query: Int, head: Int, keys: KeyRanges, places: [PlacedKeys]) -> [Float]
    /// The states of a lower layer of the same run over the same text; nil where they are not at hand.
    func states(ofLayer layer: Int) -> (any LayerStates)?
}

extension LayerStates {
    package func scores(query: Int, head: Int, keys: KeyRanges) -> [Float] {
        if keys.ranges.count == 1, let range = keys.ranges.first {
            return scores(query: query, head: head, keys: range)
        }
        var result: [Float] = []
        result.reserveCapacity(keys.count)
        for range in keys.ranges { result += scores(query: query, head: head, keys: range) }
        return result
    }

    /// Queries in a row as they meet the nearest keys. [queries.count, dimension]
    func queries(_ queries: Range<Int>, head: Int) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(queries.count * dimension)
        for token in queries { result += query(token, head: head, piece: 0) }
        return result
    }

    package func states(ofLayer layer: Int) -> (any LayerStates)? { nil }

    /// Query heads that read one key head.
    var groupSize: Int { max(1, heads / max(1, keyHeads)) }

    func keyHead(of head: Int) -> Int { head / groupSize }

    /// The query heads that read the same key head as `head`.
    func group(of head: Int) -> Range<Int> {
        let first = keyHead(of: head) * groupSize
        return first..<min(first + groupSize, heads)
    }
}
